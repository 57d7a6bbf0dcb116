import { randomUUID } from 'node:crypto';
import { type ActivityRow, activityId, type Outcome, withOutcome } from '../../core/activity/activity-row.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { ActivityStore, Clock } from '../../core/ports.ts';
import type { Moved } from './move-entries.ts';
import type { Purged } from './purge-entries.ts';

type Deps = { activities: Pick<ActivityStore, 'read' | 'put' | 'remove'>; clock: Clock };

/**
 * What a person is about to do, and to what. `continues`: the ID of the activity that this is a further part of; one of
 * another person, of another kind, or that has expired is not continued.
 */
export type Deed = Pick<ActivityRow, 'by' | 'kind'> &
  Partial<Pick<ActivityRow, 'feeds' | 'key' | 'title' | 'scope'>> & { continues?: string | undefined };

const begun = (
  { by, kind, feeds = [], key = null, title = null, scope = null }: Deed,
  at: number,
): ActivityRow => ({
  id: activityId(at, randomUUID()),
  rev: 1,
  at,
  endedAt: null,
  by,
  kind,
  count: 0,
  refused: 0,
  feeds,
  key,
  title,
  scope,
});

const continued = async (
  { activities }: Deps,
  { continues, by, kind }: Deed,
): Promise<ActivityRow | null> => {
  const row = continues ? await activities.read(continues) : null;
  return row?.by === by && row.kind === kind ? row : null;
};

const begin = async (deps: Deps, deed: Deed): Promise<ActivityRow> => {
  const earlier = await continued(deps, deed);
  if (earlier) return earlier;
  const row = begun(deed, deps.clock());
  await deps.activities.put(row);
  return row;
};

/** Nothing was changed, so there is nothing to show; parts that were done before stay. */
const forget = async ({ activities }: Deps, row: ActivityRow): Promise<void> => {
  if (row.endedAt === null) await activities.remove(row);
};

const maxTurns = 20;

/** Adds the outcome to the row, or to its latest version if another part was recorded meanwhile. */
const conclude = async ({ activities, clock }: Deps, begun: ActivityRow, outcome: Outcome): Promise<void> => {
  let row: ActivityRow | null = begun;
  for (let turn = 0; row && turn < maxTurns; turn++) {
    if (await activities.put(withOutcome(row, outcome, clock()))) return;
    row = await activities.read(begun.id);
  }
};

/** The action is done, whether this is stored or not: without it, the activity is shown without its outcome. */
const despiteFailures = async (write: Promise<unknown>): Promise<void> => {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.kind !== 'retryable';

/**
 * Does what a person asked for, and records it for the page Activity: the intent before, so that nothing is done
 * without a record, and the outcome afterwards. `outcomeOf` null, or a permanent or config error of `work`: nothing was
 * changed, and nothing is recorded. Returns the activity's ID, for its further parts; null if there is none.
 */
export const recordActivity = async <T>(
  deps: Deps,
  deed: Deed,
  { work, outcomeOf }: { work: () => Promise<T>; outcomeOf: (done: T) => Outcome | null },
): Promise<{ done: T; activity: string | null }> => {
  const row = await begin(deps, deed);
  try {
    const done = await work();
    const outcome = outcomeOf(done);
    if (outcome === null) await despiteFailures(forget(deps, row));
    else await despiteFailures(conclude(deps, row, outcome));
    return { done, activity: outcome === null && row.endedAt === null ? null : row.id };
  } catch (error) {
    if (isRefusal(error)) await despiteFailures(forget(deps, row));
    throw error;
  }
};

/** The outcome of decisions about entries; null if none was changed. */
export const outcomeOfMoves = (moved: readonly Moved[]): Outcome | null => {
  const changed = moved.filter(({ refusal }) => refusal === null).map(({ row }) => row);
  const [only] = changed;
  return only === undefined
    ? null
    : {
        count: changed.length,
        refused: moved.length - changed.length,
        ...entryOf(only),
        feeds: [...new Set(changed.map(({ feed }) => feed))],
      };
};

/** The outcome of a purge; null if nothing was deleted. Of a feed, what it learned is deleted even if it has no entries. */
export const outcomeOfPurge = ({ forgotten, stay }: Purged, feed: string | null): Outcome | null => {
  const [only] = forgotten;
  if (only === undefined && feed === null) return null;
  return {
    count: forgotten.length,
    refused: stay.length,
    ...(only ? entryOf(only) : { key: null, title: null }),
    feeds: feed === null ? [...new Set(forgotten.map((row) => row.feed))] : [feed],
  };
};

/** The outcome of something done once: to a feed, a circuit or an entry. */
export const outcomeOfOne = (about: Partial<Pick<Outcome, 'feeds' | 'key' | 'title'>> = {}): Outcome => ({
  count: 1,
  refused: 0,
  feeds: [],
  key: null,
  title: null,
  ...about,
});

/** An entry that an activity is about. */
export const entryOf = ({ key, title, feed }: Pick<EntryRow, 'key' | 'title' | 'feed'>) => ({
  key,
  title,
  feeds: [feed],
});
