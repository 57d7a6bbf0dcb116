import { describe, expect, it } from 'vitest';
import { type Editorial, noEditorial } from '../../../lib/core/editorial/editorial.ts';
import type { QuotaRow } from '../../../lib/core/editorial/quota-row.ts';
import { createDraft } from '../../../lib/jobs/draft/create-draft.ts';
import { reserveQuota } from '../../../lib/jobs/draft/reserve-quota.ts';
import { feedOf, rowOf, story } from '../../support/entries.ts';
import { explore } from '../../support/explore.ts';
import { fakeLedger, fakeQuotaStore } from '../../support/fake-stores.ts';
import { type World, world } from '../../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;

const editorialOf = (given: Partial<Editorial>): Editorial => ({ ...noEditorial, ...given });
const limits = (given: Partial<Editorial['limits']>) =>
  editorialOf({ limits: { ...noEditorial.limits, ...given } });
const slotsAt = (...slots: number[]) => editorialOf({ at: { kind: 'slot', slots } });

/** A world with `n` queued entries at midnight UTC on 1 January 2026. */
const queued = async (n: number, editorial: Editorial): Promise<World> => {
  const w = world([{ editorial }]);
  await w.poll();
  w.publish(Array.from({ length: n }, (_, i) => story(n - i)));
  await w.poll();
  return w;
};

const textsOf = (w: World) => w.posts.map(({ post }) => post.text);
const timesOf = (w: World) => w.posts.map(({ post }) => post.timestamp);

describe('a limit', () => {
  it('sends up to its count, then the rest oldest first when there is room', async () => {
    const w = await queued(5, limits({ perDay: 2 }));

    await w.deliverWakeUps();
    expect(textsOf(w)).toEqual(['Story 1', 'Story 2']);
    expect(w.sums()).toEqual({ drafted: 2, queued: 3 });
    expect(w.rowTitled('Story 3')).toMatchObject({ dueAt: w.state.now + day, wakeAt: w.state.now + day });

    await w.minutes(24 * 60 + 1);
    expect(textsOf(w).slice(2).toSorted()).toEqual(['Story 3', 'Story 4']);
    await w.minutes(24 * 60 + 1);
    expect(textsOf(w).at(-1)).toBe('Story 5');
  });

  it('admits the oldest first, whatever the order of wake-ups', async () => {
    const w = await queued(3, limits({ perDay: 2 }));
    w.stores.queues.wakeUps.reverse();

    await w.deliverWakeUps();

    expect(textsOf(w).toSorted()).toEqual(['Story 1', 'Story 2']);
  });

  it('records in the row why it waits, once', async () => {
    const w = await queued(2, limits({ quiet: { from: 0, to: 7 * 60 } }));

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(w.rowTitled('Story 1')?.history.at(-1)).toMatchObject({
      state: 'queued',
      code: 'limit.quiet',
      detail: 'quiet hours',
    });
    expect(w.reported('draft.deferred')).toHaveLength(2);
    await w.minutes(7 * 60 + 2);
    expect(w.sums()).toEqual({ drafted: 2 });
  });

  it('does not count posts that were certainly not created', async () => {
    const w = await queued(2, limits({ perDay: 1 }));
    w.state.response = 'rejected';
    await w.work({ key: w.rowTitled('Story 1')?.key ?? '', brand: 144 });
    w.state.response = 'created';

    await w.work({ key: w.rowTitled('Story 2')?.key ?? '', brand: 144 });

    expect(w.sums()).toEqual({ rejected: 1, drafted: 1 });
  });

  it('counts posts that may have been created', async () => {
    const w = await queued(2, limits({ perDay: 1 }));
    w.state.response = 'lost, created';
    await w.work({ key: w.rowTitled('Story 1')?.key ?? '', brand: 144 });
    w.state.response = 'created';

    await w.work({ key: w.rowTitled('Story 2')?.key ?? '', brand: 144 });

    expect(w.sums()).toEqual({ uncertain: 1, queued: 1 });
  });
});

