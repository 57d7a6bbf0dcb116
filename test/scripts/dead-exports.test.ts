import { describe, expect, it } from 'vitest';
import { deadExports } from '../../scripts/dead-exports.ts';
import { readModule, readModules } from '../../scripts/module-graph.ts';

const modulesOf = (sources: Record<string, string>) =>
  Object.entries(sources).map(([file, source]) => readModule(file, source));

describe('an unused export', () => {
  it.each([
    ['a constant', 'export const a = 1;'],
    ['a function', 'export async function a() {}'],
    ['a type', 'export type a = 1;'],
    ['a name in a list', 'const b = 1;\nexport { b as a };'],
  ])('is %s that no other file imports', (_, source) => {
    expect(deadExports(modulesOf({ 'lib/a.ts': source, 'lib/b.ts': "import './a.ts';\n" }))).toEqual([
      expect.stringMatching(/^lib\/a\.ts:\d a$/),
    ]);
  });

  it('is one whose name is only imported from elsewhere', () => {
    const other = "import { a } from '../other/a.ts';\nimport { b } from './a.ts';\n";

    expect(
      deadExports(modulesOf({ 'lib/a.ts': 'export const a = 1;\nexport const b = 2;', 'lib/c.ts': other })),
    ).toEqual(['lib/a.ts:1 a']);
  });
});

describe('a used export', () => {
  it.each([
    ['imported by name', "import { a } from '../lib/a.ts';"],
    ['imported under another name', "import {\n  b,\n  type a as c, // why\n} from '../lib/a.ts';"],
    ['imported as a type', "import type { a } from '../lib/a.ts';"],
    ['exported again', "export { a } from '../lib/a.ts';"],
    ['imported with a namespace', "import * as all from '../lib/a.ts';"],
    ['imported dynamically', "const all = await import('../lib/a.ts');"],
    ['the file of a worker thread', "new Worker(new URL('../lib/a.ts', import.meta.url));"],
  ])('is %s', (_, importer) => {
    expect(deadExports(modulesOf({ 'lib/a.ts': 'export const a = 1;', 'test/b.ts': importer }))).toEqual([]);
  });

  it('is a Lambda handler', () => {
    expect(deadExports(modulesOf({ 'functions/a.ts': 'export const handler = 1;' }))).toEqual([]);
  });
});

it('reads the modules of this project', () => {
  const files = readModules().map(({ file }) => file);

  expect(files).toEqual(expect.arrayContaining(['functions/create-draft.ts', 'vitest.config.ts']));
});
