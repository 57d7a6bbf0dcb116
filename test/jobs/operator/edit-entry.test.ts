import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { type Editorial, noEditorial } from '../../../lib/core/editorial/editorial.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { type EntryRow, type State, states } from '../../../lib/core/ledger/row.ts';
import type { Edits } from '../../../lib/core/posts/edits.ts';
import { editEntry, snoozeEntry } from '../../../lib/jobs/operator/edit-entry.ts';
import { moveEntries, undoMoves } from '../../../lib/jobs/operator/move-entries.ts';
import { story } from '../../support/entries.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import { type World, world } from '../../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const by = 'ada';
const pictures = ['https://www.example.com/a.jpg', 'https://www.example.com/b.jpg'];
const withPictures = { image: pictures[0] as string, images: pictures };

/** A feed whose only new entry waits for review. */
const inReview = async (feed: Partial<FeedConfig> = {}, entry: Partial<Entry> = withPictures) => {
  const w = world([{ review: true, caption: 'OLD {{ title }}', ...feed }]);
  w.publish([story(1)]);
  await w.poll();
  w.publish([story(2, entry), story(1)]);
  await w.poll();
  return w;
};

const theRow = (w: World) => w.rowTitled('Story 2') as EntryRow;
const edit = (w: World, fields: Edits) => editEntry(w.services, theRow(w).key, { by, fields });
const approve = (w: World) => moveEntries(w.services, [theRow(w)], { move: 'approve', by });
const at = (w: World, ms: number) => `${new Date(w.state.now + ms).toISOString().slice(0, 19)}Z`;
const setAll = (w: World, given: Partial<FeedConfig>) =>
  w.config.feeds.splice(0, 1, { ...w.config.feeds[0], ...given } as FeedConfig);

const sent = async (w: World) => {
  await approve(w);
  await w.minutes(2);
  return w.posts.at(-1)?.post;
};

