import { beforeEach, describe, expect, it } from 'vitest';
import { keepEntryOfDraftMs } from '../../../lib/core/dash/timing.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { toStoredEntry } from '../../../lib/core/entries/stored-entry.ts';
import { type EntryRow, type State, states } from '../../../lib/core/ledger/row.ts';
import { allowedFrom, type Move } from '../../../lib/core/operator/moves.ts';
import { moveEntries, planLessons, planMoves } from '../../../lib/jobs/operator/move-entries.ts';
import { memoryOf } from '../../support/candidates.ts';
import { feedOf, story } from '../../support/entries.ts';
import {
  type FakeLedger,
  type FakeQueues,
  fakeFeedStore,
  fakeLedger,
  fakeQueues,
  type Hooks,
} from '../../support/fake-stores.ts';
import { webhookOf } from '../../support/hook-world.ts';
import { aFeedRow, anEntryRow } from '../../support/store-rows.ts';

let ledger: FakeLedger;
let queues: FakeQueues;
let hooks: Hooks;

beforeEach(() => {
  hooks = {};
  ledger = fakeLedger({ before: (...given) => hooks.before?.(...given) });
  queues = fakeQueues();
});

const servicesWith = (feeds = [feedOf()]) => ({
  config: { feeds, webhooks: [webhookOf({ hasFeed: false }, { id: 'blog-custom' })] },
  ledger,
  feedStore: fakeFeedStore(),
  sendWakeUps: queues.sendWakeUps,
  clock: () => 5_000,
});

const put = (given: Partial<EntryRow>): EntryRow => {
  const row = anEntryRow({ wakeAt: null, ...given });
  ledger.rows.set(row.key, row);
  return row;
};

const keep = (entry: Entry): string => {
  ledger.entries.set('kept-a', { stored: toStoredEntry(entry), until: Number.POSITIVE_INFINITY });
  return 'kept-a';
};

const asked = (move: Move) => ({ move, by: 'ada' });
const moves = Object.keys(allowedFrom) as Move[];

