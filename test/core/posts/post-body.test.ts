import fc from 'fast-check';
import { expect, it } from 'vitest';
import { postBody } from '../../../lib/core/posts/post-body.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { postOf } from '../../support/entries.ts';

/** The value as returned by a store that does not keep key order. */
const turnedRound = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, turnedRound(inner)])
      .toReversed(),
  );
};

it('the same post has the same body in any key order, and parses back to itself', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.integer()), (music, ids) => {
      const post = { ...postOf('a'), music_info: music, campaign_ids: ids, timestamp: null } as TikTokPost;

      const body = postBody(post);

      expect(postBody(turnedRound(post) as TikTokPost)).toBe(body);
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(post)));
    }),
  );
});

it('starts with the fields in documented order', () => {
  expect(postBody(postOf('Hi'))).toBe(
    '{"brand_id":144,"auto_publish":false,"status":"DRAFT","text":"Hi","creation_source":"RSS_FEED"}',
  );
});
