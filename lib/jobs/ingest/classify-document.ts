import type { FeedConfig } from '../../core/config/config.ts';
import { type Classified, classify } from '../../core/entries/classify.ts';
import type { FeedHints } from '../../core/entries/entry.ts';
import type { ListedEntry } from '../../core/entries/identity/identified-entry.ts';
import { oldestFirst } from '../../core/entries/oldest-first.ts';
import type { ReadWindow, Remembered } from '../../core/entries/read-window.ts';
import type { Verdict } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import type { Ledger } from '../../core/ports.ts';
import { findKnown } from '../find-owner.ts';
import {
  type ClassifiedEntry,
  type FeedDocument,
  isRead,
  type OpenDeps,
  openAsNeeded,
  type ReadEntry,
} from './open-document.ts';

type Deps = OpenDeps & { ledger: Pick<Ledger, 'read'> };

/**
 * A classified document, used both by polls and by previews. `classified`: oldest first. `remembered`: null when
 * every entry existed before the feed was added. `gap`: entries may have come and gone between polls. `readAs`: see
 * `IdentifiedFeed`.
 */
export type ClassifiedDocument = {
  feedTitle: string | null;
  hints: FeedHints;
  readAs: string | null;
  window: ReadWindow;
  remembered: Remembered | null;
  gap: boolean;
  classified: ClassifiedEntry[];
};

const backfilled: Verdict = { state: 'queued', code: 'entry.backfilled' };

/** The newest entries of a first poll are new if a backfill is set. */
const withBackfill = (
  ordered: readonly ListedEntry[],
  classified: Map<ListedEntry, Classified>,
  count: number,
): Map<ListedEntry, Classified> => {
  for (const one of count > 0 ? ordered.slice(-count) : [])
    classified.set(one, { verdict: backfilled, lesson: null });
  return classified;
};

/**
 * Reads a document and classifies its window based on the feed's row; writes nothing. Entries that may have existed
 * before are looked up in the ledger, so that only unknown ones count. Throws `feed.*` like `identifyFeed`, and the
 * ledger's errors.
 */
export const classifyDocument = async (
  deps: Deps,
  feed: FeedConfig,
  row: FeedRow | null,
  document: FeedDocument,
): Promise<ClassifiedDocument> => {
  const { identified, window, remembered, limits, verdicts, judged } = await openAsNeeded(
    deps,
    { feed, row },
    document,
  );
  const suspects = [...verdicts].filter(([, { verdict }]) => verdict.state === 'held');
  const known = await knownAmong(deps, feed, suspects.map(([one, it]) => judged(one, it)).filter(isRead));
  const classified = known.size > 0 ? classify(window, remembered, limits, known) : verdicts;
  const ordered = oldestFirst(window.entries, window.dateOf);
  if (remembered === null) withBackfill(ordered, classified, feed.backfill);
  return {
    feedTitle: identified.title,
    // WebSub (4): headers take precedence over the document
    hints:
      document.hints.hub === undefined ? identified.hints : { ...identified.hints, hub: document.hints.hub },
    readAs: identified.readAs,
    window,
    remembered,
    gap: leavesGap(window, remembered, known),
    classified: ordered.map((one) => judged(one, classified.get(one) as Classified)),
  };
};

const leavesGap = (
  { entries, recognized }: ReadWindow,
  remembered: Remembered | null,
  known: ReadonlySet<ListedEntry>,
): boolean =>
  (remembered?.facts.window.length ?? 0) > 0 &&
  entries.length > 0 &&
  recognized.size === 0 &&
  known.size === 0;

/** A rebuilt site may bring thousands of suspects; the ledger reads those of this many look-ups in one request. */
const lookUpsAtOnce = 100;

/** The entries known to the ledger, except those held by this very poll before its row was saved. */
const knownAmong = async (deps: Deps, feed: FeedConfig, suspects: ReadEntry[]): Promise<Set<ListedEntry>> => {
  const rows = await mapWithConcurrency(suspects, lookUpsAtOnce, (suspect) =>
    findKnown(deps, { ...suspect, feed, side: 'feed' }),
  );
  const isKnown = (row: EntryRow | null | undefined, { batch }: ReadEntry): boolean =>
    !!row && !(row.state === 'held' && row.batch === batch);
  return new Set(suspects.filter((one, i) => isKnown(rows[i], one)).map(({ identified }) => identified));
};
