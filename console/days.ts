import type { EntryRow, State } from '../lib/core/ledger/row.ts';

/** The segments of a bar, bottom first: drafted, in progress, waiting for a decision, no draft. */
export const shares = ['drafted', 'on its way', 'waits for you', 'no draft'] as const;
export type Share = (typeof shares)[number];

const shareOf: Record<State, Share | null> = {
  baselined: null, // was there before, so it says nothing of a day
  filtered: 'no draft',
  dismissed: 'no draft',
  held: 'waits for you',
  review: 'waits for you',
  rejected: 'waits for you',
  uncertain: 'waits for you',
  queued: 'on its way',
  drafting: 'on its way',
  drafted: 'drafted',
};

/** A local day and the number of its entries per segment. */
export type Day = { date: string; label: string; counts: Record<Share, number> };

const dateOf = (at: number): string => new Date(at).toLocaleDateString('sv-SE');

/** The last days up to today with the entries first seen on each, except `baselined` ones. */
export const daysOf = (
  rows: readonly Pick<EntryRow, 'state' | 'seenAt'>[],
  now: number,
  days: number,
): Day[] => {
  const empty = Array.from({ length: days }, (_, i) => emptyDay(now, days - 1 - i));
  const byDate = new Map(empty.map((day) => [day.date, day]));
  for (const { state, seenAt } of rows) {
    const share = shareOf[state];
    const day = byDate.get(dateOf(seenAt));
    if (share && day) day.counts[share] += 1;
  }
  return empty;
};

const emptyDay = (now: number, back: number): Day => {
  const today = new Date(now);
  const noon = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back, 12);
  const counts = Object.fromEntries(shares.map((share) => [share, 0])) as Record<Share, number>;
  const label = noon.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return { date: dateOf(noon.getTime()), label, counts };
};
