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
  enriching: 'on its way',
  queued: 'on its way',
  drafting: 'on its way',
  drafted: 'drafted',
};

/** A day in the time zone of feeds.yml and the number of its entries per segment. */
export type Day = { date: string; label: string; counts: Record<Share, number> };

/** The calendar date of a time in a zone, as `2026-11-20`. */
export const dateIn = (timeZone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
};

/** The time of day in a zone, as `09:30`. */
export const timeIn = (timeZone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return (at) => format.format(at);
};

/** `Friday, 20 November`, of a date such as `2026-11-20`. */
export const dayName = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });

/** The last days up to today in a time zone (an IANA name), with the entries first seen on each, except `baselined`. */
export const daysOf = (
  rows: readonly Pick<EntryRow, 'state' | 'seenAt'>[],
  { now, days, timeZone }: { now: number; days: number; timeZone: string },
): Day[] => {
  const dateOf = dateIn(timeZone);
  const today = dateOf(now);
  const empty = Array.from({ length: days }, (_, i) => emptyDay(today, days - 1 - i));
  const byDate = new Map(empty.map((day) => [day.date, day]));
  for (const { state, seenAt } of rows) {
    const share = shareOf[state];
    const day = byDate.get(dateOf(seenAt));
    if (share && day) day.counts[share] += 1;
  }
  return empty;
};

const dayMs = 86_400_000;

/** A calendar day, whatever the clocks did on it: counted in UTC, where every day has 24 hours. */
const emptyDay = (today: string, back: number): Day => {
  const day = new Date(Date.parse(`${today}T00:00:00Z`) - back * dayMs);
  const counts = Object.fromEntries(shares.map((share) => [share, 0])) as Record<Share, number>;
  const label = day.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
  return { date: day.toISOString().slice(0, 10), label, counts };
};
