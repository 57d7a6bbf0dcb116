import * as v from 'valibot';
import { type FeedFailure, FeedRow } from '../polling/feed-row.ts';
import { readStored } from '../read-stored.ts';
import { commonFields, type FeedEvent } from './change-event.ts';

/** The part of a feed's row that its events are made from. */
const ChangedFeed = v.pick(FeedRow, ['id', 'rev', 'trouble']);
export type ChangedFeed = v.InferOutput<typeof ChangedFeed>;

/** Parses that part of a stored row. Throws permanent `feeds.corrupt-row`. */
export const parseChangedFeed: (id: string, stored: unknown) => ChangedFeed = readStored(
  ChangedFeed,
  'feeds.corrupt-row',
  'Feed row',
);

/** A failure counts once an alert would report it: after a day, ten failures, or at once if the feed is gone. */
const failureOf = (row: ChangedFeed | null): FeedFailure | null =>
  row?.trouble?.reported === true ? row.trouble : null;

type Change = { state: FeedEvent['state']; at: number; reason: string; replay?: boolean };

const eventOf = ({ id, rev }: ChangedFeed, { state, at, reason, replay = false }: Change): FeedEvent => ({
  type: `feed.${state}`,
  ...commonFields({ subject: `feed/${id}`, rev, at, reason, replay }),
  state,
  previous_state: replay ? null : state === 'failing' ? 'working' : 'failing',
  states: [state],
  feed: id,
});

/** The event of a feed that began to fail or works again; null for any other change. `at`: when it was written. */
export const feedEvent = (old: ChangedFeed | null, row: ChangedFeed, at: number): FeedEvent | null => {
  const [before, now] = [failureOf(old), failureOf(row)];
  if (now !== null)
    return before === null ? eventOf(row, { state: 'failing', at: now.lastAt, reason: now.code }) : null;
  return before === null ? null : eventOf(row, { state: 'working', at, reason: before.code });
};

/** The event of a feed that is failing; null if it is not. */
export const presentFeed = (row: ChangedFeed): FeedEvent | null => {
  const failure = failureOf(row);
  if (failure === null) return null;
  return eventOf(row, { state: 'failing', at: failure.since, reason: failure.code, replay: true });
};
