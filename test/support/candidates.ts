import type { Candidate } from '../../lib/core/entries/candidate.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { type IdentifiedEntry, identify } from '../../lib/core/entries/identity/identified-entry.ts';
import { type KeyScope, type LedgerKeys, ledgerKeys } from '../../lib/core/entries/identity/ledger-keys.ts';
import { sharedFacts } from '../../lib/core/entries/identity/shared-facts.ts';
import type { FeedMemory } from '../../lib/core/entries/memory/feed-memory.ts';
import type { KnownFacts } from '../../lib/core/entries/memory/known-entries.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { feedRendering } from '../../lib/core/posts/rendering.ts';
import { feedOf, postOf } from './entries.ts';

const scopeOf = (given: Partial<KeyScope>): KeyScope => ({
  feed: 'newsroom',
  brand: 144,
  dedupe: 'brand',
  paired: false,
  ...given,
});

/** The entries of one document, with their ledger keys. */
export const identifyAll = (
  entries: Entry[],
  scope: Partial<KeyScope> = {},
): { identified: IdentifiedEntry; keys: LedgerKeys }[] => {
  const all = entries.map((entry) => identify(entry, null));
  const shared = sharedFacts(all.map(({ facts }) => facts));
  return all.map((identified) => ({ identified, keys: ledgerKeys(identified, scopeOf(scope), shared) }));
};

/** Every key of an entry that is alone in its document. */
export const keysOf = (entry: Entry, scope: Partial<KeyScope> = {}): LedgerKeys =>
  (identifyAll([entry], scope)[0] as { keys: LedgerKeys }).keys;

export const allKeys = ({ own, conditional }: LedgerKeys): string[] => [
  own,
  ...conditional.map(({ key }) => key),
];

/** A new candidate, alone in its document; `given` overrides its fields. */
export const candidateOf = (
  entry: Entry,
  given: Partial<Candidate> & { paired?: boolean } = {},
): Candidate => {
  const { paired = false, ...over } = given;
  const feed = over.feed ?? feedOf();
  const scope = { feed: feed.id, brand: feed.brandId, dedupe: feed.dedupe, paired };
  const [one] = identifyAll([entry], scope) as [ReturnType<typeof identifyAll>[number]];
  return {
    ...one,
    stored: toStoredEntry(entry),
    feed,
    side: 'feed',
    recognized: null,
    present: new Set(),
    oldest: null,
    verdict: { state: 'queued', code: 'entry.new' },
    batch: null,
    lesson: null,
    ruledOut: null,
    post: postOf(entry.title ?? ''),
    rendering: feedRendering(feed),
    news: true,
    firstPublished: false,
    ...over,
  };
};

/** The known facts of entries that a feed showed on a day. */
export const knownOf = (entries: Entry[], day: number, scope: Partial<KeyScope> = {}): KnownFacts[] =>
  identifyAll(entries, scope).map(({ identified: { facts }, keys }) => ({
    facts,
    story: keys.own,
    lastSeen: day,
    reissued: false,
    raw: null,
  }));

/** The memory of a feed added at `addedAt`, whose entries are dated from `floor` on. */
export const memoryOf = (given: Partial<FeedMemory> = {}): FeedMemory => ({
  addedAt: 0,
  floor: 0,
  blind: false,
  tail: null,
  latestDate: null,
  listsNewestFirst: null,
  byPlace: false,
  dayOnly: false,
  lateAt: null,
  renewedOn: 0,
  renewsOn: 0,
  ...given,
});
