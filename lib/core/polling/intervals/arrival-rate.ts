import * as v from 'valibot';
import { Amount, Time } from '../../read-stored.ts';

const DAY = 86_400_000;

/** After this many days the past counts half: long enough for slow feeds, short enough to notice change. */
export const HALF_LIFE_DAYS = 20;
const MEMORY_DAYS = HALF_LIFE_DAYS / Math.LN2;

/**
 * What is stored about a feed's publishing: how many entries in how many days, both decaying with time, as of `at`
 * (epoch milliseconds). Three numbers are enough, and time without entries needs no write.
 */
export const Arrivals = v.object({ count: Amount, days: Amount, at: Time });
export type Arrivals = v.InferOutput<typeof Arrivals>;

const fading = (fromMs: number, toMs: number): number => Math.exp((fromMs - toMs) / DAY / MEMORY_DAYS);

const at = (arrivals: Arrivals, now: number): Arrivals => {
  if (now <= arrivals.at) return arrivals;
  const left = fading(arrivals.at, now);
  return { count: arrivals.count * left, days: arrivals.days * left + MEMORY_DAYS * (1 - left), at: now };
};

const weight = (times: readonly number[], now: number): number =>
  times.reduce((sum, time) => sum + fading(Math.min(time, now), now), 0);

/**
 * Learns from the first document of a feed. It shows the last few entries, so the observed time is the time since the
 * oldest of them, which itself only marks the beginning. `times` in epoch milliseconds, of the dated entries.
 */
export const firstArrivals = (times: readonly number[], now: number): Arrivals => {
  const past = times.filter((time) => time <= now).sort((a, b) => a - b);
  const [oldest = now, ...later] = past;
  return { count: weight(later, now), days: MEMORY_DAYS * (1 - fading(oldest, now)), at: now };
};

/** Learns from entries that arrived since; an undated entry counts as arriving now. */
export const addArrivals = (before: Arrivals, times: readonly number[], now: number): Arrivals => {
  const faded = at(before, now);
  return { ...faded, count: faded.count + weight(times, faded.at) };
};

/**
 * Entries per day that a feed is expected to publish: the mean of a Gamma posterior with forgetting, (k + ½) / (T + 1
 * day). An unknown feed is expected to publish every other day.
 */
export const ratePerDay = (arrivals: Arrivals | null, now: number): number => {
  const { count, days } = arrivals ? at(arrivals, now) : { count: 0, days: 0 };
  return (count + 0.5) / (days + 1);
};
