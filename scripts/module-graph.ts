import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** `names`: the imported names; `all`: the whole module is imported. */
type Import = { specifier: string; line: number; names: readonly string[] | 'all' };
export type Module = {
  file: string;
  exports: readonly { name: string; line: number }[];
  imports: readonly Import[];
};

const statement = /^(?:import|export)\s+(?:type\s+)?([^'";]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'|new URL\(\s*'([^']+\.ts)',\s*import\.meta\.url/g;
const declaration =
  /^export\s+(?:declare\s+)?(?:async\s+)?(?:const|let|function\*?|class|type|interface|enum)\s+([\w$]+)/gm;
const list = /^export\s+(?:type\s+)?\{([^}]*)\}(?!\s*from)/gm;

const lineOf = (source: string, index: number): number => source.slice(0, index).split('\n').length;

/** The names in `a, type b, c as d`; for a renamed one the first, or the second with `last`. */
const namesIn = (text: string, last = false): string[] =>
  text.split(',').flatMap((part) => {
    const names = part
      .replace(/\/\/.*$/gm, '')
      .trim()
      .replace(/^type\s+/, '')
      .split(/\s+as\s+/);
    const name = last ? names.at(-1) : names[0];
    return name ? [name] : [];
  });

const importedNames = (clause: string): Import['names'] => {
  const braces = /\{([^}]*)\}/.exec(clause);
  return clause.includes('*') || !braces ? 'all' : namesIn(braces[1] ?? '');
};

/** A TypeScript module as formatted in this project: statements start their lines, strings have single quotes. */
export const readModule = (file: string, source: string): Module => {
  const static_ = [...source.matchAll(statement)].map(
    ({ 1: clause = '', 2: from, 3: effect, index }): Import => ({
      specifier: from ?? effect ?? '',
      line: lineOf(source, index),
      names: from === undefined ? [] : importedNames(clause),
    }),
  );
  const late = [...source.matchAll(dynamic)].map(
    ({ 1: called, 2: url, index }): Import => ({
      specifier: called ?? url ?? '',
      line: lineOf(source, index),
      names: 'all',
    }),
  );
  const declared = [...source.matchAll(declaration)].map(({ 1: name = '', index }) => ({ name, index }));
  const listed = [...source.matchAll(list)].flatMap(({ 1: names = '', index }) =>
    namesIn(names, true).map((name) => ({ name, index })),
  );
  const exports = [...declared, ...listed].map(({ name, index }) => ({ name, line: lineOf(source, index) }));
  return { file, exports, imports: [...static_, ...late] };
};

/** The project file that a relative specifier names; null for a package. */
export const targetOf = (file: string, specifier: string): string | null =>
  specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : null;

/** Every module of the project under `root`. */
export const readModules = (root = '.'): Module[] =>
  globSync('{lib,functions,cli,console,local,scripts,bench,test,infra}/**/*.{ts,mjs}', { cwd: root })
    .concat('vitest.config.ts')
    .sort()
    .map((file) => readModule(file, readFileSync(join(root, file), 'utf8')));
