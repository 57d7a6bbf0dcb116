import { expect, it } from 'vitest';
import { slowPatterns } from '../../scripts/linear-patterns.ts';

it.each([
  ['slashes at the end', String.raw`path.replace(/\/+$/, '')`, 'takes quadratic time'],
  ['two runs that trade characters', String.raw`/^\s*\s*x$/.test(a as string)`, 'takes quadratic time'],
  ['a run of runs', '/^(a+)+$/.test(a)', 'takes exponential time'],
  ['a pattern of parts', "new RegExp(a + '+$')", 'is put together at run time'],
  ['a pattern of parts, without new', 'RegExp(a)', 'is put together at run time'],
])('finds %s', (_, code, why) => {
  expect(slowPatterns('a.ts', `const a: string = '';\n${code};`)).toMatchObject([{ line: 2, why }]);
});

it.each([
  ['a pattern with an anchor', String.raw`/^\/+/.test(a)`],
  ['a run that cannot fail', String.raw`a.replace(/\s+/g, ' ')`],
  ['sets of Unicode', String.raw`/[\p{M}--\u034F]{3,}/gv.test(a)`],
  ['what a comment above calls bounded', '// bounded: at most 100 characters\n/a+$/.test(a)'],
  ['what a comment beside it calls bounded', '/a+$/.test(a) // bounded: at most 100 characters'],
  ['a slash that divides', 'a / 2 / b'],
])('passes %s', (_, code) => {
  expect(slowPatterns('a.ts', code)).toEqual([]);
});

it('takes no comment without a reason, and none that stands further up', () => {
  expect(slowPatterns('a.ts', '// bounded:\n/a+$/.test(a)')).toHaveLength(1);
  expect(slowPatterns('a.ts', '// bounded: yes\n\n/a+$/.test(a)')).toHaveLength(1);
});
