import { expect, test } from 'vitest';
import { youtubeKinds } from '../../../../lib/adapters/feeds/parse/map-youtube.ts';
import type { Field, Fields } from '../../../../lib/adapters/feeds/parse/read-fields.ts';

const withViews = (views?: string): Fields => {
  const base = { name: 'media:statistics', text: '', base: null, reading: null };
  const fields: Field[] = views === undefined ? [] : [{ ...base, attributes: { views } }];
  return () => fields;
};

test.each<[string | null, string | undefined, string[]]>([
  ['https://www.youtube.com/watch?v=1', '12', []],
  ['https://www.youtube.com/watch?v=1', undefined, []],
  ['https://www.youtube.com/watch?v=1', '0', ['youtube:no-views']],
  ['https://www.youtube.com/shorts/1', '12', ['youtube:short']],
  ['https://youtube.com/shorts/1', '0', ['youtube:short', 'youtube:no-views']],
  ['https://video.example/shorts/1', '0', []],
  [null, '0', []],
])('%s with %s views is %j', (link, views, kinds) => {
  expect(youtubeKinds(withViews(views), link)).toEqual(kinds);
});
