import { type Module, readModules, targetOf } from './module-graph.ts';

// A part of `npm run check`: no file imports itself through others, not even for a type alone, because files in a
// cycle can only be read, moved and tested together.

/** Circles of imports, each as the files on the way from one back to itself; at least one where there are any. */
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
  for (const files of cycles) process.stderr.write(`${files.join(' → ')} is a circle of imports\n`);
  process.exitCode = cycles.length > 0 ? 1 : 0;
}
