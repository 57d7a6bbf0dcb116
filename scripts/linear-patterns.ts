import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type AnyNode, type Comment, parse } from 'acorn';
import { analyse } from 'scslre';

// Part of `npm run check`: regular expressions in deployed code must take linear time. scslre finds patterns that a run
// of one character makes slow, which is the kind that has occurred here; it does not find every slow pattern. A pattern
// with bounded input has a comment above it: `// bounded: at most 100 characters`. So does a pattern that is built at
// run time, because it cannot be checked here.

type Fault = { file: string; line: number; pattern: string; why: string };

/** Every node of a syntax tree. */
function* nodesOf(value: unknown): Generator<AnyNode> {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  if ('type' in value && typeof value.type === 'string') yield value as AnyNode;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

const slowness = (source: string, flags: string): string | null => {
  const { reports } = analyse({ source, flags });
  if (reports.length === 0) return null;
  return reports.some(({ exponential }) => exponential) ? 'takes exponential time' : 'takes quadratic time';
};

const isMade = (node: AnyNode): boolean =>
  (node.type === 'NewExpression' || node.type === 'CallExpression') &&
  node.callee.type === 'Identifier' &&
  node.callee.name === 'RegExp';

const faultOf = (node: AnyNode, code: string): Pick<Fault, 'pattern' | 'why'> | null => {
  if (isMade(node)) return { pattern: code.slice(node.start, node.end), why: 'is built at run time' };
  if (node.type !== 'Literal' || !node.regex) return null;
  const why = slowness(node.regex.pattern, node.regex.flags);
  return why === null ? null : { pattern: `/${node.regex.pattern}/${node.regex.flags}`, why };
};

/** The lines covered by a `bounded` comment: its own and the next one. */
const boundedLines = (comments: readonly Comment[]): ReadonlySet<number> =>
  new Set(
    comments
      .filter(({ value }) => /^\s*bounded: \S/.test(value))
      .flatMap(({ loc }) => (loc ? [loc.end.line, loc.end.line + 1] : [])),
  );

/** The slow patterns of a file; `source` is TypeScript. */
export const slowPatterns = (file: string, source: string): Fault[] => {
  const code = stripTypeScriptTypes(source); // keeps line numbers
  const onComment: Comment[] = [];
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, onComment });
  const bounded = boundedLines(onComment);
  return [...nodesOf(tree)].flatMap((node) => {
    const fault = faultOf(node, code);
    const line = node.loc?.start.line ?? 0;
    return fault === null || bounded.has(line) ? [] : [{ file, line, ...fault }];
  });
};

const main = () => {
  const files = globSync('{lib,functions}/**/*.ts').sort();
  const faults = files.flatMap((file) => slowPatterns(file, readFileSync(file, 'utf8')));
  for (const { file, line, pattern, why } of faults) {
    console.error(
      `${file}:${line} ${pattern.slice(0, 100)} ${why}: rewrite it, or add a comment "// bounded: …" above it that states the limit of its input.`,
    );
  }
  if (faults.length > 0) process.exitCode = 1;
  else console.log(`No slow pattern in ${files.length} files.`);
};

if (import.meta.main) main();
