import type { FeedConfig } from '../config/config.ts';
import type { FeedHints } from '../entries/entry.ts';
import { addressOf } from './address.ts';
import type { Learned, PollPlan } from './feed-row.ts';
import { type Arrivals, addArrivals, firstArrivals, ratePerDay } from './intervals/arrival-rate.ts';
import { STEP_FACTOR } from './intervals/poll-intervals.ts';
import { afterSkipped, isMoveSettled, isSkipped, MAX_TTL_MS, rememberMove } from './politeness.ts';
import type { FeedSlot } from './schedule-rows.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/**
 * A poll comes later than planned, by a tick and the preceding work; without this margin the next one might come too
 * early.
 */
const LATENESS_MS = 2 * MINUTE;
/** How long a feed is polled more often after a gap. */
const CEILING_LASTS_MS = 14 * DAY;
/** Writing the schedule costs more than being this far from the best interval (√1.2, half a step). */
const RATE_OFF = STEP_FACTOR;

export const nothingLearned: Learned = { hints: null, arrivals: null, plan: null, moved: null, gapAt: null };

/** A document, as far as it affects the next poll. Times are epoch milliseconds. */
export type Read = {
  now: number;
  hints: FeedHints;
  /** It is the feed's first. */
  first: boolean;
  /** It has no entry in common with the last window. */
  gap: boolean;
  /** Dates of all dated entries, and of the new ones (now, if undated). */
  shown: number[];
  fresh: number[];
};

const arrivalsAfter = ({ arrivals }: Learned, { first, shown, fresh, now }: Read): Arrivals =>
  first || arrivals === null ? firstArrivals(shown, now) : addArrivals(arrivals, fresh, now);

/** Half the time that a window spans, because a feed that filled it once may do so again. */
const overrun = ({ shown, now }: Read): PollPlan['ceiling'] => ({
  ms: Math.round(Math.max((now - Math.min(now, ...shown)) / 2, 1)),
  until: now + CEILING_LASTS_MS,
});

/** What is learned from a document. */
const learnFrom = (before: Learned, read: Read): Learned => {
  const arrivals = arrivalsAfter(before, read);
  const plan = before.plan ?? { arrivals, floorMs: 0 };
  return {
    ...before,
    hints: read.hints,
    arrivals,
    ...(read.gap && { gapAt: read.now, plan: { ...plan, ceiling: overrun(read) } as PollPlan }),
  };
};

/** Any response: its freshness, its document if it is a new one, and when the next regular poll would be. */
type Responseed = {
  now: number;
  next: number;
  freshUntil: number | null;
  permanentUrl?: string | undefined;
  read: Read | null;
};

const floorUntil = ({ hints }: Learned, { now, freshUntil }: Responseed): number =>
  Math.max(freshUntil ?? 0, hints?.ttlMs ? now + Math.min(hints.ttlMs, MAX_TTL_MS) : 0);

const isOff = (before: Arrivals, now: Arrivals, at: number): boolean => {
  const ratio = ratePerDay(now, at) / ratePerDay(before, at);
  return ratio > RATE_OFF || ratio < 1 / RATE_OFF;
};

/**
 * The plan for the schedule; the current one while it is close enough. Only a new document lowers the floor, because
 * the remaining `max-age` from an intermediate cache differs at each poll and is not worth a write.
 */
const planAfter = (learned: Learned, floorMs: number, { now, read }: Responseed): PollPlan | null => {
  const { plan, arrivals } = learned;
  if (arrivals === null) return plan;
  if (plan === null) return { arrivals, floorMs };
  const isLower = read !== null && floorMs < plan.floorMs / 2;
  const floor = floorMs > plan.floorMs || isLower ? floorMs : plan.floorMs;
  return floor !== plan.floorMs || isOff(plan.arrivals, arrivals, now)
    ? { ...plan, arrivals, floorMs: floor }
    : plan;
};

/** A move is stored as often as needed until it is settled, and once more then. */
const movedAfter = (
  { moved }: Learned,
  { permanentUrl, now }: Responseed,
  mayAdopt: boolean,
): Learned['moved'] => {
  if (moved?.adopted && permanentUrl === undefined) return moved;
  const next = rememberMove(moved, permanentUrl, now);
  if (next === null || moved === null || next.to !== moved.to) return next;
  if (isMoveSettled(next, now) && mayAdopt) return { ...moved, adopted: true };
  return next.times <= 3 ? next : moved;
};

/** Credentials stay with the address they were set for, so a feed at another origin would be requested without. */
const mayAdopt = (feed: FeedConfig, to: string | undefined): boolean =>
  feed.login === undefined || (to !== undefined && URL.parse(to)?.origin === URL.parse(feed.url)?.origin);

/** The result of a response: what is learned, and the new slot, if the schedule must change. */
type Outcome = { learned: Learned; slot: FeedSlot | null };

/**
 * Decides when a feed is polled next. An adaptively polled feed respects its server's `max-age`, `ttl` and skipped
 * hours or days. Usually its step in the plan is enough; the schedule is written only if the next regular poll would
 * come too early, or if the plan changes.
 */
export const afterResponse = (feed: FeedConfig, before: Learned, responded: Responseed): Outcome => {
  const { now, next, read } = responded;
  const moved = movedAfter(before, responded, mayAdopt(feed, responded.permanentUrl));
  const taught = read ? learnFrom(before, read) : before;
  const known = moved === before.moved ? taught : { ...taught, moved };
  if (!('adaptive' in feed.rhythm)) return { learned: known, slot: null };

  const until = floorUntil(known, responded);
  const plan = planAfter(known, until > now ? until - now + LATENESS_MS : 0, responded);
  const learned = plan === known.plan ? known : { ...known, plan };
  const regular = Math.max(next, until);
  const skips = learned.hints !== null && isSkipped(regular, learned.hints);
  const notBefore = skips && learned.hints ? afterSkipped(regular, learned.hints) : 0;
  const slot = slotOf(feed, learned, notBefore, until > next ? until : 0);
  return { learned, slot: notBefore > 0 || until > next || plan !== before.plan ? slot : null };
};

/** Everything that ingest writes about a feed to the schedule. */
export const slotOf = (
  feed: Pick<FeedConfig, 'url'>,
  learned: Learned,
  notBefore: number,
  quietUntil = 0,
): FeedSlot => ({
  address: addressOf(feed),
  notBefore,
  ...(quietUntil > 0 && { quietUntil }),
  ...(learned.plan && { plan: learned.plan }),
});
