import { describe, expect, it } from 'vitest';
import {
  allowsPosting,
  circuitFor,
  halfOpened,
  isClosed,
  pausedCircuit,
  pausedFeeds,
  trip,
} from '../../../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';

const minute = 60_000;
const at = 100 * minute;

const closed = (changes: Partial<CircuitRow> = {}): CircuitRow => ({
  scope: 'all',
  by: 'machine',
  reason: 'outage',
  openUntil: at + minute,
  openedAt: at,
  triedAt: at,
  halfOpen: false,
  failures: 0,
  rev: 1,
  ...changes,
});

describe('posting is allowed', () => {
  it.each([
    ['no circuit row', [], undefined, true],
    ['an outage', [closed()], undefined, false],
    [
      'an outage whose time is over, which only a probe closes',
      [closed({ openUntil: at - 1 })],
      undefined,
      false,
    ],
    ['a throttling', [closed({ reason: 'throttled' })], undefined, false],
    ['a throttling whose time is over', [closed({ reason: 'throttled', openUntil: at })], undefined, true],
    ['a half-open circuit, without a probe', [closed({ halfOpen: true })], undefined, false],
    ['a half-open circuit, as its probe', [closed({ halfOpen: true })], 'all', true],
    ['a half-open circuit, as the probe of another', [closed({ halfOpen: true })], 'brand/144', false],
    [
      'a half-open circuit and an open one',
      [closed({ halfOpen: true }), closed({ scope: 'brand/144' })],
      'all',
      false,
    ],
    ['an open circuit of another brand', [closed({ scope: 'brand/7' })], undefined, true],
    ['an open circuit of its brand', [closed({ scope: 'brand/144' })], undefined, false],
    [
      'a pause of everything, as a probe',
      [pausedCircuit(null, 'all', at), closed({ halfOpen: true })],
      'all',
      false,
    ],
    ['a pause of its feed', [pausedCircuit(null, 'feed/newsroom', at)], undefined, false],
    ['a pause of another feed', [pausedCircuit(null, 'feed/products', at)], undefined, true],
  ] as [string, CircuitRow[], string | undefined, boolean][])('%s → %s', (_, rows, probe, through) => {
    const circuit = circuitFor(rows, { brand: 144, feed: 'newsroom' }, at);

    expect(allowsPosting(circuit, probe)).toBe(through);
    if (probe === undefined) expect(isClosed(circuit)).toBe(through);
  });
});

describe('an open circuit', () => {
  const closing = { scope: 'all', reason: 'outage', at } as const;

  it('stays open for a minute, doubled each time the same reason recurs, up to an hour', () => {
    let row: CircuitRow | null = null;
    const waits: number[] = [];
    for (let i = 0, now: number = at; i < 8; i++) {
      row = trip(row, { ...closing, at: now }) as CircuitRow;
      waits.push(((row.openUntil ?? 0) - now) / minute);
      now = row.openUntil ?? 0;
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('keeps since when it is open while tries fail, and notes the last of them', () => {
    const retried = trip(halfOpened(closed(), at + minute), {
      ...closing,
      reason: 'unauthorized',
      at: at + 2 * minute,
    });

    expect(retried).toMatchObject({ openedAt: at, triedAt: at + 2 * minute, reason: 'unauthorized' });
  });

  it('keeps the last error in a few words, also while no newer one is known', () => {
    const failed = trip(null, { ...closing, error: 'Dash Social returned 503; the post may exist' });
    const again = trip(halfOpened(failed as CircuitRow, at + minute), { ...closing, at: at + 2 * minute });

    expect(failed?.lastError).toBe('Dash Social returned 503');
    expect(again?.lastError).toBe('Dash Social returned 503');
    expect(trip(again, { ...closing, reason: 'unauthorized', at: at + 9 * minute })).not.toHaveProperty(
      'lastError',
    );
  });

  it('begins again after a rate limit that was over', () => {
    const over = closed({ reason: 'throttled', openUntil: at + 1 });

    expect(trip(over, { ...closing, at: at + minute })).toMatchObject({ openedAt: at + minute });
  });

  it('starts over with another reason', () => {
    expect(
      trip(closed({ openUntil: at, failures: 5 }), { ...closing, reason: 'unauthorized' }),
    ).toMatchObject({ failures: 0, openUntil: at + minute });
  });

  it('is unchanged if it is already open long enough', () => {
    expect(trip(closed(), closing)).toBeNull();
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 1 })).toBeNull();
  });

  it('stays open longer if a 429 requires it', () => {
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 9 * minute })).toMatchObject({
      openUntil: at + 9 * minute,
      reason: 'throttled',
      rev: 2,
    });
  });

  it('is opened again immediately when it was half-open', () => {
    expect(trip(halfOpened(closed(), at), closing)).toMatchObject({
      halfOpen: false,
      failures: 1,
      rev: 3,
    });
  });
});

it('lists paused feeds, so that the sweep skips their rows', () => {
  expect(
    pausedFeeds([
      pausedCircuit(null, 'feed/newsroom', at),
      pausedCircuit(null, 'all', at),
      closed({ scope: 'brand/1' }),
    ]),
  ).toEqual(['newsroom']);
});
