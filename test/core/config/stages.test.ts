import { expect, test } from 'vitest';
import { readConfig } from '../../../lib/config.ts';
import { atStage } from '../../../lib/core/config/stages.ts';

const config = readConfig(
  `
stages:
  staging: { deliver: none, brand_id: 999 }
  preview: { deliver: dash, brand_id: 999 }
feeds:
  newsroom:
    url: https://www.example.com/feed.xml
    brand_id: 144
    post: { duplicate_to_brand_ids: [145], campaign_ids: [12] }
webhooks:
  blog: { from: ghost, secret_name: ghost, feed: newsroom }
`,
  'feeds.yml',
);

test.each([
  ['prod', 'dash', 144],
  ['staging', 'none', 999],
  ['preview', 'dash', 999],
  ['dev', 'none', 144],
])('stage %s delivers to %s, brand %i', (stage, deliver, brand) => {
  const staged = atStage(config, stage);

  expect(staged.deliver).toBe(deliver);
  expect(staged.feeds.map(({ brandId }) => brandId)).toEqual([brand]);
  expect(staged.webhooks.map(({ mapping }) => mapping.brandId)).toEqual([brand]);
});

test('a stage with its own brand does not copy to other brands', () => {
  expect(atStage(config, 'preview').feeds[0]?.post).toEqual({ campaign_ids: [12] });
  expect(atStage(config, 'prod').feeds[0]?.post).toHaveProperty('duplicate_to_brand_ids');
});

test('prod can be set to deliver nothing', () => {
  expect(atStage({ ...config, stages: { prod: { deliver: 'none' } } }, 'prod').deliver).toBe('none');
});
