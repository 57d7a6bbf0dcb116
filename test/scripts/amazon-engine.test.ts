import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNoJava } from '../../scripts/amazon-engine.ts';

const root = join(import.meta.dirname, '../..');

describe('Java for Amazon’s engine', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', null],
    ['openjdk version "21" 2023-09-19', null],
    ['java version "1.8.0_401"', /newer Java than 8\. Install Java 17/],
    ['openjdk version "11.0.2" 2019-01-15', /newer Java than 11\. Install Java 17/],
  ])('%j is %s', (printed, expected) => {
    const why = whyNoJava(() => printed);

    expect(expected === null ? why : (why ?? '').match(expected) && null).toBeNull();
  });

  it('is named with the way to install it if it is missing', () => {
    const why = whyNoJava(() => {
      throw new Error('spawn java ENOENT');
    });

    expect(why).toMatch(/^.*no command java\. Install Java 17 or later.*$/);
  });
});

it('npm run test:engine runs test files that exist', () => {
  const script = readFileSync(join(root, 'scripts/test-engine.ts'), 'utf8');
  const files = [...script.matchAll(/'(test\/[^']+)'/g)].map(([, file]) => file as string);

  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
