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
  halfOpen: false,
  failures: 0,
  rev: 1,
  ...changes,
});

describe('a row goes through', () => {
  it.each([
    ['no door at all', [], undefined, true],
    ['an outage', [closed()], undefined, false],
    ['an outage whose time is over: only a probe opens', [closed({ openUntil: at - 1 })], undefined, false],
    ['a throttling', [closed({ reason: 'throttled' })], undefined, false],
    ['a throttling whose time is over', [closed({ reason: 'throttled', openUntil: at })], undefined, true],
    ['a half-open door, unasked', [closed({ halfOpen: true })], undefined, false],
    ['a half-open door, as its probe', [closed({ halfOpen: true })], 'all', true],
    ['a half-open door, as the probe of another', [closed({ halfOpen: true })], 'brand/144', false],
    [
      'a half-open door behind a closed one',
      [closed({ halfOpen: true }), closed({ scope: 'brand/144' })],
      'all',
      false,
    ],
    ['the door of another brand', [closed({ scope: 'brand/7' })], undefined, true],
    ['the door of its brand', [closed({ scope: 'brand/144' })], undefined, false],
    [
      "a person's word on everything, as a probe",
      [pausedCircuit(null, 'all', at), closed({ halfOpen: true })],
      'all',
      false,
    ],
    ["a person's word on its feed", [pausedCircuit(null, 'feed/newsroom', at)], undefined, false],
    ["a person's word on another feed", [pausedCircuit(null, 'feed/products', at)], undefined, true],
  ] as [string, CircuitRow[], string | undefined, boolean][])('%s → %s', (_, rows, probe, through) => {
    const door = circuitFor(rows, { brand: 144, feed: 'newsroom' }, at);

    expect(allowsPosting(door, probe)).toBe(through);
    if (probe === undefined) expect(isClosed(door)).toBe(through);
  });
});

describe('closing', () => {
  const closing = { scope: 'all', reason: 'outage', at } as const;

  it('takes a minute, doubled each time in a row for the same reason, up to an hour', () => {
    let row: CircuitRow | null = null;
    const waits: number[] = [];
    for (let i = 0, now: number = at; i < 8; i++) {
      row = trip(row, { ...closing, at: now }) as CircuitRow;
      waits.push(((row.openUntil ?? 0) - now) / minute);
      now = row.openUntil ?? 0;
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('starts anew for another reason', () => {
    expect(
      trip(closed({ openUntil: at, failures: 5 }), { ...closing, reason: 'unauthorized' }),
    ).toMatchObject({ failures: 0, openUntil: at + minute });
  });

  it('leaves a door alone that is closed well enough', () => {
    expect(trip(closed(), closing)).toBeNull();
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 1 })).toBeNull();
  });

  it('lasts longer when a 429 says so', () => {
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 9 * minute })).toMatchObject({
      openUntil: at + 9 * minute,
      reason: 'throttled',
      rev: 2,
    });
  });

  it('closes a half-open door again at once', () => {
    expect(trip(halfOpened(closed(), at), closing)).toMatchObject({
      halfOpen: false,
      failures: 1,
      rev: 3,
    });
  });
});

it('names the feeds that are closed, so that the sweep passes over their rows', () => {
  expect(
    pausedFeeds([
      pausedCircuit(null, 'feed/newsroom', at),
      pausedCircuit(null, 'all', at),
      closed({ scope: 'brand/1' }),
    ]),
  ).toEqual(['newsroom']);
});
