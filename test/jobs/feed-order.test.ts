import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permanent } from '../../lib/core/errors.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import type { WakeUp } from '../../lib/core/ports.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const minute = 60_000;

/** A world with `n` queued entries, the first the oldest, and their wake-ups, taken out of the queue. */
const queued = async (n: number, ...given: Parameters<typeof world>): Promise<[World, WakeUp[]]> => {
  const w = world(...given);
  await w.poll();
  w.state.now += (n + 1) * minute;
  const published = (i: number) => new Date(w.state.now - (n - i) * minute).toISOString();
  w.publish(Array.from({ length: n }, (_, i) => story(i + 1, { published: published(i) })));
  await w.poll();
  return [w, w.stores.queues.wakeUps.splice(0)];
};

const titles = (n: number) => Array.from({ length: n }, (_, i) => `Story ${i + 1}`);
const sentTitles = (w: World) => w.sent.map(({ text }) => /Story \d+/.exec(text ?? '')?.[0]);
const change = (w: World, title: string, changes: Partial<EntryRow>) => {
  const row = w.rowTitled(title) as EntryRow;
  w.stores.ledger.rows.set(row.key, { ...row, ...changes });
};
const wakeUpOf = (w: World, title: string): WakeUp => {
  const { key, brand } = w.rowTitled(title) as EntryRow;
  return { key, brand };
};

describe('entries from a feed', () => {
  it('are sent oldest first, whatever the order of messages and workers', async () => {
    const order = fc.array(fc.tuple(fc.nat(6), fc.boolean()), { minLength: 7, maxLength: 20 });

    await fc.assert(
      fc.asyncProperty(
        order,
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
        async (some, all) => {
          const [w, wakeUps] = await queued(7);
          const workers = [w.worker(), w.worker()] as const;
          const messages = [
            ...some.map(([at, second]) => ({ at, second })),
            ...all.map((at) => ({ at, second: false })),
          ];

          for (const { at, second } of messages) await workers[second ? 1 : 0](wakeUps[at] as WakeUp, w.call);

          expect(sentTitles(w)).toEqual(titles(7));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are each sent once by two concurrent workers, none ahead of an older one that is due', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
        fc.scheduler(),
        async (order, s) => {
          const passedOver: string[] = [];
          const [w, wakeUps] = await queued(6);
          const create = w.services.dash.create;
          w.services.dash.create = async (post, options) => {
            const own = Number(/Story (\d+)/.exec(post.text ?? '')?.[1]);
            const older = w
              .rows()
              .filter(({ state, title }) => state === 'queued' && Number(title?.slice(6)) < own);
            passedOver.push(...older.map(({ title }) => `${title} by ${own}`));
            return create(post, options);
          };
          const { read, replace, oldestQueued } = w.stores.ledger;
          Object.assign(w.services.ledger, {
            read: s.scheduleFunction(read),
            replace: s.scheduleFunction(replace),
            oldestQueued: s.scheduleFunction(oldestQueued),
          });
          const workers = [w.worker(), w.worker()] as const;

          await s.waitFor(
            Promise.all(
              order.map((at, turn) => workers[turn % 2 === 0 ? 0 : 1](wakeUps[at] as WakeUp, w.call)),
            ),
          );

          expect(sentTitles(w).toSorted()).toEqual(titles(6));
          expect(passedOver).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each<[string, Partial<EntryRow>]>([
    ['waits for its turn', { dueAt: Date.UTC(2027, 0, 1) }],
    ['is held', { state: 'held', wakeAt: null }],
    ['is tried again later', { dueAt: Date.UTC(2027, 0, 1), failures: 3 }],
    ['has an unknown outcome', { state: 'uncertain', wakeAt: null }],
    ['is waiting for a look-up', { state: 'uncertain', wakeAt: 1, dueAt: 1 }],
    ['is being sent', { state: 'drafting' }],
    ['was rejected', { state: 'rejected', wakeAt: null }],
    ['belongs to another brand', { brand: 7 }],
    ['belongs to another feed', { feed: 'sport' }],
  ])('are not blocked by an older one that %s', async (_, changes) => {
    const [w] = await queued(3);
    change(w, 'Story 1', changes);

    await w.work(wakeUpOf(w, 'Story 3'));
    await w.work(wakeUpOf(w, 'Story 2'));

    expect(sentTitles(w)).toEqual(['Story 2', 'Story 3']);
  });

  it('are not blocked by an older one that cannot be read', async () => {
    const [w] = await queued(2);
    const broken = wakeUpOf(w, 'Story 1').key;
    const { read } = w.stores.ledger;
    w.services.ledger.read = async (key) => {
      if (key === broken) throw permanent('ledger.corrupt-row', 'no such state');
      return read(key);
    };

    await w.work(wakeUpOf(w, 'Story 2'));

    expect(sentTitles(w)).toEqual(['Story 2']);
  });

  it('are sent once although the index still lists sent rows', async () => {
    const [w] = await queued(3);
    const stale = [wakeUpOf(w, 'Story 1').key];
    w.services.ledger.oldestQueued = async () => stale;

    await w.work(wakeUpOf(w, 'Story 3'));
    await w.work(wakeUpOf(w, 'Story 2'));

    expect(sentTitles(w)).toEqual(['Story 1', 'Story 2']);
  });

  it('are ordered by first sighting when the feed gives no date or a future one', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1, { published: null })]);
    await w.poll();
    w.state.now += minute;
    w.publish([story(2, { published: '2031-01-01T00:00:00.000Z' }), story(1, { published: null })]);
    await w.poll();

    await w.work(wakeUpOf(w, 'Story 2'));
    await w.work(wakeUpOf(w, 'Story 1'));

    expect(sentTitles(w)).toEqual(['Story 1', 'Story 2']);
  });

  it('cost one extra query, and one extra read when another row goes first', async () => {
    const calls: string[] = [];
    const [w] = await queued(2, [{}], { before: (name) => void calls.push(name) });
    const ledgerCalls = async (title: string) => {
      calls.length = 0;
      await w.work(wakeUpOf(w, title));
      return calls.filter((name) => /^ledger\.(read|oldestQueued)$/.test(name));
    };

    expect(await ledgerCalls('Story 2')).toEqual(['ledger.read', 'ledger.oldestQueued', 'ledger.read']);
    expect(await ledgerCalls('Story 2')).toEqual(['ledger.read', 'ledger.oldestQueued']);
  });
});
