import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EnrichConfig } from '../../../lib/core/config/config.ts';
import { retryable } from '../../../lib/core/errors.ts';
import { createDraft } from '../../../lib/jobs/draft/create-draft.ts';
import { enrichPost } from '../../../lib/jobs/enrich/enrich-post.ts';
import { editEntry } from '../../../lib/jobs/operator/edit-entry.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { story } from '../../support/entries.ts';
import { type World, world } from '../../support/world.ts';

const hook: EnrichConfig = {
  target: { kind: 'url', url: 'https://hook.example.com/', secretNames: ['hook'], allowPrivate: false },
  timeoutMs: 20_000,
  onFailure: 'hold',
};
const codesOf = (w: World, title: string) => w.rowTitled(title)?.history.map(({ code }) => code);
const failing = retryable('enrich.timeout', 'hook.example.com gave no answer within 20 s');

/** A world whose feed has a hook, and one new entry. */
const newEntry = async (given: Parameters<typeof world>[0] = [{ enrich: hook }]) => {
  const w = world(given);
  for (const { id } of w.config.feeds) w.publish([story(1)], id);
  await w.poll();
  w.state.now += 60_000;
  for (const { id } of w.config.feeds) w.publish([story(2), story(1)], id);
  await w.poll();
  return w;
};
const title = String(story(2).title);

describe('a new entry of a feed with a hook', () => {
  it('is enriching until the hook has answered, and counts as queued', async () => {
    const w = await newEntry();

    expect(w.sums()).toEqual({ baselined: 1, enriching: 1 });
    expect(w.reported('poll.changed').at(-1)).toMatchObject({ counts: { queued: 1 } });
    expect(w.sent).toEqual([]);
  });

  it('is asked about once, with its key, its entry and its rendered post', async () => {
    const w = await newEntry();

    await w.minutes(10);

    expect(w.asked).toHaveLength(1);
    expect(w.asked[0]).toMatchObject({
      version: 1,
      key: w.rowTitled(title)?.key,
      preview: false,
      feed: 'newsroom',
      feed_title: 'Newsroom',
      entry: { title, link: story(2).link },
      post: { text: title, brand_id: 144, status: 'DRAFT' },
    });
  });

  it('is sent with the fields of the answer', async () => {
    const w = await newEntry();
    w.state.answer = { text: 'Better', media_ids: [7], content_tag_ids: [1, 2] };

    await w.deliverWakeUps();
    await w.deliverWakeUps();

    expect(w.sent).toEqual([
      expect.objectContaining({ text: 'Better', media_ids: [7], content_tag_ids: [1, 2], status: 'DRAFT' }),
    ]);
    expect(codesOf(w, title)).toEqual([
      'entry.new',
      'enrich.asked',
      'enrich.answered',
      'draft.claimed',
      'draft.created',
    ]);
  });

  it('waits for review with the fields of the answer', async () => {
    const w = await newEntry([{ enrich: hook, review: true }]);
    w.state.answer = { text: 'Better' };

    await w.minutes(3);

    expect(w.rowTitled(title)).toMatchObject({ state: 'review', post: { text: 'Better' } });
    expect(w.sent).toEqual([]);
  });

  it('is filtered with the reason of a refusal', async () => {
    const w = await newEntry();
    w.state.answer = { skip: 'no video yet' };

    await w.minutes(3);

    expect(w.rowTitled(title)?.history.at(-1)).toMatchObject({
      state: 'filtered',
      code: 'enrich.skipped',
      detail: 'no video yet',
    });
    expect(w.sent).toEqual([]);
  });

  it('keeps the fields of the answer when its template changes, and the template changes the others', async () => {
    const w = await newEntry([{ enrich: hook, review: true, post: { title: 'Old' } }]);
    w.state.answer = { text: 'Better' };
    await w.minutes(2);
    Object.assign(w.config.feeds[0] as object, { caption: 'New {{ title }}', post: { title: 'New' } });

    await move(w, 'approve');
    await w.minutes(2);

    expect(w.sent).toEqual([expect.objectContaining({ text: 'Better', title: 'New' })]);
  });

  it("is sent with an editor's fields over those of the answer", async () => {
    const w = await newEntry([{ enrich: hook, review: true }]);
    w.state.answer = { text: 'Better', title: 'From the hook' };
    await w.minutes(2);
    const { key = '' } = w.rowTitled(title) ?? {};

    await editEntry(w.services, key, { fields: { text: 'Mine' }, by: 'ada' });
    await move(w, 'approve');
    await w.minutes(2);

    expect(w.sent).toEqual([expect.objectContaining({ text: 'Mine', title: 'From the hook' })]);
  });
});

const move = async (w: World, how: 'approve' | 'release') => {
  const row = w.rowTitled(title);
  await moveEntries(w.services, row ? [row] : [], { move: how, by: 'ada', evenIfOld: true });
};

