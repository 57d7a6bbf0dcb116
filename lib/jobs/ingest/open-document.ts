import type { Config, FeedConfig } from '../../core/config/config.ts';
import { scopeOf } from '../../core/config/row-owners.ts';
import { keepMs } from '../../core/dash/timing.ts';
import { batchId } from '../../core/entries/batch.ts';
import type { Candidate } from '../../core/entries/candidate.ts';
import { type Classified, classify } from '../../core/entries/classify.ts';
import { dayOf } from '../../core/entries/identity/facts.ts';
import type {
  IdentifiedEntry,
  IdentifiedFeed,
  ListedEntry,
  RecalledEntry,
} from '../../core/entries/identity/identified-entry.ts';
import { type LedgerKeys, ledgerKeys } from '../../core/entries/identity/ledger-keys.ts';
import {
  allKnown,
  type FactMemory,
  nothingKnown,
  readBefore,
  readMemory,
} from '../../core/entries/memory/fact-memory.ts';
import { isInLedger } from '../../core/entries/memory/known-entries.ts';
import { recallEntries } from '../../core/entries/memory/recall-entries.ts';
import { isRenewalDue } from '../../core/entries/memory/renewal.ts';
import { type ReadWindow, type Remembered, readWindow } from '../../core/entries/read-window.ts';
import type { FeedRow } from '../../core/polling/feed-row.ts';
import type { Clock, FetchResponse, ReadsFeeds } from '../../core/ports.ts';

export type OpenDeps = Pick<ReadsFeeds, 'identifyFeed'> & { config: Pick<Config, 'webhooks'>; clock: Clock };

/** A server's response other than "unchanged". */
export type FeedDocument = Extract<FetchResponse, { kind: 'document' }>;

type Judged = Pick<
  Candidate,
  'recognized' | 'present' | 'oldest' | 'verdict' | 'lesson' | 'batch' | 'news'
> & {
  /** Its feed has just shown it, and nothing needs to be written. */
  unchanged: boolean;
  /** Its feed showed another content of it last. */
  edited: boolean;
};

/** An entry that was read, with its state if the ledger does not know it. */
export type ReadEntry = Judged & { identified: IdentifiedEntry; keys: LedgerKeys };

/** An entry of a document. What was not read is unchanged. */
export type ClassifiedEntry = ReadEntry | (Judged & { identified: RecalledEntry; keys: null });

export const isRead = (one: ClassifiedEntry): one is ReadEntry => one.keys !== null;

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

type Poll = { feed: FeedConfig; row: FeedRow | null; now: number };

const classifiedEntriesOf = (
  { config }: OpenDeps,
  { feed, row, now }: Poll,
  { window, remembered }: Pick<OpenDocument, 'window' | 'remembered'>,
) => {
  const scope = scopeOf(feed, config.webhooks);
  const known = Map.groupBy(remembered ? allKnown(remembered.facts) : [], ({ story }) => story);
  const { present, oldest, recognized } = window;
  const renewedOn = remembered?.memory.renewedOn ?? 0;
  return (one: ListedEntry, { verdict, lesson }: Classified): ClassifiedEntry => {
    const found = recognized.get(one) ?? null;
    const date = window.dateOf(one);
    const latest = known.get(found?.known.story ?? '')?.at(-1);
    const judged: Judged = {
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
      edited: latest !== undefined && latest.facts.content !== one.facts.content,
    };
    return one.entry === null
      ? { ...judged, identified: one, keys: null }
      : { ...judged, identified: one, keys: ledgerKeys(one, scope, window.shared) };
  };
};

/**
 * A document with the first verdicts on its entries. `remembered`: null when every entry existed before the feed was
 * added. `judged`: an entry with a verdict.
 */
type OpenDocument = {
  window: ReadWindow;
  remembered: Remembered | null;
  identified: IdentifiedFeed;
  verdicts: Map<ListedEntry, Classified>;
  judged: (one: ListedEntry, it: Classified) => ClassifiedEntry;
  limits: Parameters<typeof classify>[2];
};

const openDocument = async (
  deps: OpenDeps,
  { feed, row }: Pick<Poll, 'feed' | 'row'>,
  document: FeedDocument,
  memory: FactMemory,
): Promise<OpenDocument> => {
  const identified = await deps.identifyFeed(document, readBefore(memory));
  const now = deps.clock();
  const { complete } = identified;
  const entries = recallEntries(identified, memory);
  const { window, remembered } = readAt(feed, row, { entries, complete }, now);
  const limits = { now, maxAgeMs: feed.maxAgeMs, keepMs };
  const verdicts = classify(window, remembered, limits);
  const judged = classifiedEntriesOf(deps, { feed, row, now }, { window, remembered });
  return { identified, window, remembered, limits, verdicts, judged };
};

/** Every entry that was not read is unchanged, so its content is not needed; an edit that was undone is. */
const isReadEnough = ({ verdicts, judged }: OpenDocument, { onEdit }: FeedConfig): boolean =>
  [...verdicts].every(([one, it]) => {
    if (one.entry !== null) return true;
    const { unchanged, edited } = judged(one, it);
    return unchanged && (!edited || onEdit === 'ignore');
  });

/**
 * Reads as little of a document as its classification needs: an entry that was read before is read again only if
 * something must be written for it. Throws `feed.*` like `identifyFeed`.
 */
export const openAsNeeded = async (
  deps: OpenDeps,
  poll: Pick<Poll, 'feed' | 'row'>,
  document: FeedDocument,
): Promise<OpenDocument> => {
  const opened = await openDocument(deps, poll, document, readMemory(poll.row?.facts ?? null));
  return isReadEnough(opened, poll.feed) ? opened : openDocument(deps, poll, document, nothingKnown);
};
