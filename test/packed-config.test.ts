import { expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { packConfig, unpackConfig } from '../lib/packed-config.ts';

const config = readConfig(
  'feeds: { a: { url: "https://e.com", brand_id: 1, post: { title: null, board_ids: [1] }, cron: "0 9 * * *" } }',
  'feeds.yml',
);

test('a packed configuration unpacks to the same value', () => {
  expect(unpackConfig(packConfig(config))).toEqual(config);
});

test.each([
  ['not JSON', 'feeds: {}'],
  ['empty', ''],
  ['from another release', JSON.stringify({ ...JSON.parse(packConfig(config)), format: 1 })],
  ['an unpacked configuration', JSON.stringify(config)],
  ['without feeds', packConfig({ timezone: 'UTC' } as never)],
  ['null', 'null'],
])('a text that is %s is refused', (_what, text) => {
  expect(() => unpackConfig(text)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'config.unreadable' }),
  );
});
