import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../../lib/adapters/feeds/parse-feed.ts';
import { AppError } from '../../../lib/core/errors.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/feeds');

/** The parsed feed or the error, in the format of the fixture's JSON twin. */
const outcomeOf = async (bytes: Uint8Array): Promise<unknown> => {
  try {
    return await parseFeed({ bytes, contentType: null, url: 'https://publisher.example/blog/feed.xml' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { error: { kind: error.kind, code: error.code, message: error.message } };
  }
};

describe('every fixture is parsed as its JSON twin expects', () => {
  const documents = readdirSync(FIXTURES).filter((name) => extname(name) !== '.json');

  test.each(documents)('%s', async (name) => {
    const twin = join(FIXTURES, `${basename(name, extname(name))}.json`);
    const expected: unknown = JSON.parse(readFileSync(twin, 'utf8'));

    const outcome = await outcomeOf(readFileSync(join(FIXTURES, name)));

    expect(outcome).toEqual(expected);
  });
});
