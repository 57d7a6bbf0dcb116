import type { OnEdit } from '../config/config.ts';
import { keepEntryOfDraftMs } from '../dash/timing.ts';
import { permanent } from '../errors.ts';
import type { Transition } from './entry-state.ts';
import { withMoment } from './history.ts';
import type { EntryRow, LaterVersion, State } from './row.ts';
import { stateSince } from './state-since.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** So many changes of an article are recorded at once; after them, one a day. */
const maxAtOnce = 10;

/** States from which a draft may come or has come. */
const followed: ReadonlySet<State> = new Set([
  'held',
  'review',
  'enriching',
  'queued',
  'drafting',
  'uncertain',
  'drafted',
]);

/** An article as its feed or webhook shows it now. `by`: the name of that source, as in `rendering`. */
export type Shown = { contentHash: string; by: string; at: number };

/** The content hash of the version that a row knows as the latest. */
export const latestHash = ({
  laterVersion,
  contentHash,
}: Pick<EntryRow, 'laterVersion' | 'contentHash'>): string => laterVersion?.contentHash ?? contentHash;

/** Two sources of one story may word it differently, so only the one that the draft was made from counts. */
const isFollowed = (row: EntryRow, { by, at }: Shown): boolean =>
  followed.has(row.state) &&
  row.rendering.by === by &&
  (row.state !== 'drafted' || at - stateSince(row) < keepEntryOfDraftMs);

/** Bounds the writes for a publisher that shows another version with each request. */
const isTooSoon = ({ changes, seen, at }: LaterVersion, shown: Shown): boolean => {
  if (changes >= maxAtOnce) return shown.at - at < dayMs;
  return seen.includes(shown.contentHash) && shown.at - at < hourMs;
};

/**
 * Whether a source shows another version of an article than its row knows. `later`: it is to be recorded; `too-soon`:
 * it is to be looked at again. At most ten changes are recorded at once and then one a day; a version that was there
 * before is recorded an hour after the last change at the earliest. Drafts are followed for 30 days.
 */
export const compareVersion = (row: EntryRow, shown: Shown): 'same' | 'later' | 'too-soon' => {
  if (!isFollowed(row, shown) || latestHash(row) === shown.contentHash) return 'same';
  return row.laterVersion && isTooSoon(row.laterVersion, shown) ? 'too-soon' : 'later';
};

/** A version to record. */
type Recorded = Shown & Pick<LaterVersion, 'storedAs' | 'difference'> & { onEdit: OnEdit };

/** The version that the draft was made from needs nothing; a change of the draft that is under way goes on. */
const stateOf = (row: EntryRow, { contentHash, onEdit }: Recorded): LaterVersion['state'] => {
  if (row.laterVersion?.state === 'updating') return 'updating';
  if (contentHash === row.contentHash) return 'kept';
  return onEdit === 'update' ? 'updating' : 'open';
};

const changedCode = 'article.changed';

/** The row with the article's later version; null if it is known by now, or too soon. A later version replaces it. */
export const recordLaterVersion =
  (recorded: Recorded): Transition =>
  (row) => {
    if (compareVersion(row, recorded) !== 'later') return null;
    const { contentHash, storedAs, difference, at } = recorded;
    const { changes = 0, seen = [row.contentHash] } = row.laterVersion ?? {};
    const state = stateOf(row, recorded);
    const history = row.history.at(-1)?.code === changedCode ? row.history.slice(0, -1) : row.history;
    return {
      ...row,
      laterVersion: {
        storedAs,
        contentHash,
        at,
        difference,
        changes: changes + 1,
        seen: [...new Set([...seen, contentHash])].slice(0, maxAtOnce),
        state,
        unchecked: state === 'updating' && row.laterVersion?.unchecked === true,
        why: null,
      },
      ...(row.state === 'drafted' && state === 'updating' && row.wakeAt === null && { wakeAt: at }),
      rev: row.rev + 1,
      history: withMoment(history, { at, state: row.state, code: changedCode, detail: difference }),
    };
  };

/** Whether an article changed after its draft, and what follows is for you to decide. */
export const hasOpenChange = ({ state, laterVersion }: Pick<EntryRow, 'state' | 'laterVersion'>): boolean =>
  state === 'drafted' && laterVersion?.state === 'open';

/** How long a change is listed as needing a decision. */
export const changeListedMs = 7 * dayMs;

/** Throws permanent `article.not-changed` if there is nothing to decide. */
export const refuseUnlessOpen = (row: EntryRow): void => {
  if (hasOpenChange(row)) return;
  const why =
    row.laterVersion?.state === 'updating'
      ? 'its draft is being changed; try again when that is done'
      : 'its article has not changed since you last decided';
  throw permanent('article.not-changed', `${row.key} needs no decision about its draft: ${why}.`);
};

/** The draft stays as it is. */
export const keepDraft =
  ({ at, by }: { at: number; by: string }): Transition =>
  (row) => {
    if (!hasOpenChange(row) || row.laterVersion === null) return null;
    const moment = { at, state: row.state, code: 'article.kept', detail: `by ${by}` };
    return {
      ...row,
      laterVersion: { ...row.laterVersion, state: 'kept' },
      rev: row.rev + 1,
      history: withMoment(row.history, moment),
    };
  };
