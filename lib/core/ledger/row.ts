import type { Witness } from '../entries/identity/agreement.ts';
import type { ConditionalKind } from '../entries/identity/ledger-keys.ts';
import type { RecognizedBy } from '../entries/identity/recognize.ts';
import type { Lesson } from '../entries/memory/feed-memory.ts';
import type { Rendering } from '../posts/rendering.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';

/** Written on every row; a release that changes a row's shape counts it up and reads all older ones. */
export const rowFormat = 1;

export const states = [
  'baselined',
  'filtered',
  'held',
  'queued',
  'drafting',
  'drafted',
  'rejected',
  'uncertain',
  'dismissed',
] as const;
export type State = (typeof states)[number];

/** States in which nothing will happen to a row by itself; only these expire. */
export const finalStates: ReadonlySet<State> = new Set([
  'baselined',
  'filtered',
  'drafted',
  'rejected',
  'dismissed',
]);

export type WhenUncertain = 'auto' | 'retry' | 'park';

/** One line of a row's life. `at` is epoch milliseconds, `code` is `area.reason`. */
export type Moment = { at: number; state: State; code: string; detail?: string };

/** Times are epoch milliseconds but `expiresAt`, which is epoch seconds, as DynamoDB's TTL wants it. */
type Row = { key: string; format: number; rev: number; expiresAt: number | null };

/** An entry and all that became of it: the truth, of which a queue message is only a wake-up. */
export type EntryRow = Row & {
  type: 'entry';
  state: State;
  feed: string;
  brand: number;
  title: string | null;
  link: string | null;
  published: string | null;
  /** When we first saw it. */
  seenAt: number;
  /** The finished post, as it is sent unless its settings change before; null when it could not be rendered. */
  post: TikTokPost | null;
  /** Of which settings the post was made, or could not be. */
  rendering: Rendering;
  /** Under which id its entry is kept; null: it was too large. What is there is forgotten before the row is. */
  storedAs: string | null;
  /** Hash of title, summary and content, to tell an edit from a repeat. */
  contentHash: string;
  whenUncertain: WhenUncertain;
  /** Not before. */
  dueAt: number;
  /** When the sweep is to wake it if nothing has happened; null: nobody does, a person decides or it is done. */
  wakeAt: number | null;
  claimId: string | null;
  leaseUntil: number | null;
  /** POSTs that left and were not certainly refused. */
  attempts: number;
  /** Answers in a row that said "not created" through no fault of the row: what the back-off doubles by. */
  failures: number;
  /** How many times it may have been posted besides the one we know of. */
  mayBeTwice: number;
  /** The id of the draft in Dash Social; null with state `drafted` when the answer could not be read. */
  postId: number | null;
  /** Ids of posts that turned out to exist besides `postId`. */
  alsoPosted: number[];
  /** When a person confirmed how many drafts of it there are; null: nobody has since the last that may be one too many. */
  checkedAt: number | null;
  /** Dash Social's own words when it rejected the post. */
  errors: unknown;
  /** The feeds and webhooks that have shown it, as `FEED/feed` and `FEED/hook`; the latest 50. */
  metBy: string[];
  /** Keys of the pointers and the pair that lead here, as far as they were written before it was done; the latest 30. */
  leading: string[];
  /** The batch in which it was held; null when it never was. */
  batch: string | null;
  /** What its feed learns when it is released. */
  lesson: Lesson | null;
  /** The last moments, oldest first, bounded. */
  history: Moment[];
};

/** What a conditional pointer was written with: who disagrees with it passes it by. */
export type Claim = Witness & {
  /** The feed or webhook that wrote it, as in `metBy`. */
  metBy: string;
};

/** How an entry came to be another one's: by what it was recognised, and what it was called. */
export type RecognizedAs = {
  by: RecognizedBy | ConditionalKind | 'pair';
  title: string | null;
  link: string | null;
};

/**
 * Another key of an entry: follow `owner`. With a `claim` it is conditional, and never the way to another pointer's
 * owner. `recognized`: its writer turned out to be the entry at `owner`, under another id, link or title.
 */
export type PointerRow = Row & {
  type: 'pointer';
  owner: string;
  claim: Claim | null;
  recognized: RecognizedAs | null;
};

/** One link of a feed that has a webhook: the own key of the entry on either side, each set once. */
export type PairRow = Row & { type: 'pair'; feed: string | null; hook: string | null };

export type LedgerRow = EntryRow | PointerRow | PairRow;

/** What the index of rows that wait for a person answers: what is shown of them in a list. */
export type WaitingRow = Pick<
  EntryRow,
  | 'key'
  | 'state'
  | 'feed'
  | 'brand'
  | 'title'
  | 'link'
  | 'published'
  | 'seenAt'
  | 'postId'
  | 'alsoPosted'
  | 'mayBeTwice'
  | 'checkedAt'
  | 'batch'
  | 'lesson'
  | 'history'
>;

/** What the index over `wakeAt` answers. */
export type DueRow = Pick<EntryRow, 'key' | 'feed' | 'brand' | 'state' | 'seenAt' | 'failures'> & {
  wakeAt: number;
};
