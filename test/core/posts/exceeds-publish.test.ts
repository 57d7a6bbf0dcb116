import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Publish } from '../../../lib/core/config/config.ts';
import { exceedsPublish } from '../../../lib/core/posts/exceeds-publish.ts';
import { statuses, type TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { feedOf } from '../../support/entries.ts';
import { webhookOf } from '../../support/hook-world.ts';

const post = (status: TikTokPost['status'], auto_publish: boolean): TikTokPost => ({
  brand_id: 144,
  status,
  auto_publish,
  creation_source: 'RSS_FEED',
});
const feeds = (publish: Publish) => ({ feeds: [feedOf({ id: 'newsroom', publish })], webhooks: [] });
const rowOf = (given: TikTokPost | null, feed = 'newsroom') => ({ feed, post: given });

describe('a post', () => {
  it.each<[TikTokPost['status'], boolean, Publish, boolean]>([
    ['DRAFT', false, 'draft', true],
    ['DRAFT', false, 'schedule', true],
    ['DRAFT', false, 'now', true],
    ['DRAFT', true, 'draft', false],
    ['DRAFT', true, 'now', false],
    ['SCHEDULED', true, 'draft', false],
    ['SCHEDULED', true, 'schedule', true],
    ['SCHEDULED', true, 'now', true],
    ['SCHEDULED', false, 'now', false],
    ['AUTOPUBLISHING', true, 'draft', false],
    ['AUTOPUBLISHING', true, 'schedule', false],
    ['AUTOPUBLISHING', true, 'now', true],
    ['POSTED', true, 'now', false],
  ])('%s with auto_publish %s under publish: %s is allowed: %s', (status, auto, publish, allowed) => {
    const verdict = exceedsPublish(rowOf(post(status, auto)), feeds(publish));

    expect(verdict === null).toBe(allowed);
    if (verdict) expect(verdict).toMatchObject({ state: 'held', code: 'post.not-as-configured' });
  });

  it("may go as far as its feed's webhook allows", () => {
    const [feed] = feeds('draft').feeds;
    const webhooks = [webhookOf({}, { publish: 'now' })];
    const config = { feeds: feed ? [feed] : [], webhooks };

    expect(exceedsPublish(rowOf(post('AUTOPUBLISHING', true)), config)).toBeNull();
    expect(exceedsPublish(rowOf(post('AUTOPUBLISHING', true), 'other'), config)).not.toBeNull();
  });

  it('is reported with its own status, the feeds.yml setting and the remedy', () => {
    const verdict = exceedsPublish(rowOf(post('AUTOPUBLISHING', true)), feeds('draft'));

    expect(verdict?.detail).toBe(
      'the post has status AUTOPUBLISHING with auto_publish true, but feeds.yml allows publish: draft for newsroom. Set publish: now and release it, or dismiss it',
    );
  });

  it('is only ever sent as a plain draft when every publish is draft', () => {
    fc.assert(
      fc.property(fc.constantFrom(...statuses), fc.boolean(), (status, auto) => {
        const allowed = exceedsPublish(rowOf(post(status, auto)), feeds('draft')) === null;
        expect(allowed).toBe(status === 'DRAFT' && !auto);
      }),
    );
  });
});
