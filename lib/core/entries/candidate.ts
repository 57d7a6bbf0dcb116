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

/** The document or delivery that contained an entry, as far as recognition by the ledger depends on it. */
type Surroundings = {
  /** Keys of the known stories in the document itself: no other entry in it can be one of them. */
  present: ReadonlySet<string>;
  /** The oldest date of the document, in list order; null for a delivery. */
  oldest: number | null;
};

/** An identified and classified entry, with the state it gets if it is not known yet. */
export type Candidate = Surroundings & {
  feed: FeedConfig;
  /** Whether it came from the feed or from its webhook. */
  side: 'feed' | 'hook';
  identified: IdentifiedEntry;
  /** The content from which its post is made. */
  stored: StoredEntry;
  keys: LedgerKeys;
  /** The story as which the feed's row recognized it; null if it did not. */
  recognized: Recognized | null;
  verdict: Verdict;
  /** The batch and the lesson if the verdict is to hold it; null otherwise. */
  batch: string | null;
  lesson: Lesson | null;
  /** Why the feed's rules filter it; null if they do not. */
  ruledOut: RuledOut | null;
  /** The rendered post; null if it cannot be rendered. */
  post: TikTokPost | null;
  /** The settings used for rendering. */
  rendering: Rendering;
  /** It is dated later than all known entries of this feed, or not dated. */
  news: boolean;
  /** The webhook states that this is its first publication. */
  firstPublished: boolean;
};

/** The feed or webhook that showed an entry, as stored in its row. */
export const showingFeed = ({ feed, side }: Pick<Candidate, 'feed' | 'side'>): string => `${feed.id}/${side}`;

/**
 * Applies the feed's filters to a candidate. They are applied last, including to entries that could not be rendered or
 * look re-issued, which would otherwise be held for nothing. Existing entries stay `baselined`.
 */
export const applyFilters = (candidate: Candidate): Candidate => {
  const { ruledOut, verdict } = candidate;
  const isWanted = verdict.state === 'queued' || verdict.state === 'held';
  return ruledOut && isWanted ? { ...candidate, verdict: ruledOut } : candidate;
};

/**
 * The result of registering an entry, with its reason and key. `heldIn`: the batch in which it is held, even if it was
 * known.
 */
export type Registration = {
  outcome: 'known' | Exclude<Verdict['state'], 'enriching'>;
  key: string;
  code: string;
  /** Whether it was queued, and its hook is to be asked first. */
  asksHook: boolean;
  heldIn: string | null;
};