describe('moveEntries', () => {
  const all = moves.flatMap((move) => states.map((state): [Move, State] => [move, state]));

  it.each(all)(
    '%s of a row that is %s is applied if allowed, or refused with its state',
    async (move, state) => {
      const row = put({ state });

      const [moved] = await moveEntries(servicesWith(), [row], asked(move));

      const allowed = allowedFrom[move].includes(state);
      const stored = ledger.rows.get('k1') as EntryRow;
      if (allowed) expect(stored.history.at(-1)).toMatchObject({ code: `move.${move}`, detail: 'by ada' });
      else {
        expect(moved?.refusal?.message).toContain(`, so you cannot ${move} it.`);
        expect(stored).toBe(row);
      }
    },
  );

  it.each(all)(
    'planMoves predicts the result of %s on a row that is %s, and writes nothing',
    async (move, state) => {
      const row = put({ state });

      const planned = await planMoves(servicesWith(), [row], asked(move));

      expect(ledger.rows.get('k1')).toBe(row);
      expect(planned).toEqual(await moveEntries(servicesWith(), [row], asked(move)));
    },
  );

  it('wakes the rows it queues, and no others', async () => {
    const rows = [
      put({ key: 'a', state: 'held' }),
      put({ key: 'b', state: 'drafted' }),
      put({ key: 'c', state: 'baselined', brand: 7 }),
    ];

    await moveEntries(servicesWith(), rows, asked('release'));

    expect(queues.wakeUps).toEqual([
      { key: 'a', brand: 144 },
      { key: 'c', brand: 7 },
    ]);
    expect(ledger.rows.get('a')).toMatchObject({ state: 'queued', wakeAt: 5_000 });
  });

  it('sends no wake-up when nothing is queued', async () => {
    await moveEntries(servicesWith(), [put({ state: 'held' })], asked('dismiss'));

    expect(queues.wakeUps).toEqual([]);
  });

  it('leaves rows over a thousand to the sweep, so that a large release does not flood the queue', async () => {
    const rows = Array.from({ length: 1_005 }, (_, n) => put({ key: `k${n}`, state: 'held' }));

    await moveEntries(servicesWith(), rows, asked('release'));

    expect(queues.wakeUps).toHaveLength(1_000);
    expect(ledger.rows.get('k1004')).toMatchObject({ state: 'queued', wakeAt: 5_000 });
  });

  it('uses the current row instead of the listed one', async () => {
    const row = put({ state: 'held' });
    hooks.before = (name) => {
      if (name === 'ledger.replace') ledger.rows.set('k1', { ...row, rev: 2, state: 'drafted' });
    };

    const [moved] = await moveEntries(servicesWith(), [row], asked('release'));

    expect(moved).toMatchObject({ from: 'drafted', refusal: { code: 'move.not-allowed' } });
    expect(ledger.rows.get('k1')).toMatchObject({ state: 'drafted' });
  });

  it('refuses a row that has disappeared meanwhile', async () => {
    const row = put({ state: 'held' });
    hooks.before = (name) => void (name === 'ledger.replace' && ledger.rows.clear());

    const [moved] = await moveEntries(servicesWith(), [row], asked('release'));

    expect(moved?.refusal).toMatchObject({ code: 'entry.unknown' });
  });

  it('renders a row without a post again after the template is fixed', async () => {
    const row = put({ state: 'held', post: null, storedAs: keep(story(1)) });

    await moveEntries(servicesWith([feedOf({ caption: 'Read: {{ title }}' })]), [row], asked('release'));

    expect(ledger.rows.get('k1')).toMatchObject({
      state: 'queued',
      post: { text: 'Read: Story 1', brand_id: 144, status: 'DRAFT' },
    });
  });

  it('refuses a row that still cannot be rendered, with the reason, but allows dismissing it', async () => {
    const row = put({ state: 'held', post: null, storedAs: keep(story(1)) });
    const services = servicesWith([feedOf({ caption: '{{ author }}' })]);

    const [released] = await moveEntries(services, [row], asked('release'));
    const [dismissed] = await moveEntries(services, [row], asked('dismiss'));

    expect(released?.refusal).toMatchObject({
      code: 'move.no-post',
      message: expect.stringContaining('renders nothing'),
    });
    expect(dismissed).toMatchObject({ refusal: null, row: { state: 'dismissed' } });
  });

  it('refuses a row without a post when its stored entry is gone', async () => {
    const row = put({ state: 'held', post: null, storedAs: 'kept-long-ago' });

    const [released] = await moveEntries(servicesWith(), [row], asked('release'));

    expect(released?.refusal).toMatchObject({
      code: 'move.no-post',
      message: expect.stringContaining('its entry is no longer stored. Dismiss it'),
    });
  });

  it('schedules a confirmed draft’s stored entry to expire in 30 days', async () => {
    const row = put({ state: 'uncertain', storedAs: keep(story(1)) });

    await moveEntries(servicesWith(), [row], asked('confirm'));

    expect(ledger.entries.get('kept-a')?.until).toBe(5_000 + keepEntryOfDraftMs);
  });

  it('refuses to queue a row whose feed is gone, because it would be held again', async () => {
    const row = put({ state: 'held', feed: 'gone' });

    const [released] = await moveEntries(servicesWith(), [row], asked('release'));

    expect(released?.refusal).toMatchObject({ code: 'move.no-feed' });
  });

  it('moves an entry from a webhook without a feed, rendered by its mapping', async () => {
    const row = put({ state: 'held', feed: 'blog-custom', post: null, storedAs: keep(story(7)) });

    const [released] = await moveEntries(servicesWith(), [row], asked('release'));

    expect(released).toMatchObject({ refusal: null, row: { state: 'queued', post: { text: 'Story 7' } } });
  });

  it('counts a possible duplicate when an uncertain entry is retried', async () => {
    const row = put({ state: 'uncertain', mayBeTwice: 1 });

    await moveEntries(servicesWith(), [row], asked('retry'));

    expect(ledger.rows.get('k1')).toMatchObject({ state: 'queued', mayBeTwice: 2 });
  });

  it('stores the draft’s ID that was given with confirm', async () => {
    const row = put({ state: 'uncertain' });

    await moveEntries(servicesWith(), [row], { move: 'confirm', by: 'ada', postId: 77 });

    expect(ledger.rows.get('k1')).toMatchObject({ state: 'drafted', postId: 77 });
  });
});

describe('a batch with thousands of entries', () => {
  it('is moved completely, with a bounded number of wake-ups', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) => put({ key: `k${i}`, state: 'held' }));

    const moved = await moveEntries(servicesWith(), rows, asked('release'));

    expect(moved.map(({ row }) => row.key)).toEqual(rows.map(({ key }) => key));
    expect([...ledger.rows.values()].every((row) => row.type === 'entry' && row.state === 'queued')).toBe(
      true,
    );
    expect(queues.wakeUps).toHaveLength(1_000);
  });

  it('wakes the rows already moved when the rest fails', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => put({ key: `k${i}`, state: 'held' }));
    hooks.before = (name, args) => {
      if (name === 'ledger.replace' && (args[0] as EntryRow).key === 'k200') throw new Error('gone');
    };

    await expect(moveEntries(servicesWith(), rows, asked('release'))).rejects.toThrow('gone');

    expect(queues.wakeUps.length).toBeGreaterThanOrEqual(200);
  });
});

describe('planLessons', () => {
  it('lists what a release would teach each feed, without what it has learned already', async () => {
    const services = servicesWith();
    await services.feedStore.save(aFeedRow({ memory: memoryOf({ byPlace: true }) }));
    await services.feedStore.save(aFeedRow({ id: 'blog', memory: memoryOf({ byPlace: false }) }));
    const held = (key: string, feed: string) => put({ key, feed, state: 'held', lesson: 'by-place' });

    const planned = await planLessons(services, [
      held('a', 'newsroom'),
      held('b', 'blog'),
      held('c', 'blog'),
      put({ key: 'd', feed: 'blog', state: 'drafted', lesson: 'lists-oldest-first' }),
    ]);

    expect(planned).toEqual([{ feed: 'blog', lesson: 'by-place' }]);
  });
});
