import type { Config, FeedConfig } from '../../core/config/config.ts';
import {
  expectRows,
  isCounted,
  type Reservation,
  reserve,
  withoutReservation,
} from '../../core/editorial/quota.ts';
import { AppError, retryable } from '../../core/errors.ts';
import { postpone } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Invocation, Ledger, QuotaStore } from '../../core/ports.ts';
import { hasOwnTime } from '../../core/posts/edits.ts';
import { stampPost } from '../../core/posts/stamp-post.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { changeRow } from '../change-row.ts';

type Deps = {
  config: Pick<Config, 'feeds'> & Partial<Pick<Config, 'webhooks'>>;
  quotas: QuotaStore;
  ledger: Pick<Ledger, 'read' | 'replace'>;
  clock: Clock;
};

const maxTurns = 20;

const ownerOf = ({ config }: Deps, { feed }: EntryRow): FeedConfig | undefined =>
  [...config.feeds, ...(config.webhooks ?? []).map(({ mapping }) => mapping)].find(({ id }) => id === feed);

/**
 * The post as it may be sent now, with quota reserved under its feed's limits and its time set. Null: it is deferred,
 * and the row shows until when. Safe to repeat: an attempt that died before its claim finds its own reservation
 * again.
 */
export const reserveQuota = async (
  deps: Deps,
  row: EntryRow,
  invocation: Invocation,
): Promise<TikTokPost | null> => {
  const feed = ownerOf(deps, row);
  if (!feed || !row.post) return row.post;
  const reservation = await reservationFor(deps, feed, row);
  if (reservation.kind === 'reserved')
    return hasOwnTime(row) ? row.post : stampPost(row.post, feed, reservation.timestamp, deps.clock());
  const put = await changeRow(deps, row.key, postpone(deps.clock(), reservation), row);
  if (put) {
    const { key, brand } = row;
    const { code, detail: message, dueAt } = reservation;
    invocation.report({ event: 'draft.deferred', key, feed: feed.id, brand, code, message, dueAt });
  }
  return null;
};

const reservationFor = async (deps: Deps, feed: FeedConfig, row: EntryRow): Promise<Reservation> => {
  const { editorial, timezone, id } = feed;
  const limits = { ...editorial, ...(hasOwnTime(row) && { at: null }), timezone };
  const { key, seenAt, attempts: attempt } = row;
  const counts = isCounted(editorial);
  for (let turn = 0; turn < maxTurns; turn++) {
    const stored = counts ? await deps.quotas.read(id) : null;
    const request = { key, seenAt, attempt, now: deps.clock() };
    const { row: next, reservation } = reserve(stored, id, request, limits);
    if (!counts || (await deps.quotas.save(next))) return reservation;
  }
  throw retryable(
    'quotas.contended',
    `the quota of feed ${id} changed concurrently ${maxTurns} times; it will be retried`,
  );
};

/**
 * Announces which rows of a feed will reserve quota, oldest first, before they are woken. A failure only leaves their
 * order to chance.
 */
export const expectInOrder = async (
  { quotas, clock }: Pick<Deps, 'quotas' | 'clock'>,
  { id, editorial }: FeedConfig,
  keys: readonly string[],
): Promise<void> => {
  if (keys.length < 2 || !isCounted(editorial)) return;
  try {
    for (let turn = 0; turn < maxTurns; turn++) {
      const next = expectRows(await quotas.read(id), id, keys, clock());
      if (next === null || (await quotas.save(next))) return;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // the rows are queued and woken anyway
  }
};

/**
 * Releases the quota of an attempt that certainly created nothing, before the row itself is released, so that another
 * worker does not count it. A failure only leaves quota unused.
 */
export const releaseQuota = async (deps: Deps, claimed: EntryRow): Promise<void> => {
  const feed = ownerOf(deps, claimed);
  if (!feed || !isCounted(feed.editorial)) return;
  const attempt = { key: claimed.key, attempt: claimed.attempts - 1 };
  try {
    for (let turn = 0; turn < maxTurns; turn++) {
      const next = withoutReservation(await deps.quotas.read(feed.id), attempt);
      if (next === null || (await deps.quotas.save(next))) return;
    }
  } catch (error) {
    // The row must still be settled: only this worker knows for certain that nothing was created.
    if (!(error instanceof AppError)) throw error;
  }
};
