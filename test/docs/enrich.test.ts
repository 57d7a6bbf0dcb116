import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readConfig } from '../../lib/config.ts';
import { Answer } from '../../lib/core/enrich/answer.ts';

const page = readFileSync(new URL('../../docs/enrich.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

test('docs/enrich.md shows valid hooks: a function, then a web address with its settings', () => {
  const hooks = blocks('yaml').map((file) => readConfig(file, 'feeds.yml').feeds[0]?.enrich);

  expect(hooks).toMatchObject([
    { target: { kind: 'lambda' }, timeoutMs: 20_000, onFailure: 'hold' },
    { target: { kind: 'url' }, timeoutMs: 45_000, onFailure: 'send' },
  ]);
});

test('docs/enrich.md lists every field that a hook may set', () => {
  const rows = [...page.matchAll(/^\| (`[\w`, ]+`) \| (?:replaces|the ID|a reason)/gm)].flatMap(
    ([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );

  expect(rows.toSorted()).toEqual(Object.keys(Answer.entries).toSorted());
});
