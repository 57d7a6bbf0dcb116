import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { wakeGraceMs } from '../../../lib/core/dash/timing.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { retryable } from '../../../lib/core/errors.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { postToSend } from '../../../lib/jobs/draft/render-again.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../../lib/jobs/operator/resume-posting.ts';
import { story } from '../../support/entries.ts';
import type { Hooks } from '../../support/fake-stores.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import { type World, world } from '../../support/world.ts';

const old = 'OLD {{ title }}';
const mended = { caption: 'NEW {{ title }}' };

const change = (w: World, given: Partial<FeedConfig>) =>
  w.config.feeds.forEach((feed, at) => {
    w.config.feeds[at] = { ...feed, ...given };
  });

/** A world in which entries wait behind a pause. */
const waiting = async (
  entries = [story(1)],
  feed: Partial<FeedConfig> = { caption: old },
  hooks: Hooks = {},
): Promise<World> => {
  const w = world([feed], hooks);
  await w.poll();
  w.publish(entries);
  await pausePosting(w.services, 'all');
  await w.poll();
  return w;
};

const sendAll = async (w: World) => {
  await resumePosting(w.services, 'all');
  await w.deliverWakeUps();
};

const texts = (w: World) => w.posts.map(({ post }) => post.text);
const codes = (row: EntryRow | undefined) => row?.history.map(({ code }) => code);

describe('a caption fixed while rows wait', () => {
  it('applies to them, and is recorded in their history', async () => {
    const w = await waiting([story(1), story(2)]);
    change(w, mended);

    await sendAll(w);

    expect(texts(w)).toEqual(['NEW Story 1', 'NEW Story 2']);
    expect(codes(w.rowTitled('Story 1'))).toEqual([
      ...['entry.new', 'post.rendered-again', 'draft.claimed', 'draft.created'],
    ]);
    expect(w.rows().map(({ post }) => post?.text)).toEqual(texts(w));
  });

  it.each<[string, Partial<FeedConfig>, object]>([
    [
      'changes of other fields',
      { post: { thumbnail_url: '{{ link }}' } },
      { thumbnail_url: 'https://www.example.com/1' },
    ],
    [
      'changes of utm',
      { caption: '{{ link }}', editorial: { ...noEditorial, utm: { source: 'tiktok' } } },
      { text: 'https://www.example.com/1?utm_source=tiktok' },
    ],
    ['changes of the feed’s name', { caption: '{{ feed }}' }, { text: 'Newsroom' }],
    [
      'changes of the feed’s address',
      { caption: '{{ feed.url }}', url: 'https://new.example/f' },
      { text: 'https://new.example/f' },
    ],
    [
      'changes of the time zone',
      { caption: '{{ published | date: "%H" }}', timezone: 'Asia/Tokyo' },
      { text: '21' },
    ],
  ])('%s also apply, through the same renderer as registration', async (_, given, expected) => {
    const w = await waiting();
    change(w, given);

    await sendAll(w);

    expect(w.sent).toMatchObject([expected]);
  });

  it('is written with the claim and costs no extra write', async () => {
    const writes: string[] = [];
    const hooks = { before: (name: string) => void (name === 'ledger.replace' && writes.push(name)) };
    const w = await waiting([story(1)], { caption: old }, hooks);
    change(w, mended);

    await sendAll(w);

    expect(writes).toHaveLength(2); // claimed, settled
  });

  it('is applied to the current row when the sweep changes it before the claim', async () => {
    const hooks: Hooks = {};
    const w = await waiting([story(1)], { caption: old }, { before: (...given) => hooks.before?.(...given) });
    hooks.before = (name) => {
      const [row] = w.rows();
      if (name !== 'ledger.replace' || !row) return;
      hooks.before = () => {};
      w.stores.ledger.rows.set(row.key, { ...row, rev: row.rev + 1, wakeAt: w.state.now + wakeGraceMs });
    };
    change(w, mended);

    await sendAll(w);

    expect(texts(w)).toEqual(['NEW Story 1']);
    expect(codes(w.rows()[0])?.filter((code) => code === 'post.rendered-again')).toHaveLength(1);
  });

  it('is recorded once, by the first write, when a limit defers the row', async () => {
    const limits = { ...noEditorial.limits, perDay: 1 };
    const w = await waiting([story(1), story(2)], {
      ...{ caption: old, editorial: { ...noEditorial, limits } },
    });
    change(w, mended);

    await sendAll(w);
    expect(w.sums()).toEqual({ drafted: 1, queued: 1 });
    await w.minutes(25 * 60);

    expect(texts(w)).toEqual(['NEW Story 1', 'NEW Story 2']);
    const second = codes(w.rowTitled('Story 2'));
    expect(second?.filter((code) => code === 'post.rendered-again')).toHaveLength(1);
  });

  it('leaves rows unchanged when only settings that do not affect the post changed', async () => {
    const reads: string[] = [];
    const hooks = { before: (name: string) => void (name === 'ledger.storedEntry' && reads.push(name)) };
    const w = await waiting([story(1)], { caption: old }, hooks);
    change(w, { backfill: 3, rhythm: { everyMs: 90_000 }, maxAgeMs: 5, whenUncertain: 'retry' });

    await sendAll(w);

    expect(texts(w)).toEqual(['OLD Story 1']);
    expect(codes(w.rows()[0])).not.toContain('post.rendered-again');
    expect(reads).toEqual([]);
  });

  it('does not apply to an existing draft', async () => {
    const w = await waiting();
    await sendAll(w);
    change(w, mended);

    await w.minutes(5);

    expect(texts(w)).toEqual(['OLD Story 1']);
    expect(await postToSend(w.services, w.rows()[0] as EntryRow)).toMatchObject({
      ...{ post: { text: 'OLD Story 1' }, note: null },
    });
  });

  it('does not apply to a row whose stored entry is gone; it is sent as rendered', async () => {
    const w = await waiting();
    w.stores.ledger.entries.clear();
    change(w, mended);

    await sendAll(w);

    expect(texts(w)).toEqual(['OLD Story 1']);
  });
});