describe('an edit', () => {
  it('is sent, and kept on the row with who made it and when', async () => {
    const w = await inReview();

    await edit(w, { text: '  A bridge for everyone\r\n\r\n\r\n#bridge ' });

    expect(theRow(w)).toMatchObject({
      state: 'review',
      post: { text: 'A bridge for everyone\n\n#bridge' },
      edited: { by, at: w.state.now },
    });
    expect(theRow(w).history.at(-1)).toMatchObject({ code: 'edit.changed', detail: 'by ada: caption' });
    expect(await sent(w)).toMatchObject({ text: 'A bridge for everyone\n\n#bridge' });
  });

  it('of some fields leaves the others to their templates', async () => {
    const w = await inReview();
    await edit(w, { thumbnail_url: pictures[1] as string });
    await edit(w, { media_ids: [12] });
    setAll(w, { caption: 'NEW {{ title }}', post: { title: 'New', media_ids: [1] } });

    expect(await sent(w)).toMatchObject({
      text: 'NEW Story 2',
      title: 'New',
      thumbnail_url: pictures[1],
      media_ids: [12],
    });
  });

  it('may leave a field out', async () => {
    const w = await inReview({ post: { media_ids: [1] } });
    await edit(w, { thumbnail_url: null, media_ids: [] });

    expect(await sent(w)).not.toHaveProperty('thumbnail_url');
    expect(w.posts[0]?.post.media_ids).toEqual([]);
  });

  it('gives a caption to an entry that was held without one', async () => {
    const w = await inReview({ caption: '{{ author }}' });
    expect(theRow(w)).toMatchObject({ state: 'held', post: null });

    await edit(w, { text: 'Written by hand' });
    await moveEntries(w.services, [theRow(w)], { move: 'release', by });
    await w.minutes(1);

    expect(w.posts).toMatchObject([{ post: { text: 'Written by hand' } }]);
  });

  it('is reset to the template as it is now', async () => {
    const w = await inReview();
    await edit(w, { text: 'Mine', media_ids: [12] });
    setAll(w, { caption: 'NEW {{ title }}' });

    await editEntry(w.services, theRow(w).key, { by, reset: true });

    expect(theRow(w)).toMatchObject({ edited: null, post: { text: 'NEW Story 2' } });
    expect(theRow(w).post).not.toHaveProperty('media_ids');
    expect(theRow(w).history.at(-1)).toMatchObject({ code: 'edit.reset', detail: 'by ada' });
  });

  it('of a queued entry waits, so that it can be undone', async () => {
    const w = await inReview({ review: false });
    const before = theRow(w);
    await editEntry(w.services, before.key, { by, fields: { text: 'Mine' }, undoMs: 10_000 });
    await w.deliverWakeUps();
    expect(w.posts).toEqual([]);

    await undoMoves(w.services, [theRow(w)], { by });
    await w.minutes(3);

    expect(w.posts).toMatchObject([{ post: { text: 'OLD Story 2' } }]);
  });

  it.each<[string, Edits, RegExp]>([
    ['an empty caption', { text: ' \u200b ' }, /text must not be empty: write a caption/],
    ['a caption that is too long', { text: 'x'.repeat(2_201) }, /text must be at most 2,200 characters/],
    ['two videos', { media_ids: [1, 2] }, /media_ids must be a list of one id at most/],
    [
      'a picture of something else',
      { thumbnail_url: 'https://www.example.com/c.jpg' },
      /thumbnail_url must be a picture of the entry, not "https:.*c\.jpg": choose one of https:.*a\.jpg/,
    ],
    ['a time that has passed', { timestamp: '2025-01-01T00:00:00Z' }, /must be at least 5 minutes ahead/],
    ['a time that is none', { timestamp: '2027-02-30T00:00:00Z' }, /timestamp must be a day of the calendar/],
  ])('with %s is refused, and changes nothing', async (_, fields, message) => {
    const w = await inReview();
    const before = theRow(w);

    await expect(edit(w, fields)).rejects.toThrow(message);
    expect(theRow(w)).toEqual(before);
  });

  it.each(states)('of an entry that is %s is allowed only before it is sent', async (state) => {
    const w = await inReview();
    await w.stores.ledger.replace({ ...theRow(w), state, postId: 7, rev: theRow(w).rev + 1 });
    const allowed: State[] = ['review', 'held', 'queued', 'rejected', 'uncertain'];

    const edited = edit(w, { text: 'Mine' });

    if (allowed.includes(state)) expect(await edited).toMatchObject({ state, post: { text: 'Mine' } });
    else await expect(edited).rejects.toMatchObject({ code: 'edit.not-allowed' });
  });

  it('of an entry that is being looked up by its caption is refused', async () => {
    const w = await inReview();
    await w.stores.ledger.replace({ ...theRow(w), state: 'uncertain', wakeAt: 1, rev: theRow(w).rev + 1 });

    await expect(edit(w, { text: 'Mine' })).rejects.toThrow(/looked up/);
  });

  it('never changes brand or publish mode', async () => {
    const w = await inReview();
    await edit(w, { text: 'Mine', brand_id: 7, status: 'SCHEDULED', auto_publish: true } as Edits);

    expect(await sent(w)).toMatchObject({
      text: 'Mine',
      brand_id: 144,
      status: 'DRAFT',
      auto_publish: false,
    });
  });
});

describe('an edited time', () => {
  const slots: Editorial = { ...noEditorial, at: { kind: 'slot', slots: [600] } };
  const later: Editorial = { ...noEditorial, at: { kind: 'after', ms: hour } };

  it.each<[string, Partial<FeedConfig>]>([
    ['no times', {}],
    ['slots', { editorial: slots }],
    ['a delay', { editorial: later }],
    ['a time of its own', { post: { timestamp: '2030-01-01T00:00:00Z' } }],
  ])('is kept in a feed with %s', async (_, feed) => {
    const w = await inReview(feed);
    const timestamp = at(w, 48 * hour);
    await edit(w, { timestamp });

    expect(await sent(w)).toMatchObject({ timestamp });
  });

  it('that has passed holds the entry, and is not changed', async () => {
    const w = await inReview();
    await edit(w, { timestamp: at(w, hour) });
    w.state.now += hour;

    expect(await sent(w)).toBeUndefined();
    expect(theRow(w)).toMatchObject({ state: 'held' });
    expect(theRow(w).history.at(-1)).toMatchObject({ code: 'post.timestamp-passed' });
  });

  it('is refused for a post that goes public at once', async () => {
    const mapping = { id: 'blog', publish: 'now' as const, review: true, post: { media_ids: [1] } };
    const w = hookWorld([webhookOf({ hasFeed: false }, mapping)], []);
    await w.deliver({ id: 'cms-2', title: 'Story 2', link: 'https://www.example.com/2' });

    await expect(edit(w, { timestamp: at(w, hour) })).rejects.toThrow(/goes public at once/);
  });
});

