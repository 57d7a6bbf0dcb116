import { describe, expect, it } from 'vitest';
import type { FeedConfig, Review } from '../../lib/core/config/config.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import type { Candidate } from '../../lib/core/entries/candidate.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { permanent } from '../../lib/core/errors.ts';
import type { EntryRow, LedgerRow } from '../../lib/core/ledger/row.ts';
import { type MoveRequest, moveEntries } from '../../lib/jobs/operator/move-entries.ts';
import { registerEntry } from '../../lib/jobs/register-entry.ts';
import { candidateOf } from '../support/candidates.ts';
import { feedOf, hugeEntry, story } from '../support/entries.ts';
import { explore } from '../support/explore.ts';
import { fakeLedger, type Hooks } from '../support/fake-stores.ts';
import { hookWorld, webhookOf } from '../support/hook-world.ts';
import { type World, world } from '../support/world.ts';

const day = 86_400_000;

/** A feed that was added with one entry, and then shows these. */
const withNew = async (review: Review, ...entries: Entry[]): Promise<World> => {
  const w = world([{ review }]);
  w.publish([story(1)]);
  await w.poll();
  w.publish([...entries.toReversed(), story(1)]);
  await w.poll();
  return w;
};

const stateOf = (w: World, title: string) => w.rowTitled(title)?.state;
const texts = (w: World) => w.posts.map(({ post }) => post.text);

const decide = (w: World, title: string, asked: Partial<MoveRequest> = {}) =>
  moveEntries(w.services, [w.rowTitled(title) as EntryRow], { move: 'approve', by: 'ada', ...asked });

describe('a feed with review: true', () => {
  it('sends nothing until an entry is approved, however long that takes', async () => {
    const w = await withNew(true, story(2), story(3));
    const [row] = w.rows().filter(({ state }) => state === 'review');
    expect(row).toMatchObject({ post: { text: 'Story 2' }, wakeAt: null, expiresAt: null });

    for (let n = 0; n < 800; n += 10) {
      w.state.now += 10 * day;
      await w.minutes(1);
    }
    expect(texts(w)).toEqual([]);
    await decide(w, 'Story 3');
    await w.minutes(1);

    expect(texts(w)).toEqual(['Story 3']);
    expect(w.rowTitled('Story 3')?.history.map(({ state, code }) => [state, code])).toEqual([
      ['review', 'entry.new'],
      ['queued', 'move.approve'],
      ['drafting', 'draft.claimed'],
      ['drafted', 'draft.created'],
    ]);
    expect(stateOf(w, 'Story 2')).toBe('review');
  });

  it('recognizes an entry in review when another feed shows it years later', async () => {
    const w = await withNew(true, story(2));
    for (let n = 0; n < 1_200; n += 20) {
      w.state.now += 20 * day;
      w.publish([]);
      await w.minutes(1);
    }

    w.publish([story(2, { id: 'other' })]);
    await w.poll();

    expect(w.rows().filter(({ title }) => title === 'Story 2')).toMatchObject([{ state: 'review' }]);
  });

  it('sends no draft of a dismissed entry', async () => {
    const w = await withNew(true, story(2));
    await decide(w, 'Story 2', { move: 'dismiss' });
    await w.minutes(5);

    expect(stateOf(w, 'Story 2')).toBe('dismissed');
    expect(texts(w)).toEqual([]);
  });

  it('sends an approved entry with the caption that is set now', async () => {
    const w = await withNew(true, story(2));
    w.config.feeds = w.config.feeds.map((feed) => ({ ...feed, caption: 'New: {{ title }}' }));

    await decide(w, 'Story 2');
    await w.minutes(1);

    expect(texts(w)).toEqual(['New: Story 2']);
  });

  it('leaves held, filtered and existing entries as they are', async () => {
    const rules = { ...noEditorial.rules, skip: { ...noEditorial.rules.skip, keywords: ['advert'] } };
    const w = world([{ review: true, editorial: { ...noEditorial, rules } }]);
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(3, { title: 'Advert' }), story(2, { title: null }), story(1)]);
    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1, filtered: 1, held: 1 });
  });

  it('takes over what another feed left out', async () => {
    const rules = { ...noEditorial.rules, skip: { ...noEditorial.rules.skip, keywords: ['story'] } };
    const w = world([
      { editorial: { ...noEditorial, rules } },
      { id: 'tag', url: 'https://www.example.com/tag.xml', review: true },
    ]);
    w.publish([story(1)]);
    w.publish([], 'tag');
    await w.poll();
    w.publish([story(2), story(1)]);
    await w.poll(['newsroom']);
    w.publish([story(2)], 'tag');
    await w.poll(['tag']);

    expect(w.rowTitled('Story 2')).toMatchObject({ state: 'review', feed: 'tag' });
  });

  it('holds an entry that is too large to store', async () => {
    const ledger = fakeLedger();
    const candidate = candidateOf(story(1), { feed: feedOf({ review: true }), stored: hugeEntry() });
    const refusing = {
      ...ledger,
      storeEntry: async () => {
        throw permanent('store.too-large', 'too large');
      },
    };

    expect(await registerEntry({ ledger: refusing, clock: () => 0 }, candidate)).toMatchObject({
      outcome: 'held',
      code: 'entry.too-large',
    });
  });
});

