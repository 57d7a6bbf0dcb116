import type { FeedConfig } from '../../core/config/config.ts';
import type { FeedMemory } from '../../core/entries/memory/feed-memory.ts';
import { ownRow, ownTrouble } from '../../core/polling/address.ts';
import type { FeedFailure, FeedRow } from '../../core/polling/feed-row.ts';
import { hostOf } from '../../core/polling/host-back-off.ts';
import { lastDue, nextPoll } from '../../core/polling/intervals/next-poll.ts';
import { intervalOf } from '../../core/polling/schedule.ts';
import type { HostBackOff, ScheduleSlot } from '../../core/polling/schedule-rows.ts';
import { slotsWithBackOffs } from '../../core/polling/slots-with-back-offs.ts';
import { isFuture } from '../../core/polling/tick-window.ts';
import type { FeedStore } from '../../core/ports.ts';

/** A feed's status. Times are epoch milliseconds. */
export type FeedStatus = {
  id: string;
  url: string;
  brandId: number;
  health: 'ok' | 'failing' | 'gone' | 'paused' | 'never polled';
  /** The last success, taken from the schedule if nothing failed since, because an unchanged poll writes nothing. */
  lastSuccess: number | null;
  changedAt: number | null;
  nextPoll: number | null;
  /** Why the next poll is then. */
  reason: string;
  /** `nextAt`: `nextPoll`, which includes a pause of the host. */
  trouble: (Omit<FeedFailure, 'nextAt'> & { nextAt: number | null }) | null;
  /** Until then the feed is polled without validators, because its server sent a wrong 304. */
  unconditionalUntil: number | null;
  /** When entries may last have been missed between two polls. */
  gapAt: number | null;
  /** The WebSub hub that it advertises. */
  hub: string | null;
  /** What was learned about its entries; null until its first poll has ended. */
  memory: FeedMemory | null;
};

/** Hosts that requested a pause, until when, and the IDs of their feeds. */
type HostBackOffs = { host: string; until: number; feeds: string[] }[];

export type FeedsRead = { feeds: FeedStatus[]; hostBackOffs: HostBackOffs };

type Asked = {
  feeds: readonly FeedConfig[];
  lastTick: number | null;
  now: number;
  /** Only feeds whose last poll failed, which the schedule shows: the rows of the others are not read. */
  onlyFailing?: boolean;
  /** Whether the target runs: where it does not, no feed has a next poll. Default: true. */
  isRunning?: boolean;
};

/** Reads the status of feeds; rows are requested together, a hundred a request. Writes nothing. */
export const readFeeds = async (
  feedStore: Pick<FeedStore, 'read' | 'schedule'>,
  { feeds, lastTick, now, onlyFailing = false, isRunning = true }: Asked,
): Promise<FeedsRead> => {
  const schedule = await feedStore.schedule();
  const polledUntil = lastTick !== null && isFuture(lastTick, now) ? null : lastTick;
  const slots = slotsWithBackOffs(feeds, schedule, polledUntil ?? now);
  const hostBackOffs = schedule.backOffs.filter(({ until }) => until > now);
  const isSuspect = ({ id, paused }: FeedConfig) => {
    const slot = schedule.slots.get(id);
    return !paused && slot !== undefined && (slot.notBefore > 0 || slot.gone === true);
  };
  const asked = onlyFailing ? feeds.filter(isSuspect) : feeds;
  return {
    feeds: await Promise.all(
      asked.map(async (feed) => {
        const backOff = hostBackOffs.find(({ host }) => host === hostOf(feed.url));
        const moment = { now, lastTick: polledUntil, backOff, isRunning };
        return statusOf(feed, await feedStore.read(feed.id), slots.get(feed.id), moment);
      }),
    ),
    hostBackOffs: hostBackOffs.map(({ host, until }) => ({
      host,
      until,
      feeds: feeds.filter(({ url }) => hostOf(url) === host).map(({ id }) => id),
    })),
  };
};

type Moment = {
  now: number;
  lastTick: number | null;
  /** Its host's current back-off. */
  backOff: HostBackOff | undefined;
  isRunning: boolean;
};

const statusOf = (
  feed: FeedConfig,
  row: FeedRow | null,
  slot: ScheduleSlot | undefined,
  { now, lastTick, backOff, isRunning }: Moment,
): FeedStatus => {
  const [ours, trouble] = [ownRow(feed, row), ownTrouble(feed, row)];
  const next = isRunning ? nextPoll(feed, slot, { lastTick, now }) : null;
  return {
    id: feed.id,
    url: feed.url,
    brandId: feed.brandId,
    health: healthOf(feed, [ours, slot], trouble),
    lastSuccess: lastSuccess(feed, [ours, slot], lastTick),
    changedAt: ours?.changedAt ?? null,
    nextPoll: next,
    reason:
      isRunning || feed.paused ? reasonOf(feed, [row, slot], { next, backOff, trouble }) : 'not running',
    trouble: trouble && { ...trouble, nextAt: next },
    unconditionalUntil: unconditionalUntil(ours, now),
    gapAt: ours?.learned?.gapAt ?? null,
    hub: ours?.learned?.hints?.hub ?? null,
    memory: ours?.memory ?? null,
  };
};

const unconditionalUntil = (row: FeedRow | null, now: number): number | null => {
  const { until = 0 } = row?.unconditional ?? {};
  return until > now ? until : null;
};

type Known = [row: FeedRow | null, slot: ScheduleSlot | undefined];

const healthOf = (
  feed: FeedConfig,
  [row, slot]: Known,
  trouble: FeedFailure | null,
): FeedStatus['health'] => {
  if (feed.paused) return 'paused';
  if (slot?.gone) return 'gone';
  if (trouble) return 'failing';
  return row?.facts ? 'ok' : 'never polled';
};

const lastSuccess = (feed: FeedConfig, [row, slot]: Known, lastTick: number | null): number | null => {
  if (!row?.facts) return null;
  const until = row.trouble ? row.trouble.since - 1 : lastTick;
  const due = until === null || feed.paused ? null : lastDue(feed, slot, until);
  return Math.max(due ?? 0, row.changedAt ?? 0) || null;
};

const minuteMs = 60_000;

type Next = { next: number | null; backOff: HostBackOff | undefined; trouble: FeedFailure | null };

const reasonOf = (feed: FeedConfig, [row, slot]: Known, { next, backOff, trouble }: Next): string => {
  if (feed.paused) return 'paused in feeds.yml';
  if (slot?.gone) return 'gone (410); polled again when its url changes';
  if (next !== null && backOff && backOff.until > next - minuteMs) return `${backOff.host} asked for a pause`;
  if (!slot) return row ? 'its url has changed; polled at the next tick' : 'not polled yet';
  if (next !== null && slot.notBefore > next - minuteMs)
    return trouble ? 'last poll failed' : 'its server asked to wait';
  if ('cron' in feed.rhythm) return `cron "${feed.rhythm.cron}"`;
  const minutes = Math.round((intervalOf(feed.rhythm, slot) ?? 0) / 60_000);
  return 'adaptive' in feed.rhythm ? `every ${minutes} min (adaptive)` : `every ${minutes} min`;
};
