import type { Config, FeedConfig } from '../../core/config/config.ts';
import {
  askForPlace,
  expectRows,
  needsPlaces,
  type Placed,
  withoutPlace,
} from '../../core/editorial/quota.ts';
import { AppError, retryable } from '../../core/errors.ts';
import { postpone } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Call, Clock, Ledger, QuotaStore } from '../../core/ports.ts';
import { stampPost } from '../../core/posts/stamp-post.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';
import { changeRow } from '../change-row.ts';

type Needs = {
  config: Pick<Config, 'feeds'> & Partial<Pick<Config, 'webhooks'>>;
  places: QuotaStore;
  ledger: Pick<Ledger, 'read' | 'replace'>;
  clock: Clock;
};

const maxTurns = 20;

const ownerOf = ({ config }: Needs, { feed }: EntryRow): FeedConfig | undefined =>
  [...config.feeds, ...(config.webhooks ?? []).map(({ mapping }) => mapping)].find(({ id }) => id === feed);

/**
 * The post as it may be sent now: with its place under the limits of its feed taken, and the time it is to carry.
 * Null: its turn is later, and the row says when. Safe to repeat: an attempt that died before its claim finds its
 * own place again.
 */
export const reserveQuota =
  (services: Needs) =>
  async (row: EntryRow, call: Call): Promise<TikTokPost | null> => {
    const feed = ownerOf(services, row);
    if (!feed || !row.post) return row.post;
    const placed = await placeFor(services, feed, row);
    if (placed.kind === 'taken') return stampPost(row.post, feed, placed.timestamp, services.clock());
    const put = await changeRow(services)(row.key, postpone(services.clock(), placed), row);
    if (put) {
      const { key, brand } = row;
      const { code, detail: message, dueAt } = placed;
      call.report({ event: 'draft.deferred', key, feed: feed.id, brand, code, message, dueAt });
    }
    return null;
  };

const placeFor = async (services: Needs, feed: FeedConfig, row: EntryRow): Promise<Placed> => {
  const { editorial, timezone, id } = feed;
  const house = { ...editorial, timezone };
  const { key, seenAt, attempts: attempt } = row;
  const counts = needsPlaces(editorial);
  for (let turn = 0; turn < maxTurns; turn++) {
    const stored = counts ? await services.places.read(id) : null;
    const asking = { key, seenAt, attempt, now: services.clock() };
    const { row: next, placed } = askForPlace(stored, id, asking, house);
    if (!counts || (await services.places.save(next))) return placed;
  }
  throw retryable('places.contended', `the places of ${id} found no rest in ${maxTurns} turns`);
};

/**
 * Says before they are woken which rows of a feed will ask for places, oldest first. What fails here only leaves the
 * order among them to chance.
 */
export const expectInOrder =
  ({ places, clock }: Pick<Needs, 'places' | 'clock'>) =>
  async ({ id, editorial }: FeedConfig, keys: readonly string[]): Promise<void> => {
    if (keys.length < 2 || !needsPlaces(editorial)) return;
    try {
      for (let turn = 0; turn < maxTurns; turn++) {
        const next = expectRows(await places.read(id), id, keys, clock());
        if (next === null || (await places.save(next))) return;
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error; // the rows are queued, and are woken all the same
    }
  };

/**
 * Gives the place of an attempt back that certainly made nothing; before the row itself is given back, so that
 * nobody who takes the row over still counts on it. What fails here only leaves a place unused.
 */
export const givePlaceBack =
  (services: Needs) =>
  async (claimed: EntryRow): Promise<void> => {
    const feed = ownerOf(services, claimed);
    if (!feed || !needsPlaces(feed.editorial)) return;
    const attempt = { key: claimed.key, attempt: claimed.attempts - 1 };
    try {
      for (let turn = 0; turn < maxTurns; turn++) {
        const next = withoutPlace(await services.places.read(feed.id), attempt);
        if (next === null || (await services.places.save(next))) return;
      }
    } catch (error) {
      // The row must be settled all the same: it is certain now that nothing was created, and nobody else knows.
      if (!(error instanceof AppError)) throw error;
    }
  };
