import { describe, expect, it } from 'vitest';
import type { FeedRow } from '../../../lib/core/polling/feed-row.ts';
import { story } from '../../support/entries.ts';
import { world } from '../../support/world.ts';

const lastCounts = (w: ReturnType<typeof world>) =>
  w.events.filter((event) => event.event === 'poll.changed').at(-1)?.counts;

describe('a poll', () => {
  it('baselines existing entries, then queues and wakes new ones', async () => {
    const w = world();
    w.publish([story(2), story(1)]);
    await w.poll();
    expect(lastCounts(w)).toEqual({
      seen: 2,
      known: 0,
      baselined: 2,
      filtered: 0,
      held: 0,
      review: 0,
      queued: 0,
    });

    w.publish([story(3), story(2), story(1)]);
    await w.poll();

    expect(lastCounts(w)).toEqual({
      seen: 3,
      known: 2,
      baselined: 0,
      filtered: 0,
      held: 0,
      review: 0,
      queued: 1,
    });
    expect(w.stores.queues.wakeUps).toEqual([{ key: w.rowTitled('Story 3')?.key, brand: 144 }]);
  });

  it('makes drafts only of the backfill', async () => {
    const w = world([{ backfill: 1 }]);
    w.publish([story(3), story(2), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 3']);
  });

  it('sends the oldest first', async () => {
    const w = world();
    await w.poll();
    w.publish([story(3), story(2), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 1', 'Story 2', 'Story 3']);
  });

  it('writes nothing when nothing has changed', async () => {
    const writes: string[] = [];
    const w = world([{}], {
      before: (name) => void (/insert|replace|save|set|send|put/.test(name) && writes.push(name)),
    });
    w.publish([story(1)]);
    await w.poll();
    writes.length = 0;

    await w.poll();

    expect(writes).toEqual([]);
    expect(w.reported('poll.unchanged')).toMatchObject([{ status: 304, bytes: 0 }]);
  });

  it('writes four rows per new entry, one feed row and one batch of wake-ups', async () => {
    const calls: string[] = [];
    const w = world([{}], { before: (name) => void calls.push(name) });
    await w.poll();
    calls.length = 0;
    w.publish([story(1), story(2), story(3)]);

    await w.poll();

    const count = (name: string) => calls.filter((one) => one === name).length;
    expect({
      inserts: count('ledger.insert'),
      replaces: count('ledger.replace'),
      saves: count('feeds.save'),
      sends: count('queues.sendWakeUps'),
    }).toEqual({ inserts: 12, replaces: 0, saves: 1, sends: 1 });
  });

  it('recognizes an unchanged document by its hash when the server sends no validators', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    const { feeds } = w.stores.feedStore.memory;
    const row = feeds.get('newsroom') as FeedRow;
    feeds.set('newsroom', { ...row, validators: { etag: null, lastModified: null } });

    await w.poll();

    expect(w.reported('poll.unchanged')).toMatchObject([{ status: 200 }]);
    const [first] = w.reported('poll.changed') as { bytes: number }[];
    expect(first?.bytes).toBeGreaterThan(0);
    expect(w.reported('poll.unchanged')).toMatchObject([{ bytes: first?.bytes }]);
  });

  it('holds an entry that cannot be rendered instead of losing it', async () => {
    const w = world([{ caption: '{{ summary }}' }]);
    await w.poll();
    w.publish([story(1, { summary: null }), story(2)]);

    await w.poll();

    expect(lastCounts(w)).toMatchObject({ held: 1, review: 0, queued: 1 });
    expect(w.rowTitled('Story 1')).toMatchObject({
      state: 'held',
      post: null,
      history: [{ code: 'caption.empty' }],
    });
  });

  it('makes a draft of the first entry after an empty first poll', async () => {
    const w = world();
    w.publish([]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();

    expect(w.sums()).toEqual({ queued: 1 });
  });

  it('knows an entry that leaves the window and comes back', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2)]);
    await w.poll();
    w.publish([story(1), story(2)]);

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
    expect(lastCounts(w)).toMatchObject({ known: 2 });
  });

  it('baselines an entry listed below all known ones and dated before the feed was added', async () => {
    const w = world();
    w.publish([story(2, { published: '2026-01-02T00:00:00.000Z' })]);
    await w.poll();
    w.publish([
      story(2, { published: '2026-01-02T00:00:00.000Z' }),
      story(1, { published: '2025-12-31T00:00:00.000Z' }),
    ]);

    await w.poll();

    expect(w.rowTitled('Story 1')?.history).toMatchObject([
      { state: 'baselined', code: 'entry.older-than-feed' },
    ]);
  });

  it('reports a possible gap and still takes every entry', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(8), story(9)]);

    await w.poll();

    expect(w.reported('poll.gap')).toHaveLength(1);
    expect(w.sums()).toEqual({ baselined: 1, queued: 2 });
  });
});

it('does not poll a paused feed', async () => {
  const w = world([{ paused: true }]);

  await w.poll();
  await w.minutes(3);

  expect(w.state.fetches).toBe(0);
});

it('logs a count mismatch with its numbers, and continues', async () => {
  const w = world();
  w.services.registrationsAtOnce = 0; // no entry is registered, and no error is raised
  w.publish([story(1), story(2)]);

  await w.poll();

  expect(w.reported('poll.count-mismatch')).toMatchObject([
    { counts: { seen: 2, baselined: 0 }, unsettled: 0 },
  ]);
});

it('reads nothing from the ledger for an unchanged entry of the last window', async () => {
  const read: unknown[] = [];
  const w = world([{}], { before: (name, [key]) => void (name === 'ledger.read' && read.push(key)) });
  w.publish([story(1), story(2), story(3)]);
  await w.poll();
  w.publish([story(4), story(1), story(2), story(3)]);
  read.length = 0;

  await w.poll();

  expect(new Set(read).size).toBe(4); // the four keys of the new entry
});
