import * as v from 'valibot';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** What a person can do, by the name of its command. `reset`: return a post to its template. */
const activityKinds = [
  'approve',
  'release',
  'retry',
  'dismiss',
  'confirm',
  'edit',
  'reset',
  'snooze',
  'undo',
  'pause',
  'resume',
  'poll',
  'purge',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/**
 * One action of a person, however many entries it changed. It is written before the action, without an outcome, so that
 * no action is missing after a crash; `endedAt` null: it did not get to its end, or has not yet.
 */
const ActivityRow = v.object({
  /** Sorts by the time at which the action began. */
  id: v.string(),
  /** Row version, incremented by each write. */
  rev: Count,
  at: Time,
  endedAt: v.nullable(Time),
  /** Who did it, as in the histories of entries. */
  by: v.string(),
  kind: v.picklist(activityKinds),
  /** The entries, or feeds, that were changed. */
  count: Count,
  /** Entries that the action was refused for. */
  refused: Count,
  /** The feeds concerned, at most `maxFeeds`. */
  feeds: v.array(v.string()),
  /** The entry, if there was only one. */
  key: Text,
  title: Text,
  /** A circuit's scope, of `pause` and `resume`. */
  scope: Text,
});
export type ActivityRow = v.InferOutput<typeof ActivityRow>;

/** Feeds that a row names. */
export const maxFeeds = 10;

/** Parses a stored activity. Throws permanent `activity.corrupt-row`. */
export const parseActivity: (id: string, stored: unknown) => ActivityRow = readStored(
  ActivityRow,
  'activity.corrupt-row',
  'Activity',
);

/** How long an activity is kept. */
export const activityKeepMs = 90 * 86_400_000;

/** The ID of an activity that begins at `at`, in epoch milliseconds; `unique` separates those of one millisecond. */
export const activityId = (at: number, unique: string): string => `${String(at).padStart(13, '0')}.${unique}`;

/** What became of an action, or of a part of it. */
export type Outcome = Pick<ActivityRow, 'count' | 'refused' | 'feeds' | 'key' | 'title'>;

const joined = (some: readonly string[], more: readonly string[]): string[] =>
  [...new Set([...some, ...more])].slice(0, maxFeeds);

/** The row with the outcome of a further part. */
export const withOutcome = (row: ActivityRow, part: Outcome, at: number): ActivityRow => {
  const count = row.count + part.count;
  const isOne = row.count === 0 && part.count === 1;
  return {
    ...row,
    rev: row.rev + 1,
    endedAt: at,
    count,
    refused: row.refused + part.refused,
    feeds: joined(row.feeds, part.feeds),
    key: isOne ? part.key : null,
    title: isOne ? part.title : null,
  };
};
