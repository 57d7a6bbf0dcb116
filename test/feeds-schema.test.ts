import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { postFields } from '../lib/core/posts/tiktok-post.ts';
import { feedsJsonSchema } from '../scripts/feeds-schema.ts';

const schema = JSON.parse(feedsJsonSchema());
const feed = schema.properties.feeds.anyOf[0].additionalProperties;

test('feeds.schema.json is what the program checks today (else: npm run schema)', () => {
  const kept = readFileSync(new URL('../feeds.schema.json', import.meta.url), 'utf8');

  expect(kept).toBe(feedsJsonSchema());
});

test('editors know every setting, underline unknown ones, and let x-… be', () => {
  expect(Object.keys(schema.properties)).toEqual([
    'timezone',
    'mean_interval',
    'polling',
    'dash',
    'defaults',
    'feeds',
    'webhooks',
    'stages',
    'alerts',
  ]);
  expect(schema).toMatchObject({ additionalProperties: false, patternProperties: { '^x-': {} } });
  expect(feed).toMatchObject({ required: ['url'], additionalProperties: false });
  for (const [name, setting] of Object.entries<{ description?: string }>(feed.properties)) {
    if (name !== 'post') expect(setting.description).toMatch(/\.$/);
  }
});

test('editors know every field of the API that may be set', () => {
  const own = ['text', 'status', 'auto_publish', 'creation_source'];

  expect(schema.$defs.post.additionalProperties).toBe(false);
  expect(Object.keys(schema.$defs.post.properties).toSorted()).toEqual(
    Object.keys(postFields)
      .filter((field) => !own.includes(field))
      .toSorted(),
  );
});
