import { expect, it } from 'vitest';
import { slowPatterns } from '../../scripts/linear-patterns.ts';

it.each([
  ['slashes at the end', String.raw`path.replace(/\/+$/, '')`, 'takes quadratic time'],
  ['two overlapping runs', String.raw`/^\s*\s*x$/.test(a as string)`, 'takes quadratic time'],
  ['nested runs', '/^(a+)+$/.test(a)', 'takes exponential time'],
  ['a concatenated pattern', "new RegExp(a + '+$')", 'is built at run time'],
  ['a concatenated pattern without new', 'RegExp(a)', 'is built at run time'],
])('reports %s', (_, code, why) => {
  expect(slowPatterns('a.ts', `const a: string = '';\n${code};`)).toMatchObject([{ line: 2, why }]);
});

it.each([
  ['a pattern with an anchor', String.raw`/^\/+/.test(a)`],
  ['a run that cannot fail', String.raw`a.replace(/\s+/g, ' ')`],
  ['Unicode sets', String.raw`/[\p{M}--\u034F]{3,}/gv.test(a)`],
  ['a pattern declared bounded in a comment above', '// bounded: at most 100 characters\n/a+$/.test(a)'],
  ['a pattern declared bounded in a comment beside it', '/a+$/.test(a) // bounded: at most 100 characters'],
  ['a division', 'a / 2 / b'],
])('accepts %s', (_, code) => {
  expect(slowPatterns('a.ts', code)).toEqual([]);
});

it('requires a reason in the comment, directly above the pattern', () => {
  expect(slowPatterns('a.ts', '// bounded:\n/a+$/.test(a)')).toHaveLength(1);
  expect(slowPatterns('a.ts', '// bounded: yes\n\n/a+$/.test(a)')).toHaveLength(1);
});
