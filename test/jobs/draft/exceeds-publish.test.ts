import { describe, expect, it } from 'vitest';
import type { Publish } from '../../../lib/core/config/config.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import type { World } from '../../support/world.ts';
import { queued } from './queued-drafts.ts';

const only = (w: World) => w.rows()[0];

describe('a post that exceeds its feed’s publish setting', () => {
  const video = { post: { media_ids: [7] } };
  /** A row rendered under `publish` whose feed has been changed to `now`. */
  const madeUnder = async (publish: Publish, now: Publish) => {
    const timestamp = new Date(Date.UTC(2026, 0, 2)).toISOString();
    const post = publish === 'schedule' ? { ...video.post, timestamp } : video.post;
    const w = await queued(1, [{ publish, post }]);
    for (const feed of w.config.feeds) feed.publish = now;
    return w;
  };

  it.each<[Publish, Publish]>([
    ['now', 'draft'],
    ['now', 'schedule'],
    ['schedule', 'draft'],
  ])('made under publish: %s is held under publish: %s, with an alert', async (then, now) => {
    const w = await madeUnder(then, now);

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({
      state: 'held',
      attempts: 0,
      history: [{}, { code: 'post.not-as-configured' }],
    });
    expect([...w.stores.alerts.flags.values()]).toMatchObject([
      { kind: 'not-as-configured', subject: 'newsroom', entryKey: only(w)?.key },
    ]);
  });

  it.each<[Publish, Publish]>([
    ['draft', 'now'],
    ['draft', 'schedule'],
    ['schedule', 'now'],
    ['now', 'now'],
  ])('made under publish: %s is sent unchanged under publish: %s', async (then, now) => {
    const w = await madeUnder(then, now);
    const post = only(w)?.post;

    await w.deliverWakeUps();

    expect(w.sent).toEqual([post]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });

  it('is held again when released before feeds.yml allows it', async () => {
    const w = await madeUnder('now', 'draft');
    await w.deliverWakeUps();

    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();
    expect(w.sent).toEqual([]);
    for (const feed of w.config.feeds) feed.publish = 'now';
    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();

    expect(w.sent).toMatchObject([{ status: 'AUTOPUBLISHING' }]);
  });

  it('is held however the row was written', async () => {
    const w = await queued(1);
    const row = only(w) as EntryRow;
    const post: TikTokPost = {
      brand_id: 144,
      status: 'AUTOPUBLISHING',
      auto_publish: true,
      creation_source: 'RSS_FEED',
      text: 'Not from the feed',
      media_ids: [7],
    };
    w.stores.ledger.rows.set(row.key, { ...row, post });

    await w.minutes(10);

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'held' });
  });
});
