import { describe, expect, it } from 'vitest';
import { leaseMs } from '../../../lib/core/dash/timing.ts';
import { misconfigured, permanent, retryable } from '../../../lib/core/errors.ts';
import type { LedgerRow } from '../../../lib/core/ledger/row.ts';
import { story } from '../../support/entries.ts';
import { type Response, type World, world } from '../../support/world.ts';

const queued = async (whenUncertain: 'park' | 'retry' = 'park'): Promise<World> => {
  const w = world([{ whenUncertain }]);
  await w.poll();
  w.publish([story(1)]);
  await w.poll();
  return w;
};

const throttled = () => retryable('store.throttled', 'AWS throttles the table');

type Fail = (row: LedgerRow) => Error | null;

/** Makes ledger writes fail while `fail` returns an error; with `applied`, the failed write takes effect anyway. */
const failing = (w: World, fail: Fail, applied = false) => {
  const { replace } = w.stores.ledger;
  const tries: number[] = [];
  w.stores.ledger.replace = async (row) => {
    const error = fail(row);
    if (error && applied) await replace(row);
    if (!error) return replace(row);
    tries.push(w.state.now);
    throw error;
  };
  return { tries };
};

const isSettling: Fail = (row) => (row.type === 'entry' && row.state !== 'drafting' ? throttled() : null);
const only = (w: World) => w.rows()[0];
const codes = (w: World) => only(w)?.history.map(({ code }) => code);

describe('a known outcome whose row cannot be written', () => {
  const settled: [Response, object, string][] = [
    ['created', { state: 'drafted', postId: 1 }, 'draft.created'],
    ['rejected', { state: 'rejected' }, 'draft.rejected'],
    ['throttled', { state: 'queued', attempts: 0 }, 'draft.deferred'],
    ['not-created', { state: 'queued', attempts: 0, failures: 1 }, 'draft.deferred'],
  ];
  it.each(settled)(
    'is written when the table is available again within the lease; %s',
    async (response, row) => {
      const w = await queued();
      w.state.response = response;
      const until = w.state.now + 60_000;
      failing(w, (next) => (w.state.now < until ? isSettling(next) : null));

      await w.deliverWakeUps();

      expect(only(w)).toMatchObject(row);
      expect(w.sent).toHaveLength(1);
      expect(codes(w)).not.toContain('draft.lease-ran-out');
    },
  );

  it.each(settled)('is logged before the first attempt to write it; %s', async (response, _, event) => {
    const w = await queued();
    w.state.response = response;
    const logged: boolean[] = [];
    failing(w, (row) => {
      if (row.type === 'entry' && row.state !== 'drafting')
        logged.push(w.reported(event as 'draft.created').length === 1);
      return null;
    });

    await w.deliverWakeUps();

    expect(logged).toEqual([true]);
  });

  it('is retried with growing pauses, up to five seconds', async () => {
    const w = await queued();
    const until = w.state.now + 60_000;
    const { tries } = failing(w, (next) => (w.state.now < until ? isSettling(next) : null));

    await w.deliverWakeUps();

    const pauses = tries.slice(1).map((at, i) => at - (tries[i] as number));
    expect(pauses.slice(0, 5)).toEqual([150, 300, 600, 1_200, 2_400]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5_000);
  });

  it('is retried until the lease ends, then logged as unwritten with the post ID', async () => {
    const w = await queued();
    failing(w, isSettling);
    const start = w.state.now;

    await expect(w.deliverWakeUps()).rejects.toMatchObject({ code: 'store.throttled' });

    expect(w.state.now - start).toBeLessThanOrEqual(leaseMs);
    expect(w.state.now - start).toBeGreaterThan(leaseMs - 6_000);
    expect(w.reported('draft.unwritten')).toMatchObject([{ outcome: 'created', postId: 1 }]);
  });

  it('is not retried beyond the invocation’s time', async () => {
    const w = await queued();
    failing(w, isSettling);
    const start = w.state.now;
    w.call.remainingMs = () => start + 10_000 - w.state.now;

    await expect(w.deliverWakeUps()).rejects.toMatchObject({ code: 'store.throttled' });

    expect(w.state.now - start).toBeLessThanOrEqual(8_000);
  });

  it('is kept by the worker, and written before its next row', async () => {
    const w = await queued();
    let away = true;
    failing(w, (row) => (away ? isSettling(row) : null));
    await w.deliverWakeUps().catch(() => {});
    away = false;

    await w.work({ key: 'guid-missing', brand: 144 });

    expect(only(w)).toMatchObject({ state: 'drafted', postId: 1 });
    expect(codes(w)).toEqual(['entry.new', 'draft.claimed', 'draft.created']);
  });

  it('replaces what the sweep wrote after the lease expired', async () => {
    const w = await queued('retry');
    let away = true;
    failing(w, (row) => (away ? isSettling(row) : null));
    await w.deliverWakeUps().catch(() => {});
    away = false;
    await w.minutes(3);
    expect(codes(w)).toContain('draft.lease-ran-out');

    await w.work({ key: 'guid-missing', brand: 144 });
    await w.minutes(20);

    expect(only(w)).toMatchObject({ state: 'drafted', postId: 1 });
    expect(w.posts).toHaveLength(1);
  });

  it.each([
    ['a bug', new TypeError('cannot read the length of undefined')],
    ['a row over the size limit', permanent('store.too-large', 'Too large for the table')],
  ])('is neither retried nor made unknown by %s', async (_, error) => {
    const w = await queued('retry');
    const { tries } = failing(w, (row) => isSettling(row) && error);

    await w.deliverWakeUps().catch(() => {});

    expect(tries).toHaveLength(1);
    expect(only(w)).toMatchObject({ state: 'drafting', mayBeTwice: 0 });
    expect(w.reported('draft.uncertain')).toEqual([]);
  });

  it('is retried when permission is missing, which may take a moment to propagate', async () => {
    const w = await queued();
    const until = w.state.now + 10_000;
    failing(w, (row) =>
      w.state.now < until && isSettling(row)
        ? misconfigured('store.access-denied', 'AWS refuses the table')
        : null,
    );

    await w.deliverWakeUps();

    expect(only(w)).toMatchObject({ state: 'drafted', postId: 1 });
  });
});

describe('a claim whose write fails', () => {
  it.each([
    ['without taking effect', false],
    ['after taking effect', true],
  ])('%s leaves a queued row, because nothing was sent', async (_, applied) => {
    const w = await queued();
    let once = true;
    failing(
      w,
      (row) => {
        if (!once || row.type !== 'entry' || row.state !== 'drafting') return null;
        once = false;
        return throttled();
      },
      applied,
    );

    await expect(w.deliverWakeUps()).rejects.toMatchObject({ code: 'store.throttled' });
    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0, claimId: null });

    await w.minutes(5);

    expect(only(w)).toMatchObject({ state: 'drafted', attempts: 1, mayBeTwice: 0 });
  });
});
