import { type Module, readModules, targetOf } from './module-graph.ts';

// Part of `npm run check`: finds exports that no other file imports.

/** Exports that are used by name without an import. */
const entryPoints: readonly [file: RegExp, name: RegExp][] = [
  [/^functions\//, /^handler$/], // Lambda
  [/^bench\/[^/]+\.ts$/, /^bench$/], // bench/run.ts
  [/^bench\/peers\//, /./], // bench/support/child-host.ts
  [/^scripts\/(?:lambda-credentials|no-[a-z-]+)\.ts$/, /./], // bundled in place of a package
  [/^test\/webhooks\/cases\//, /^cases$/], // test/webhooks/signers.ts, by the name of a source
  [/^test\/support\/score-parse\.ts$/, /^parse$/], // scores of other tools
  [/./, /^default$/],
];

const isEntryPoint = (file: string, name: string): boolean =>
  entryPoints.some(([files, names]) => files.test(file) && names.test(name));

/** Exports that no other file imports, as `file:line name`. */
export const deadExports = (modules: readonly Module[]): string[] => {
  const used = new Map<string, Set<string>>();
  for (const { file, imports } of modules)
    for (const { specifier, names } of imports) {
      const target = targetOf(file, specifier);
      if (target === null) continue;
      const known = used.get(target) ?? new Set();
      for (const name of names === 'all' ? ['*'] : names) known.add(name);
      used.set(target, known);
    }
  return modules.flatMap(({ file, exports }) => {
    const names = used.get(file) ?? new Set();
    return exports
      .filter(({ name }) => !names.has('*') && !names.has(name) && !isEntryPoint(file, name))
      .map(({ name, line }) => `${file}:${line} ${name}`);
  });
};

if (import.meta.main) {
  const dead = deadExports(readModules());
  for (const one of dead) process.stderr.write(`${one} is exported, and no other file imports it\n`);
  process.exitCode = dead.length > 0 ? 1 : 0;
}
