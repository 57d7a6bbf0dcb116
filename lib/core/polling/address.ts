import { createHash } from 'node:crypto';
import type { FeedConfig } from '../config/config.ts';
import type { FeedFailure, FeedRow } from './feed-row.ts';
import type { ScheduleSlot } from './schedule-rows.ts';

type Addressed = Pick<FeedConfig, 'url'>;

/** A short name of a feed's address: 48 bits of its hash, because every tick reads the slots of all feeds. */
export const addressOf = ({ url }: Addressed): string =>
  createHash('sha256').update(url).digest('base64url').slice(0, 8);

/** The slots of these feeds by ID, without those for another address than feeds.yml has now. */
export const ownSlots = (
  feeds: readonly (Addressed & { id: string })[],
  slots: ReadonlyMap<string, ScheduleSlot>,
): Map<string, ScheduleSlot> =>
  new Map(
    feeds.flatMap((feed) => {
      const slot = slots.get(feed.id);
      return slot?.address === addressOf(feed) ? [[feed.id, slot] as const] : [];
    }),
  );

/** The row of a feed, unless its document came from another address than feeds.yml has now. */
export const ownRow = (feed: Addressed, row: FeedRow | null): FeedRow | null =>
  row?.url === feed.url ? row : null;

/** The failure of a feed, unless it occurred at another address than feeds.yml has now. */
export const ownTrouble = (feed: Addressed, row: FeedRow | null): FeedFailure | null =>
  row?.trouble?.url === feed.url ? row.trouble : null;