describe('next_slot', () => {
  it('gives each draft its own slot, oldest first', async () => {
    const w = await queued(3, slotsAt(9 * 60, 17 * 60));

    await w.deliverWakeUps();

    expect(timesOf(w)).toEqual(['2026-01-01T09:00:00Z', '2026-01-01T17:00:00Z', '2026-01-02T09:00:00Z']);
    expect(w.rowTitled('Story 1')?.post?.timestamp).toBe('2026-01-01T09:00:00Z');
  });

  it('gives the oldest the first slot, whatever the order of wake-ups', async () => {
    const w = await queued(3, slotsAt(9 * 60, 17 * 60));
    w.stores.queues.wakeUps.reverse();

    await w.deliverWakeUps();

    expect(textsOf(w)).toEqual(['Story 3', 'Story 2', 'Story 1']);
    expect(timesOf(w)).toEqual(['2026-01-02T09:00:00Z', '2026-01-01T17:00:00Z', '2026-01-01T09:00:00Z']);
  });

  it('is chosen again after an outage, and an unsent post frees its slot', async () => {
    const w = await queued(1, slotsAt(9 * 60));
    w.state.response = 'not-created';
    await w.deliverWakeUps();
    w.state.response = 'created';
    w.state.now += 3 * day;

    await w.minutes(3);

    expect(timesOf(w)).toEqual(['2026-01-04T09:00:00Z']);
    expect(w.stores.quotas.counts.get('newsroom')?.reserved).toHaveLength(1);
  });
});

describe('a time from a template', () => {
  it.each([
    ['in the future', '2026-02-01T09:00:00.000Z', '2026-02-01T09:00:00Z'],
    ['that has passed', '2026-01-01T09:00:00.000Z', undefined],
  ])('%s: %s becomes %s', async (_, published, timestamp) => {
    const w = world([{ editorial: editorialOf({ at: { kind: 'template', template: '{{ published }}' } }) }]);
    await w.poll();
    w.state.now = Date.parse('2026-01-02T00:00:00Z');
    w.publish([story(1, { published })]);
    await w.poll();

    await w.deliverWakeUps();

    expect(timesOf(w)).toEqual([timestamp]);
  });

  it('holds the entry when the template renders no date', async () => {
    const w = world([{ editorial: editorialOf({ at: { kind: 'template', template: '{{ title }}' } }) }]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();

    expect(w.rowTitled('Story 1')?.history).toMatchObject([{ state: 'held', code: 'post.no-date' }]);
  });
});

describe('two workers', () => {
  const editorial = { ...slotsAt(9 * 60, 10 * 60), limits: { ...noEditorial.limits, perDay: 2 } };
  const keys = ['guid-a', 'guid-b'];

  it('never share a slot or exceed a limit, in any interleaving and with any crash', async () => {
    const taken = { most: 0 };
    const explored = await explore(
      () => {
        const counts = new Map<string, QuotaRow>();
        const rows = new Map(keys.map((key) => [key, rowOf({ key }, { key })]));
        const feed = feedOf({ editorial: { ...editorial, limits: { ...noEditorial.limits, perDay: 1 } } });
        const times: (string | null | undefined)[] = [];
        return {
          processes: keys.map((key) => async (hooks) => {
            const services = {
              config: { feeds: [feed] },
              quotas: fakeQuotaStore(hooks, counts),
              ledger: fakeLedger({}, new Map(rows)),
              clock: () => 1_000,
            };
            const row = rows.get(key);
            if (!row) return;
            const post = await reserveQuota(services, row, { remainingMs: () => 1, report: () => {} });
            if (post) times.push(post.timestamp);
          }),
          world: () => JSON.stringify([...counts.values()]),
          atRest: () => {
            taken.most = Math.max(taken.most, times.length);
            expect(counts.get('newsroom')?.reserved.length ?? 0).toBeLessThanOrEqual(1);
            expect(times.length).toBeLessThanOrEqual(1);
          },
        };
      },
      { crashes: 1 },
    );

    expect(taken.most).toBe(1);
    expect(explored.states).toBeGreaterThan(10);
  });

  it('post each row once, in separate slots', async () => {
    const w = await queued(2, editorial);
    const workers = [createDraft(w.services), createDraft(w.services)];

    const messages = w.stores.queues.wakeUps.splice(0);
    await Promise.all(messages.flatMap((message) => workers.map((work) => work(message, w.call))));

    expect(timesOf(w).toSorted()).toEqual(['2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z']);
    expect(w.stores.quotas.counts.get('newsroom')?.reserved).toHaveLength(2);
  });
});
