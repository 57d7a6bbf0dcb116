import { describe, expect, it } from 'vitest';
import {
  allowsPosting,
  closedFeeds,
  doorOf,
  type GateRow,
  halfOpenDoor,
  isOpen,
  pauseDoor,
  trip,
} from '../../../lib/core/circuit/gate.ts';

const minute = 60_000;
const at = 100 * minute;

const closed = (changes: Partial<GateRow> = {}): GateRow => ({
  scope: 'all',
  by: 'machine',
  reason: 'outage',
  closedUntil: at + minute,
  closedAt: at,
  halfOpen: false,
  failures: 0,
  rev: 1,
  ...changes,
});

describe('a row goes through', () => {
  it.each([
    ['no door at all', [], undefined, true],
    ['an outage', [closed()], undefined, false],
    ['an outage whose time is over: only a probe opens', [closed({ closedUntil: at - 1 })], undefined, false],
    ['a throttling', [closed({ reason: 'throttled' })], undefined, false],
    ['a throttling whose time is over', [closed({ reason: 'throttled', closedUntil: at })], undefined, true],
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
      [pauseDoor(null, 'all', at), closed({ halfOpen: true })],
      'all',
      false,
    ],
    ["a person's word on its feed", [pauseDoor(null, 'feed/newsroom', at)], undefined, false],
    ["a person's word on another feed", [pauseDoor(null, 'feed/products', at)], undefined, true],
  ] as [string, GateRow[], string | undefined, boolean][])('%s → %s', (_, rows, probe, through) => {
    const door = doorOf(rows, { brand: 144, feed: 'newsroom' }, at);

    expect(allowsPosting(door, probe)).toBe(through);
    if (probe === undefined) expect(isOpen(door)).toBe(through);
  });
});

describe('closing', () => {
  const closing = { scope: 'all', reason: 'outage', at } as const;

  it('takes a minute, doubled each time in a row for the same reason, up to an hour', () => {
    let row: GateRow | null = null;
    const waits: number[] = [];
    for (let i = 0, now: number = at; i < 8; i++) {
      row = trip(row, { ...closing, at: now }) as GateRow;
      waits.push(((row.closedUntil ?? 0) - now) / minute);
      now = row.closedUntil ?? 0;
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('starts anew for another reason', () => {
    expect(
      trip(closed({ closedUntil: at, failures: 5 }), { ...closing, reason: 'unauthorized' }),
    ).toMatchObject({ failures: 0, closedUntil: at + minute });
  });

  it('leaves a door alone that is closed well enough', () => {
    expect(trip(closed(), closing)).toBeNull();
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 1 })).toBeNull();
  });

  it('lasts longer when a 429 says so', () => {
    expect(trip(closed(), { ...closing, reason: 'throttled', until: at + 9 * minute })).toMatchObject({
      closedUntil: at + 9 * minute,
      reason: 'throttled',
      rev: 2,
    });
  });

  it('closes a half-open door again at once', () => {
    expect(trip(halfOpenDoor(closed(), at), closing)).toMatchObject({
      halfOpen: false,
      failures: 1,
      rev: 3,
    });
  });
});

it('names the feeds that are closed, so that the sweep passes over their rows', () => {
  expect(
    closedFeeds([
      pauseDoor(null, 'feed/newsroom', at),
      pauseDoor(null, 'all', at),
      closed({ scope: 'brand/1' }),
    ]),
  ).toEqual(['newsroom']);
});
