import type { FeedConfig } from '../config/config.ts';
import type { RuledOut } from '../editorial/editorial-rules.ts';
import type { Verdict } from '../ledger/entry-state.ts';
import type { Rendering } from '../ledger/row.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import type { IdentifiedEntry } from './identity/identified-entry.ts';
import type { LedgerKeys } from './identity/ledger-keys.ts';
import type { Recognized } from './identity/recognize.ts';
import type { Lesson } from './memory/feed-memory.ts';
import type { StoredEntry } from './stored-entry.ts';

/** The document or delivery in which an entry came, as far as the ledger's answer depends on it. */
type Surroundings = {
  /** Keys of the known stories that are in it themselves: none of them is another of its entries. */
  present: ReadonlySet<string>;
  /** The oldest date of the document, in list order; null for a delivery. */
  oldest: number | null;
};

/** A story at the one door, judged: what it is to become if nobody knows it yet. */
export type Candidate = Surroundings & {
  feed: FeedConfig;
  /** By which of the two roads of a feed it came. */
  side: 'feed' | 'hook';
  identified: IdentifiedEntry;
  /** As much of it as its post is made of. */
  stored: StoredEntry;
  keys: LedgerKeys;
  /** The story as which its feed's row recognised it; null when it did not. */
  recognized: Recognized | null;
  verdict: Verdict;
  /** The batch in which it is held if the verdict is to hold it, and what its release teaches; null otherwise. */
  batch: string | null;
  lesson: Lesson | null;
  /** Why the rules of its feed leave it out; null when they do not. */
  ruledOut: RuledOut | null;
  /** The finished post; null when it cannot be rendered. */
  post: TikTokPost | null;
  /** Of which settings. */
  rendering: Rendering;
  /** It is dated later than everything this feed had before, or not dated. */
  news: boolean;
  /** The webhook says that this is its first publication. */
  firstPublished: boolean;
};

/** Who shows an entry, as its row keeps it. */
export const shownBy = ({ feed, side }: Pick<Candidate, 'feed' | 'side'>): string => `${feed.id}/${side}`;

/**
 * The candidate as its feed's rules leave it. They are applied last, also to what could not be rendered or came with a
 * re-issue, and would wait for a person for nothing. What was there before the feed stays what it is.
 */
export const applyFilters = (candidate: Candidate): Candidate => {
  const { ruledOut, verdict } = candidate;
  const isWanted = verdict.state === 'queued' || verdict.state === 'held';
  return ruledOut && isWanted ? { ...candidate, verdict: ruledOut } : candidate;
};

/**
 * What became of it at the door and why, as its row says it, and the key of its entry. `heldIn`: the batch in which
 * that is held, also where it was known.
 */
export type Registration = {
  outcome: 'known' | Verdict['state'];
  key: string;
  code: string;
  heldIn: string | null;
};
