import type { ReviewAlerts } from '../config/config.ts';
import { daySpan, formatLocal, slotsAfter } from '../editorial/calendar.ts';
import type { AlertFacts } from './alert-row.ts';

/** An entry to review: since when it waits; epoch milliseconds. */
type Waiting = { since: number };

type When = { review: ReviewAlerts; timezone: string; now: number };

const facts = (id: string, since: number, waiting: readonly Waiting[]): AlertFacts => ({
  id: `entries-to-review/${id}`,
  kind: 'entries-to-review',
  subject: 'all',
  since,
  notifyAt: since,
  count: waiting.length,
  detail: null,
  entryKey: null,
});

const latestOf = (waiting: readonly Waiting[]): number =>
  waiting.reduce((latest, { since }) => Math.max(latest, since), 0);

/** Today's time of the message; when the clock changes, as for slots. */
const dailyTime = (minutes: number, { timezone, now }: When): number => {
  const { from } = daySpan(now, timezone);
  return slotsAfter(from - 1, [minutes], timezone, 1).next().value ?? from;
};

/**
 * The alert that entries wait for review, as `alerts.review` requests it; null if there is none to send. Immediate:
 * one since the latest entry, so that several which arrive together are one message. Daily: one a day, for entries that
 * already waited at that time.
 */
export const reviewAlert = (waiting: readonly Waiting[], when: When): AlertFacts | null => {
  const { review, timezone, now } = when;
  if (review === null || waiting.length === 0) return null;
  if (review === 'immediate') return facts('latest', latestOf(waiting), waiting);
  const at = dailyTime(review.dailyAt, when);
  const isDue = now >= at && waiting.some(({ since }) => since <= at);
  return isDue ? facts(formatLocal(at, timezone).slice(0, 10), at, waiting) : null;
};