describe('a hook that gives no usable answer', () => {
  it('is asked three times with the same key, then its entry is held', async () => {
    const w = await newEntry();
    w.state.answer = failing;

    await w.minutes(15);

    expect(w.asked.map(({ key }) => key)).toEqual(Array(3).fill(w.rowTitled(title)?.key));
    expect(w.rowTitled(title)?.history.at(-1)).toMatchObject({
      state: 'held',
      code: 'enrich.failed',
      detail: failing.message,
    });
    expect(w.sent).toEqual([]);
  });

  it('is asked again about a released entry', async () => {
    const w = await newEntry();
    w.state.answer = failing;
    await w.minutes(15);
    w.state.answer = { text: 'Better' };

    await move(w, 'release');
    await w.minutes(5);

    expect(w.sent).toEqual([expect.objectContaining({ text: 'Better' })]);
  });

  it('does not stop the post with on_failure: send', async () => {
    const w = await newEntry([{ enrich: { ...hook, onFailure: 'send' } }]);
    w.state.answer = failing;

    await w.minutes(15);

    expect(w.asked).toHaveLength(3);
    expect(w.sent).toEqual([expect.objectContaining({ text: title })]);
  });

  it.each([
    [{ brand_id: 7 }, 'brand_id cannot be changed by a hook'],
    [{ status: 'SCHEDULED' }, 'status cannot be changed by a hook'],
    [{ media_ids: ['7'] }, 'media_ids'],
    [{ txt: 'x' }, 'txt is not a field of an answer: did you mean text?'],
  ])('includes one that answers %j', async (answer, why) => {
    const w = await newEntry();
    w.state.answer = answer;

    await w.minutes(15);

    const last = w.rowTitled(title)?.history.at(-1);
    expect(last).toMatchObject({ state: 'held', code: 'enrich.failed' });
    expect(last?.detail).toContain(why);
  });

  it('counts a worker that died as a try', async () => {
    const w = await newEntry();
    w.state.answer = new Promise(() => {});
    for (let lost = 0; lost < 3; lost++) {
      const [message] = w.stores.queues.wakeUps.splice(0);
      if (message) void enrichPost(w.services)(message, w.call);
      await setImmediate();
      w.state.now += 60_000;
      await w.tick();
    }
    await w.minutes(3);

    expect(w.asked).toHaveLength(3);
    expect(w.rowTitled(title)?.history.at(-1)?.code).toBe('enrich.failed');
  });
});

describe('a feed with a slow hook', () => {
  it('delays no draft of another feed', async () => {
    const w = await newEntry([
      { enrich: hook },
      { id: 'sport', url: 'https://sport.example/feed', dedupe: 'feed' },
    ]);
    const pending = Promise.withResolvers<unknown>();
    w.state.answer = pending.promise;
    const [asks, drafts] = [
      w.stores.queues.wakeUps.filter(({ enrich }) => enrich !== undefined),
      w.stores.queues.wakeUps.filter(({ enrich }) => enrich === undefined),
    ];

    const asking = asks.map((message) => enrichPost(w.services)(message, w.call));
    for (const message of drafts) await createDraft(w.services)(message, w.call);

    expect([asks.length, drafts.length, w.sent.length]).toEqual([1, 1, 1]);
    pending.resolve({});
    await Promise.all(asking);
  });
});

describe('the sweep', () => {
  it('wakes a row whose wake-up was lost', async () => {
    const w = await newEntry();
    w.stores.queues.wakeUps.length = 0;

    await w.minutes(4);

    expect(w.asked).toHaveLength(1);
    expect(w.sent).toHaveLength(1);
  });

  it('asks nothing about a paused feed until it is resumed', async () => {
    const w = await newEntry();
    await pausePosting(w.services, 'feed/newsroom', 'ada');

    await w.minutes(10);

    expect(w.asked).toEqual([]);
    expect(w.sums()).toMatchObject({ enriching: 1 });
  });

  it('lets rows go on when no feed has a hook anymore', async () => {
    const w = await newEntry();
    w.stores.queues.wakeUps.length = 0;
    await w.tick(); // with the hook, as recorded in the tick
    w.stores.queues.wakeUps.length = 0;
    delete w.config.feeds[0]?.enrich;

    await w.minutes(5);

    expect(w.asked).toEqual([]);
    expect(w.sent).toHaveLength(1);
  });
});

it('an entry that was queued before its feed had a hook is asked about before it is sent', async () => {
  const w = await newEntry([{}]);
  Object.assign(w.config.feeds[0] as object, { enrich: hook });
  w.state.answer = { text: 'Better' };

  await w.minutes(3);

  expect(w.sent).toEqual([expect.objectContaining({ text: 'Better' })]);
});
