import { expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { packConfig, unpackConfig } from '../lib/packed-config.ts';

const config = readConfig(
  'feeds: { a: { url: "https://e.com", brand_id: 1, post: { title: null, board_ids: [1] }, cron: "0 9 * * *" } }',
  'feeds.yml',
);

test('what was packed comes out as it went in', () => {
  expect(unpackConfig(packConfig(config))).toEqual(config);
});

test.each([
  ['no JSON', 'feeds: {}'],
  ['nothing', ''],
  ['another release’s', JSON.stringify({ ...JSON.parse(packConfig(config)), format: 1 })],
  ['a configuration that was not packed', JSON.stringify(config)],
  ['without feeds', packConfig({ timezone: 'UTC' } as never)],
  ['null', 'null'],
])('a text that is %s is refused', (_what, text) => {
  expect(() => unpackConfig(text)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'config.unreadable' }),
  );
});