describe('a new rendering that fails', () => {
  const failing = { caption: '{% if author %}{{ author }}{% endif %}' };
  const withAuthor = story(2, { author: 'Ada' });

  it('holds only that row, with the reason; the rest of the queue continues', async () => {
    const w = await waiting([story(1), withAuthor, story(3)]);
    change(w, failing);

    await sendAll(w);

    expect(texts(w)).toEqual(['Ada']);
    expect(w.rowTitled('Story 1')).toMatchObject({ state: 'held', attempts: 0, wakeAt: null });
    expect(w.rowTitled('Story 1')?.history.at(-1)).toMatchObject({
      ...{ code: 'caption.empty', detail: expect.stringContaining('renders nothing') },
    });
    expect(w.reported('draft.held')).toMatchObject([{ code: 'caption.empty' }, { code: 'caption.empty' }]);
  });

  it('cannot be released before it is fixed, and is then sent with the current caption', async () => {
    const w = await waiting();
    change(w, failing);
    await sendAll(w);

    const [refused] = await moveEntries(w.services, w.rows(), { move: 'release', by: 'ada' });
    expect(refused?.refusal).toMatchObject({ code: 'move.no-post' });

    change(w, mended);
    await moveEntries(w.services, w.rows(), { move: 'release', by: 'ada' });
    await w.deliverWakeUps();
    expect(texts(w)).toEqual(['NEW Story 1']);
    expect(codes(w.rows()[0])).toEqual([
      ...[
        'entry.new',
        'caption.empty',
        'post.rendered-again',
        'move.release',
        'draft.claimed',
        'draft.created',
      ],
    ]);
  });

  it('is shown before sending when the row is previewed', async () => {
    const w = await waiting();
    const [row] = w.rows() as [EntryRow];
    change(w, mended);
    expect(await postToSend(w.services, row)).toMatchObject({
      ...{
        post: { text: 'NEW Story 1' },
        note: expect.stringMatching(/^The settings in feeds.yml have changed/),
      },
    });

    change(w, failing);
    expect(await postToSend(w.services, row)).toMatchObject({
      ...{
        post: { text: 'OLD Story 1' },
        note: expect.stringMatching(/^No post can be rendered .*renders nothing/),
      },
    });
    expect(w.rows()).toEqual([row]);
  });

  it('is retried when the store is unavailable, and the old post is not sent', async () => {
    let fails = true;
    const w = await waiting(
      [story(1)],
      { caption: old },
      {
        before: (name) => {
          if (name === 'ledger.storedEntry' && fails) throw retryable('store.throttled', 'later');
        },
      },
    );
    change(w, mended);

    await expect(sendAll(w)).rejects.toMatchObject({ code: 'store.throttled' });
    expect(w.sums()).toEqual({ queued: 1 });

    fails = false;
    await w.minutes(5);
    expect(texts(w)).toEqual(['NEW Story 1']);
  });
});

describe('changed feeds.yml settings', () => {
  it('never make a waiting draft public', async () => {
    const w = await waiting();
    change(w, { ...mended, publish: 'now', post: { media_ids: [1] } });

    await sendAll(w);

    expect(w.sent).toMatchObject([
      { text: 'NEW Story 1', status: 'DRAFT', auto_publish: false, media_ids: [1] },
    ]);
  });

  it('hold a post meant for publishing when the feed now makes drafts', async () => {
    const w = await waiting([story(1, { published: new Date(Date.UTC(2026, 0, 1)).toISOString() })], {
      ...{ caption: old, publish: 'now', post: { media_ids: [1] } },
    });
    change(w, { ...mended, publish: 'draft' });

    await sendAll(w);

    expect(w.sent).toEqual([]);
    expect(codes(w.rows()[0])).toEqual(['entry.new', 'post.not-as-configured']);
  });

  it('do not move a waiting row to another brand', async () => {
    const w = await waiting();
    change(w, { ...mended, brandId: 7 });

    await sendAll(w);

    expect(w.sent).toMatchObject([{ text: 'NEW Story 1', brand_id: 144 }]);
  });
});

describe('an entry from a webhook', () => {
  const hooked = async () => {
    const w = hookWorld([webhookOf({}, { caption: old })], [{ caption: 'FEED {{ title }}' }]);
    await pausePosting(w.services, 'all');
    await w.deliver({ id: 'cms-1', title: 'Story 1', link: 'https://www.example.com/1', media: [5] });
    return w;
  };
  const changeHook = (w: World, given: Partial<FeedConfig>) => {
    const [webhook] = w.config.webhooks;
    if (webhook) w.config.webhooks[0] = { ...webhook, mapping: { ...webhook.mapping, ...given } };
  };

  it('is rendered again with its webhook’s settings and the delivered media', async () => {
    const w = await hooked();
    changeHook(w, mended);

    await sendAll(w);

    expect(w.sent).toMatchObject([{ text: 'NEW Story 1', media_ids: [5] }]);
  });

  it('is not affected by a change of its feed alone', async () => {
    const w = await hooked();
    change(w, mended);

    await sendAll(w);

    expect(texts(w)).toEqual(['OLD Story 1']);
  });

  it('is sent as rendered when its webhook is removed', async () => {
    const w = await hooked();
    w.config.webhooks.splice(0);

    await sendAll(w);

    expect(texts(w)).toEqual(['OLD Story 1']);
  });
});
