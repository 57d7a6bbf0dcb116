import { type Module, readModules, targetOf } from './module-graph.ts';

// Part of `npm run check`: finds import cycles, including those of types, because files in a cycle can only be
// understood, moved and tested together.

/** Import cycles, each as a path from a file back to itself; at least one if there are any. */
export const importCycles = (modules: readonly Module[]): string[][] => {
  const imported = new Map(
    modules.map(({ file, imports }) => [
      file,
      imports.flatMap(({ specifier }) => targetOf(file, specifier) ?? []),
    ]),
  );
  const done = new Set<string>();
  const cyclesFrom = (file: string, way: readonly string[]): string[][] => {
    if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file]];
    if (done.has(file)) return [];
    const found = (imported.get(file) ?? []).flatMap((next) => cyclesFrom(next, [...way, file]));
    done.add(file);
    return found;
  };
  return modules.flatMap(({ file }) => cyclesFrom(file, []));
};

if (import.meta.main) {
  const cycles = importCycles(readModules());
  for (const files of cycles) process.stderr.write(`${files.join(' → ')} is an import cycle\n`);
  process.exitCode = cycles.length > 0 ? 1 : 0;
}