describe('edited fields', () => {
  const edits: fc.Arbitrary<Edits> = fc.record(
    {
      text: fc.constantFrom('Mine', 'Mine too'),
      thumbnail_url: fc.constantFrom(null, ...pictures),
      media_ids: fc.constantFrom([], [7]),
      timestamp: fc.constantFrom('2026-02-01T09:00:00Z', null),
    },
    { requiredKeys: [] },
  );
  const settings = fc.record(
    {
      caption: fc.constantFrom('A {{ title }}', 'B {{ summary }}', '{{ author }}'),
      post: fc.constantFrom<Record<string, unknown>>({}, { media_ids: [3], title: 't' }),
      editorial: fc.constantFrom<Editorial>(noEditorial, { ...noEditorial, at: { kind: 'after', ms: hour } }),
    },
    { requiredKeys: [] },
  );

  it('are what is sent, whatever happens to the settings between edits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(edits, settings), { minLength: 1, maxLength: 4 }), async (steps) => {
        const w = await inReview();
        let expected: Edits = {};
        for (const [fields, changed] of steps) {
          setAll(w, changed);
          const wasEdited = await edit(w, fields).then(
            () => true,
            () => false,
          );
          if (wasEdited) expected = { ...expected, ...fields };
        }
        const post = (await sent(w)) as Record<string, unknown> | undefined;

        for (const [field, value] of Object.entries(expected))
          if (post) expect(post[field] ?? null).toEqual(value);
        if (!post) expect(theRow(w).state).toMatch(/review|held/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a snooze', () => {
  it('keeps an entry from being sent before its time, also when it is approved', async () => {
    const w = await inReview();
    await snoozeEntry(w.services, theRow(w).key, { until: w.state.now + hour, by });
    await approve(w);
    await w.minutes(59);
    expect(w.posts).toEqual([]);

    await w.minutes(2);

    expect(w.posts).toHaveLength(1);
    expect(theRow(w).history[1]).toMatchObject({ code: 'edit.snoozed', state: 'review' });
  });

  it.each(['review', 'held', 'queued'] as const)('is possible and ended while %s', async (state) => {
    const w = await inReview();
    await w.stores.ledger.replace({ ...theRow(w), state, rev: theRow(w).rev + 1 });
    const until = w.state.now + hour;

    const wakeAt = state === 'queued' ? until : null;
    expect(await snoozeEntry(w.services, theRow(w).key, { until, by })).toMatchObject({
      dueAt: until,
      wakeAt,
    });
    expect(await snoozeEntry(w.services, theRow(w).key, { until: 0, by })).toMatchObject({
      dueAt: w.state.now,
    });
  });

  it.each<[string, State, number, RegExp]>([
    ['a sent entry', 'drafted', hour, /cannot be snoozed: it was sent/],
    ['more than a year', 'review', 366 * 24 * hour, /within a year/],
  ])('is refused for %s', async (_, state, ms, message) => {
    const w = await inReview();
    await w.stores.ledger.replace({ ...theRow(w), state, rev: theRow(w).rev + 1 });

    const snoozed = snoozeEntry(w.services, theRow(w).key, { until: w.state.now + ms, by });

    await expect(snoozed).rejects.toThrow(message);
  });
});
