import { leadMs } from '../dash/timing.ts';
import { daySpan, hourSpan, quietUntil, type Span, slotsAfter } from './calendar.ts';
import type { At, Limits } from './editorial.ts';
import type { QuotaRow, Reserved, Waiting } from './quota-row.ts';

/**
 * A request for quota. `attempt`: how many attempts were made before; an attempt that is repeated keeps its
 * reservation.
 */
export type ReservationRequest = { key: string; attempt: number; seenAt: number; now: number };

/** A feed's limits, and the time zone in which they apply. */
export type FeedLimits = { limits: Limits; at: At | null; timezone: string };

export type Reservation =
  | { kind: 'reserved'; timestamp: number | null }
  | { kind: 'waits'; dueAt: number; code: string; detail: string };

const hour = 3_600_000;
/** The longest day has 25 hours; reservations from before it no longer count. */
const takesCountMs = 26 * hour;
/**
 * A waiting row that has not asked again this long after its time is ignored, because it was dismissed, held or paused.
 */
const absentAfterMs = 10 * 60_000;
const maxWaits = 1_000;
/** How far ahead slots are reserved. */
const daysAhead = 60;

/** Whether a feed's drafts are counted at all. */
export const isCounted = ({ limits, at }: Pick<FeedLimits, 'limits' | 'at'>): boolean =>
  at?.kind === 'slot' || limits.perDay !== null || limits.perHour !== null || limits.quiet !== null;

const attemptId = ({ key, attempt }: Pick<ReservationRequest, 'key' | 'attempt'>): string =>
  `${key}#${attempt}`;

/**
 * How many waiting rows go first: those seen earlier, and of those seen at the same time the ones that asked earlier.
 */
const countBefore = (waits: Waiting[], { key, seenAt: firstSeenAt }: ReservationRequest): number => {
  const mine = waits.findIndex((wait) => wait.key === key);
  const seenAt = waits[mine]?.seenAt ?? firstSeenAt;
  return waits.filter((wait, at) =>
    wait.seenAt === seenAt ? wait.key !== key && (mine < 0 || at < mine) : wait.seenAt < seenAt,
  ).length;
};

/** The list with a row added, or updated in its position. */
const listed = (waits: Waiting[], own: Waiting): Waiting[] => {
  if (waits.some(({ key }) => key === own.key))
    return waits.map((wait) => (wait.key === own.key ? { ...wait, dueAt: own.dueAt } : wait));
  return waits.length < maxWaits ? [...waits, own] : waits;
};

const within = (times: readonly number[], { from, to }: Span): number =>
  times.filter((time) => time >= from && time < to).length;

type Room = { free: number; until: number; code: string; detail: string };

/** How many drafts all limits allow at a time, and until when the strictest of them applies. */
const roomAt = (time: number, counted: readonly number[], { limits, timezone }: FeedLimits): Room => {
  const quiet = quietUntil(time, limits.quiet, timezone);
  if (quiet !== null) return { free: 0, until: quiet, code: 'limit.quiet', detail: 'quiet hours' };
  const rooms: Room[] = [{ free: Number.POSITIVE_INFINITY, until: time, code: '', detail: '' }];
  const add = (limit: number | null, span: Span, code: string, per: string) => {
    if (limit === null) return;
    const detail = `at most ${limit} ${limit === 1 ? 'draft' : 'drafts'} per ${per}`;
    rooms.push({ free: Math.max(0, limit - within(counted, span)), until: span.to, code, detail });
  };
  if (limits.perHour !== null) add(limits.perHour, hourSpan(time, timezone), 'limit.per-hour', 'hour');
  if (limits.perDay !== null) add(limits.perDay, daySpan(time, timezone), 'limit.per-day', 'day');
  // If two limits are reached, the one that lasts longer decides.
  return rooms.reduce((least, one) =>
    one.free < least.free || (one.free === least.free && one.until > least.until) ? one : least,
  );
};

/** When a row may be sent if all rows before it are sent as soon as possible, and which limit it waits for last. */
const turnOf = (before: number, counted: readonly number[], now: number, limits: FeedLimits) => {
  const times = [...counted];
  let [time, why] = [now, roomAt(now, times, limits)];
  for (let left = before + 1; ; ) {
    const { free } = roomAt(time, times, limits);
    if (free >= left) return { dueAt: time, why };
    for (let i = 0; i < free; i++) times.push(time);
    left -= free;
    why = roomAt(time, times, limits);
    time = why.until;
  }
};

type Calendar = { now: number; slots: readonly number[]; reserved: Reserved[]; timezone: string };

