import { describe, expect, it } from 'vitest';
import { deadExports } from '../../scripts/dead-exports.ts';
import { readModule, readModules } from '../../scripts/module-graph.ts';

const modulesOf = (sources: Record<string, string>) =>
  Object.entries(sources).map(([file, source]) => readModule(file, source));

describe('an export is dead', () => {
  it.each([
    ['a constant', 'export const a = 1;'],
    ['a function', 'export async function a() {}'],
    ['a type', 'export type a = 1;'],
    ['a name in a list', 'const b = 1;\nexport { b as a };'],
  ])('when it is %s that no other file imports', (_, source) => {
    expect(deadExports(modulesOf({ 'lib/a.ts': source, 'lib/b.ts': "import './a.ts';\n" }))).toEqual([
      expect.stringMatching(/^lib\/a\.ts:\d a$/),
    ]);
  });

  it('when another file only has a name like it', () => {
    const other = "import { a } from '../other/a.ts';\nimport { b } from './a.ts';\n";

    expect(
      deadExports(modulesOf({ 'lib/a.ts': 'export const a = 1;\nexport const b = 2;', 'lib/c.ts': other })),
    ).toEqual(['lib/a.ts:1 a']);
  });
});

describe('an export is alive', () => {
  it.each([
    ['imported by name', "import { a } from '../lib/a.ts';"],
    ['imported under another name', "import {\n  b,\n  type a as c, // why\n} from '../lib/a.ts';"],
    ['imported as a type', "import type { a } from '../lib/a.ts';"],
    ['handed on', "export { a } from '../lib/a.ts';"],
    ['imported with all others', "import * as all from '../lib/a.ts';"],
    ['imported late', "const all = await import('../lib/a.ts');"],
    ['a file of a thread', "new Worker(new URL('../lib/a.ts', import.meta.url));"],
  ])('when it is %s', (_, importer) => {
    expect(deadExports(modulesOf({ 'lib/a.ts': 'export const a = 1;', 'test/b.ts': importer }))).toEqual([]);
  });

  it('when Lambda calls it', () => {
    expect(deadExports(modulesOf({ 'functions/a.ts': 'export const handler = 1;' }))).toEqual([]);
  });
});

it('reads the modules of this project', () => {
  const files = readModules().map(({ file }) => file);

  expect(files).toEqual(expect.arrayContaining(['functions/create-draft.ts', 'vitest.config.ts']));
});
