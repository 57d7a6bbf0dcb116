import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { postFields } from '../lib/core/posts/tiktok-post.ts';
import { feedsJsonSchema } from '../scripts/feeds-schema.ts';

const schema = JSON.parse(feedsJsonSchema());
const feed = schema.properties.feeds.anyOf[0].additionalProperties;

test('feeds.schema.json matches the code (run npm run schema)', () => {
  const kept = readFileSync(new URL('../feeds.schema.json', import.meta.url), 'utf8');

  expect(kept).toBe(feedsJsonSchema());
});

test('editors know every setting, mark unknown ones, and ignore x-…', () => {
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
    'events',
    'console',
    'deploy',
  ]);
  expect(schema).toMatchObject({ additionalProperties: false, patternProperties: { '^x-': {} } });
  expect(feed).toMatchObject({ required: ['url'], additionalProperties: false });
  for (const [name, setting] of Object.entries<{ description?: string }>(feed.properties)) {
    if (name !== 'post') expect(setting.description).toMatch(/\.$/);
  }
});

test('editors know every API field that may be set', () => {
  const own = ['text', 'status', 'auto_publish', 'creation_source'];

  expect(schema.$defs.post.additionalProperties).toBe(false);
  expect(Object.keys(schema.$defs.post.properties).toSorted()).toEqual(
    Object.keys(postFields)
      .filter((field) => !own.includes(field))
      .toSorted(),
  );
});
