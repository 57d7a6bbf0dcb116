import type { Config, FeedConfig } from '../../core/config/config.ts';
import { scopeOf } from '../../core/config/row-owners.ts';
import { keepMs } from '../../core/dash/timing.ts';
import { batchId } from '../../core/entries/batch.ts';
import type { Candidate } from '../../core/entries/candidate.ts';
import { type Classified, classify } from '../../core/entries/classify.ts';
import type { FeedHints } from '../../core/entries/entry.ts';
import { dayOf } from '../../core/entries/identity/facts.ts';
import type { IdentifiedEntry } from '../../core/entries/identity/identified-entry.ts';
import { ledgerKeys } from '../../core/entries/identity/ledger-keys.ts';
import { allKnown, readMemory } from '../../core/entries/memory/fact-memory.ts';
import { isInLedger } from '../../core/entries/memory/known-entries.ts';
import { isRenewalDue } from '../../core/entries/memory/renewal.ts';
import { oldestFirst } from '../../core/entries/oldest-first.ts';
import { type ReadWindow, type Remembered, readWindow } from '../../core/entries/read-window.ts';
import type { Verdict } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import type { Clock, FetchResponse, Ledger, ReadsFeeds } from '../../core/ports.ts';
import { findKnown } from '../find-owner.ts';

type Deps = Pick<ReadsFeeds, 'identifyFeed'> & {
  config: Pick<Config, 'webhooks'>;
  ledger: Pick<Ledger, 'read'>;
  clock: Clock;
};

/** A server's response other than "unchanged". */
export type FeedDocument = Extract<FetchResponse, { kind: 'document' }>;

/** An entry of a document, with its state if the ledger does not know it. */
export type ClassifiedEntry = Omit<
  Candidate,
  'feed' | 'side' | 'stored' | 'post' | 'rendering' | 'ruledOut' | 'firstPublished'
> & {
  /** Its feed has just shown it, and nothing needs to be written. */
  unchanged: boolean;
};

/**
 * A classified document, used both by polls and by previews. `classified`: oldest first. `remembered`: null when
 * every entry existed before the feed was added. `gap`: entries may have come and gone between polls.
 */
export type ClassifiedDocument = {
  feedTitle: string | null;
  hints: FeedHints;
  window: ReadWindow;
  remembered: Remembered | null;
  gap: boolean;
  classified: ClassifiedEntry[];
};

const rememberedOf = (row: FeedRow | null): Remembered | null =>
  row?.facts && row.memory ? { memory: row.memory, facts: readMemory(row.facts), newest: row.newest } : null;

/** A changed address is a first poll unless its window contains a known entry. */
const readAt = (
  feed: FeedConfig,
  row: FeedRow | null,
  document: Parameters<typeof readWindow>[0],
  now: number,
): { window: ReadWindow; remembered: Remembered | null } => {
  const remembered = rememberedOf(row);
  const window = readWindow(document, remembered, now);
  const isElsewhere = row?.url !== feed.url && window.recognized.size === 0;
  return remembered && isElsewhere
    ? { window: readWindow(document, null, now), remembered: null }
    : { window, remembered };
};

const backfilled: Verdict = { state: 'queued', code: 'entry.backfilled' };

/** The newest entries of a first poll are new if a backfill is set. */
const withBackfill = (
  ordered: readonly IdentifiedEntry[],
  classified: Map<IdentifiedEntry, Classified>,
  count: number,
): Map<IdentifiedEntry, Classified> => {
  for (const one of count > 0 ? ordered.slice(-count) : [])
    classified.set(one, { verdict: backfilled, lesson: null });
  return classified;
};

type Poll = { feed: FeedConfig; row: FeedRow | null; now: number };

const classifiedEntriesOf = (
  { config }: Deps,
  { feed, row, now }: Poll,
  { window, remembered }: Pick<ClassifiedDocument, 'window' | 'remembered'>,
) => {
  const scope = scopeOf(feed, config.webhooks);
  const known = Map.groupBy(remembered ? allKnown(remembered.facts) : [], ({ story }) => story);
  const { present, oldest, recognized } = window;
  const renewedOn = remembered?.memory.renewedOn ?? 0;
  return (one: IdentifiedEntry, { verdict, lesson }: Classified): ClassifiedEntry => {
    const found = recognized.get(one) ?? null;
    const date = window.dateOf(one);
    return {
      identified: one,
      keys: ledgerKeys(one, scope, window.shared),
      recognized: found,
      present,
      oldest,
      verdict,
      lesson,
      batch: verdict.state === 'held' ? batchId(feed.id, row?.rev ?? 0, verdict.code) : null,
      news: date === null || date > (remembered?.newest ?? Number.NEGATIVE_INFINITY),
      unchanged:
        found !== null &&
        isInLedger(one.facts, known.get(found.known.story) ?? []) &&
        !isRenewalDue(found.known.story, Math.min(renewedOn, found.known.lastSeen), dayOf(now)),
    };
  };
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
  const { title, entries, hints, complete } = await deps.identifyFeed(document);
  const now = deps.clock();
  const { window, remembered } = readAt(feed, row, { entries, complete }, now);
  const limits = { now, maxAgeMs: feed.maxAgeMs, keepMs };
  const classifiedEntry = classifiedEntriesOf(deps, { feed, row, now }, { window, remembered });

  const first = classify(window, remembered, limits);
  const suspects = [...first].filter(([, { verdict }]) => verdict.state === 'held');
  const known = await knownAmong(
    deps,
    feed,
    suspects.map(([one, it]) => classifiedEntry(one, it)),
  );
  const classified = known.size > 0 ? classify(window, remembered, limits, known) : first;
  const ordered = oldestFirst(window.entries, window.dateOf);
  if (remembered === null) withBackfill(ordered, classified, feed.backfill);
  return {
    feedTitle: title,
    // WebSub (4): headers take precedence over the document
    hints: document.hints.hub === undefined ? hints : { ...hints, hub: document.hints.hub },
    window,
    remembered,
    gap: leavesGap(window, remembered, known),
    classified: ordered.map((one) => classifiedEntry(one, classified.get(one) as Classified)),
  };
};

const leavesGap = (
  { entries, recognized }: ReadWindow,
  remembered: Remembered | null,
  known: ReadonlySet<IdentifiedEntry>,
): boolean =>
  (remembered?.facts.window.length ?? 0) > 0 &&
  entries.length > 0 &&
  recognized.size === 0 &&
  known.size === 0;

/** A rebuilt site may bring thousands of suspects; the ledger reads those of this many look-ups in one request. */
const lookUpsAtOnce = 100;

/** The entries known to the ledger, except those held by this very poll before its row was saved. */
const knownAmong = async (
  deps: Deps,
  feed: FeedConfig,
  suspects: ClassifiedEntry[],
): Promise<Set<IdentifiedEntry>> => {
  const rows = await mapWithConcurrency(suspects, lookUpsAtOnce, (suspect) =>
    findKnown(deps, { ...suspect, feed, side: 'feed' }),
  );
  const isKnown = (row: EntryRow | null | undefined, { batch }: ClassifiedEntry): boolean =>
    !!row && !(row.state === 'held' && row.batch === batch);
  return new Set(suspects.filter((one, i) => isKnown(rows[i], one)).map(({ identified }) => identified));
};