/** The first free slot after the given number of rows before it have one. */
const freeSlot = ({ now, slots, reserved, timezone }: Calendar, before: number): number | null => {
  const gone = new Set(reserved.map(({ slot }) => slot));
  let left = before;
  for (const slot of slotsAfter(now + leadMs, slots, timezone, daysAhead))
    if (!gone.has(slot) && left-- === 0) return slot;
  return null;
};

/** The row without what no longer counts: old drafts, slots that have passed, and rows that stopped waiting. */
const current = (row: QuotaRow, { key, now }: { key?: string; now: number }): QuotaRow => ({
  ...row,
  reserved: row.reserved.filter(({ at, slot }) => at > now - takesCountMs || (slot !== null && slot > now)),
  waiting: row.waiting.filter((wait) => wait.key === key || wait.dueAt > now - absentAfterMs),
});

const empty = (feed: string): QuotaRow => ({ feed, rev: 0, reserved: [], waiting: [] });

const fullMinute = (time: number): number => Math.ceil(time / 60_000) * 60_000;

const timeFor = (
  { now }: ReservationRequest,
  own: Reserved | undefined,
  { reserved, before }: { reserved: Reserved[]; before: number },
  { at, timezone }: FeedLimits,
): number | null | 'none-free' => {
  if (at?.kind === 'after') return fullMinute(now + at.ms);
  if (at?.kind !== 'slot') return null;
  if (own?.slot && own.slot > now + leadMs) return own.slot;
  return freeSlot({ now, slots: at.slots, reserved, timezone }, before) ?? 'none-free';
};

/**
 * Reserves quota for one attempt of a row, or returns when to ask again, with the quota row to save over the version it
 * was based on; only saving it makes the reservation. Older waiting rows go first, and get the earlier slots. A slot is
 * at least five minutes ahead, and belongs to one attempt only.
 */
export const reserve = (
  stored: QuotaRow | null,
  feed: string,
  request: ReservationRequest,
  limits: FeedLimits,
): { row: QuotaRow; reservation: Reservation } => {
  const { key, seenAt, now } = request;
  const row = current(stored ?? empty(feed), request);
  const id = attemptId(request);
  const own = row.reserved.find((take) => take.id === id);
  const reserved = row.reserved.filter((take) => take !== own);
  const next = { ...row, rev: row.rev + 1, reserved };

  const wait = (dueAt: number, code: string, detail: string) => ({
    row: { ...next, waiting: listed(row.waiting, { key, seenAt, dueAt }) },
    reservation: { kind: 'waits', dueAt, code, detail } as const,
  });

  const before = countBefore(row.waiting, request);
  const counted = reserved.map(({ at }) => at);
  if (roomAt(now, counted, limits).free <= before) {
    const { dueAt, why } = turnOf(before, counted, now, limits);
    return wait(dueAt, why.code, why.detail);
  }
  const slot = timeFor(request, own, { reserved, before }, limits);
  if (slot === 'none-free')
    return wait(now + 24 * hour, 'limit.slots', `every slot of the next ${daysAhead} days is taken`);
  const made = { id, at: now, slot: limits.at?.kind === 'slot' ? slot : null };
  const waiting = row.waiting.filter((other) => other.key !== key);
  return {
    row: { ...next, reserved: [...reserved, made], waiting },
    reservation: { kind: 'reserved', timestamp: slot },
  };
};

/**
 * The quota row with rows that are about to ask, in this order, so that earlier rows go first whatever the order of
 * their wake-ups. Null if all are listed already.
 */
export const expectRows = (
  stored: QuotaRow | null,
  feed: string,
  keys: readonly string[],
  now: number,
): QuotaRow | null => {
  const row = current(stored ?? empty(feed), { now });
  const known = new Set(row.waiting.map(({ key }) => key));
  const fresh = keys.filter((key) => !known.has(key)).map((key) => ({ key, seenAt: now, dueAt: now }));
  if (fresh.length === 0) return null;
  return { ...row, rev: row.rev + 1, waiting: fresh.reduce(listed, row.waiting) };
};

/** The quota row without the reservation of an attempt that certainly created nothing; null if there is none. */
export const withoutReservation = (
  stored: QuotaRow | null,
  attempt: Pick<ReservationRequest, 'key' | 'attempt'>,
): QuotaRow | null => {
  const id = attemptId(attempt);
  if (!stored?.reserved.some((take) => take.id === id)) return null;
  return { ...stored, rev: stored.rev + 1, reserved: stored.reserved.filter((take) => take.id !== id) };
};
