import { describe, expect, it } from 'vitest';
import { importCycles } from '../../scripts/import-cycles.ts';
import { readModule, readModules } from '../../scripts/module-graph.ts';

const cyclesOf = (sources: Record<string, string>) =>
  importCycles(Object.entries(sources).map(([file, source]) => readModule(file, source)));

describe('a circle of imports', () => {
  it.each([
    ['values', "import { b } from './b.ts';", "import { a } from './a.ts';"],
    ['types', "import type { B } from './b.ts';", "import { type A } from './a.ts';"],
    ['what is passed on', "export { b } from './b.ts';", "export type { A } from './a.ts';"],
    ['what is loaded later', "const b = () => import('./b.ts');", "import './a.ts';"],
  ])('is found between two files that take %s from each other', (_, a, b) => {
    expect(cyclesOf({ 'lib/a.ts': a, 'lib/b.ts': b })).toEqual([['lib/a.ts', 'lib/b.ts', 'lib/a.ts']]);
  });

  it('is reported without the imports that lead to it', () => {
    const sources = {
      'lib/a.ts': "import './x/b.ts';",
      'lib/x/b.ts': "import '../c.ts';",
      'lib/c.ts': "import './x/b.ts';",
    };

    expect(cyclesOf(sources)).toEqual([['lib/x/b.ts', 'lib/c.ts', 'lib/x/b.ts']]);
  });

  it('does not include two paths to one file', () => {
    const sources = {
      'lib/a.ts': "import './b.ts';\nimport './c.ts';",
      'lib/b.ts': "import './d.ts';",
      'lib/c.ts': "import './d.ts';",
      'lib/d.ts': "import 'valibot';",
    };

    expect(cyclesOf(sources)).toEqual([]);
  });

  it('is nowhere in this project', () => expect(importCycles(readModules())).toEqual([]));
});
