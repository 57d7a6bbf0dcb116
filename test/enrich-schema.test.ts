import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { enrichJsonSchema } from '../scripts/enrich-schema.ts';

const schema = JSON.parse(enrichJsonSchema());

test('enrich.schema.json matches the code (run npm run schema)', () => {
  const kept = readFileSync(new URL('../enrich.schema.json', import.meta.url), 'utf8');

  expect(kept).toBe(enrichJsonSchema());
});

test('an answer has no field for the brand, the publish mode or the approval', () => {
  expect(Object.keys(schema.$defs.answer.properties)).toEqual([
    'skip',
    'text',
    'title',
    'media_ids',
    'thumbnail_url',
    'thumbnail_offset',
    'content_tag_ids',
    'campaign_ids',
    'board_ids',
    'music_info',
    'branded_content_type',
    'disable_comment',
    'disable_duet',
    'disable_stitch',
  ]);
});
