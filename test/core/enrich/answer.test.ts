import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../lib/core/enrich/answer.ts';
import { maxTextUnits } from '../../../lib/core/posts/tiktok-post.ts';
import { postOf } from '../../support/entries.ts';

const post = { ...postOf('A caption'), title: 'T', thumbnail_url: 'https://cdn.example.com/a.jpg' };
const read = (answer: unknown) => readAnswer(answer, post, 0);

describe('an answer', () => {
  it.each([undefined, null, {}, { skip: null }, post])('of %j keeps the post as it is', (answer) => {
    expect(read(answer)).toEqual({ kind: 'answered', fields: {}, post, leftOut: null });
  });

  it('replaces fields, and null leaves one out', () => {
    expect(read({ ...post, text: ' Better ', title: null, media_ids: [7] })).toMatchObject({
      kind: 'answered',
      fields: { text: 'Better', title: null, media_ids: [7] },
      post: { text: 'Better', media_ids: [7], brand_id: 144, status: 'DRAFT' },
    });
  });

  it('is cut to fit', () => {
    const answer = read({ text: 'word '.repeat(2_000) });

    expect(answer.kind === 'answered' && answer.post.text?.length).toBeLessThanOrEqual(maxTextUnits);
  });

  it('refuses the entry with skip', () => {
    expect(read({ skip: 'no video' })).toEqual({ kind: 'skipped', reason: 'no video' });
  });

  it('keeps its other fields when its thumbnail is no address', () => {
    expect(read({ text: 'Better', thumbnail_url: 'a.jpg' })).toMatchObject({
      kind: 'answered',
      fields: { text: 'Better' },
      leftOut: expect.stringContaining('its thumbnail was left out: thumbnail_url must be'),
    });
  });

  it.each([
    ['text', 'the answer must be an object, not a string of 4 characters'],
    [[1], 'the answer must be an object, not a list of 1'],
    [{ skip: true }, 'skip must be a reason as text, not true: leave it out to go on'],
    [{ skip: '' }, 'skip must be a reason as text'],
    [{ text: ' ' }, 'text is empty: leave it out to keep the caption'],
    [{ text: null }, 'text must be a string, not null'],
    [{ media_ids: [1, 2] }, 'media_ids must be a list of one id at most'],
    [{ brand_id: 7 }, 'brand_id cannot be changed by a hook: leave it out, and set it in feeds.yml'],
    [{ status: 'AUTOPUBLISHING', auto_publish: true }, 'auto_publish cannot be changed by a hook'],
    [{ duplicate_to_brand_ids: [7] }, 'duplicate_to_brand_ids cannot be changed by a hook'],
    [{ approval_policy: 'APPROVAL_NOT_REQUIRED' }, 'approval_policy cannot be changed by a hook'],
    [{ timestamp: '2030-01-01T00:00:00Z' }, 'timestamp cannot be changed by a hook'],
    [{ mediaIds: [1] }, 'mediaIds is not a field of an answer: did you mean media_ids?'],
  ])('of %j is unusable, and says why', (answer, why) => {
    expect(read(answer)).toEqual({ kind: 'unusable', detail: expect.stringContaining(why) });
  });

  it('never changes the brand, nor how public the post is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        const result = read(answer);
        if (result.kind !== 'answered') return;
        const { brand_id, status, auto_publish } = result.post;
        expect({ brand_id, status, auto_publish }).toEqual({
          brand_id: 144,
          status: 'DRAFT',
          auto_publish: false,
        });
      }),
    );
  });
});