describe('a feed with review: { first: 2 }', () => {
  it('asks for its first two entries, oldest first, and sends the others', async () => {
    const w = await withNew({ first: 2 }, story(2), story(3), story(4));
    await w.minutes(1);
    w.publish([story(6), story(5), story(4)]);
    await w.poll();
    await w.minutes(1);

    expect(['Story 2', 'Story 3', 'Story 4', 'Story 5'].map((title) => stateOf(w, title))).toEqual([
      'review',
      'review',
      'drafted',
      'drafted',
    ]);
  });

  it('counts decided entries too', async () => {
    const w = await withNew({ first: 1 }, story(2));
    await decide(w, 'Story 2', { move: 'dismiss' });
    w.publish([story(3), story(2)]);
    await w.poll();
    await w.minutes(1);

    expect(stateOf(w, 'Story 3')).toBe('drafted');
  });

  it('shares its count with its webhook', async () => {
    const review = { first: 2 };
    const w = hookWorld([webhookOf({}, { review })], [{ review }]);
    w.publish([story(1)]);
    await w.poll();
    const delivered = await w.deliver({ id: 'cms-2', title: 'Story 2', link: 'https://www.example.com/2' });
    w.publish([story(4), story(3), story(2), story(1)]);
    await w.poll();

    expect(delivered.outcome).toBe('review');
    expect(['Story 2', 'Story 3', 'Story 4'].map((title) => w.rowTitled(title)?.state)).toEqual([
      'review',
      'review',
      'queued',
    ]);
  });

  it('asks for exactly two however three registrations interleave', async () => {
    await explore(() => {
      const rows = new Map<string, LedgerRow>();
      const register = (n: number) => (hooks: Hooks) =>
        registerEntry(
          { ledger: fakeLedger(hooks, rows), clock: () => 0 },
          candidateOf(story(n), { feed: feedOf({ review: { first: 2 } }) }),
        );
      return {
        processes: [register(1), register(2), register(3)],
        world: () => JSON.stringify([...rows].sort()),
        selfContained: true,
        atRest: () => {
          const states = [...rows.values()].flatMap((row) => (row.type === 'entry' ? [row.state] : []));
          expect(states.sort()).toEqual(['queued', 'review', 'review']);
        },
      };
    });
  });

  it('counts an entry once that is registered twice, whichever process dies', async () => {
    const both = [candidateOf(story(1)), candidateOf(story(1))].map((candidate) => ({
      ...candidate,
      feed: feedOf({ review: { first: 1 } }),
    }));
    await explore(
      () => {
        const rows = new Map<string, LedgerRow>();
        return {
          processes: both.map(
            (candidate) => (hooks: Hooks) =>
              registerEntry({ ledger: fakeLedger(hooks, rows), clock: () => 0 }, candidate),
          ),
          world: () => JSON.stringify([...rows].sort()),
          selfContained: true,
          atRest: async () => {
            await registerEntry({ ledger: fakeLedger({}, rows), clock: () => 0 }, both[0] as Candidate);
            expect([...rows.values()].filter((row) => row.type === 'entry')).toMatchObject([
              { state: 'review' },
            ]);
          },
        };
      },
      { crashes: 2 },
    );
  });
});

describe('the age of an entry that is approved', () => {
  const published = new Date(Date.UTC(2026, 0, 1)).toISOString();
  const ofHook = (publish: 'now' | 'draft', changes: Partial<FeedConfig> = {}) =>
    hookWorld(
      [
        webhookOf(
          { hasFeed: false },
          { id: 'blog', publish, review: true, post: { media_ids: [1] }, ...changes },
        ),
      ],
      [],
    );
  const newerThan = { ...noEditorial.rules, only: { ...noEditorial.rules.only, newerThanMs: 2 * day } };
  const editorial = { ...noEditorial, rules: newerThan };

  it.each([
    ['max_age', ofHook('draft', { maxAgeMs: 30 * day }), published, 30 * day, true],
    ['max_age', ofHook('draft', { maxAgeMs: 30 * day }), published, 31 * day, false],
    ['max_age, by when it was first seen', ofHook('draft', { maxAgeMs: day }), null, 2 * day, false],
    ['no max_age', ofHook('draft', { maxAgeMs: null }), published, 900 * day, true],
    ['only.newer_than', ofHook('draft', { editorial }), published, 3 * day, false],
    ['stale_after', ofHook('now'), published, day / 4, true],
    ['stale_after', ofHook('now'), published, day, false],
  ])('is judged again by %s', async (setting, w, date, waitedMs, isSent) => {
    await w.deliver({ id: 'cms-2', title: 'Story 2', link: 'https://www.example.com/2', published: date });
    w.state.now += waitedMs;

    const [moved] = await decide(w, 'Story 2');
    const [after] = w.rows();
    const [forced] = isSent ? [moved] : await decide(w, 'Story 2', { evenIfOld: true });
    await w.minutes(1);

    if (!isSent) {
      expect(moved?.refusal).toMatchObject({ code: 'move.too-old' });
      expect(moved?.refusal?.message).toContain(setting.split(',')[0]);
      expect(moved?.refusal?.message).toContain('--even-if-old');
      expect(after?.state).toBe('review');
    }
    expect(forced?.refusal).toBeNull();
    expect(texts(w)).toEqual(['Story 2']);
  });
});
