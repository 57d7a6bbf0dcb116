import type { AlertFacts, AlertRow } from './alerts/alert-row.ts';
import type { CircuitRow } from './circuit/circuit-row.ts';
import type { TokenProblem } from './circuit/token-problem.ts';
import type { FeedLogin } from './config/config.ts';
import type { QuotaRow } from './editorial/quota-row.ts';
import type { Feed } from './entries/entry.ts';
import type { IdentifiedFeed } from './entries/identity/identified-entry.ts';
import type { StoredEntry } from './entries/stored-entry.ts';
import type { Report } from './events.ts';
import type { DueRow, EntryRow, LedgerRow, State, WaitingRow } from './ledger/row.ts';
import type { FeedsMessage, WakeUp } from './polling/feed-message.ts';
import type { FeedRow, Validators } from './polling/feed-row.ts';
import type { Schedule } from './polling/host-rest.ts';
import type { FeedSlot, HostRest, IntervalSlot, TickRow } from './polling/schedule-rows.ts';
import type { LatestDraft, ListedPosts } from './posts/find-draft.ts';
import type { EntriesToRender, RenderedEntry } from './posts/render-entries.ts';
import type { TikTokPost } from './posts/tiktok-post.ts';
import type { DeliveriesRow } from './webhooks/deliveries-row.ts';

/** Epoch milliseconds. */
export type Clock = () => number;

/** What an invocation brings: how long it may still run, and where its news go. */
export type Invocation = { remainingMs: () => number; report: Report };

/**
 * The ledger. Every read is strongly consistent but `due`, `oldestQueued`, `waiting`, `all` and `allRows`, which are
 * hints to act on a fresh read.
 */
export type Ledger = {
  read: (key: string) => Promise<LedgerRow | null>;
  /** Puts a row where there is none; false when there is one by now. */
  insert: (row: LedgerRow) => Promise<boolean>;
  /** Puts a row over the one it was made from (`rev` one less); false when that has changed meanwhile. */
  replace: (row: LedgerRow) => Promise<boolean>;
  /** Forgets a row, exactly in this version; false when it has changed meanwhile. Only ever because a person asked. */
  remove: (row: LedgerRow) => Promise<boolean>;
  /** Rows whose `wakeAt` has passed, oldest first. `leases`: what is drafting; else what is queued or looks up, of one brand. */
  due: (query: {
    shard: 'leases' | number;
    until: number;
    limit: number;
    exceptFeeds?: string[];
  }) => Promise<DueRow[]>;
  /**
   * Keys of a feed's queued rows that may go by `until`, oldest first by `queuePlace`, before the place `before` if
   * given. Past some hundred rows whose turn is later it looks no further.
   */
  oldestQueued: (query: { feed: string; until: number; before?: string; limit: number }) => Promise<string[]>;
  /**
   * What waits for a person (held, rejected, uncertain with nobody to wake it), of one state or all, by when it was
   * first seen. `duplicate`: what waits for nothing else, but may have two drafts. `after`: the `next` of the page before;
   * null there was no more.
   */
  waiting: (query: {
    state?: State | 'duplicate';
    limit: number;
    after?: string;
  }) => Promise<{ rows: WaitingRow[]; next: string | null }>;
  /** Every entry row, page by page, in no order. For people, never on the hot path. */
  all: () => AsyncIterable<EntryRow>;
  /** Every row of whatever type, as `all`: what leads to an entry too. */
  allRows: () => AsyncIterable<LedgerRow>;
  /**
   * Keeps an entry, before the row that names its id is written; `until` in epoch milliseconds. Safe to repeat. Throws
   * permanent `store.too-large`.
   */
  storeEntry: (id: string, kept: StoredEntry, until: number) => Promise<void>;
  /** Null: it is kept no longer, or cannot be read, which is reported. */
  storedEntry: (id: string) => Promise<StoredEntry | null>;
  /** Changes until when an entry is kept, if it still is. */
  setStoredEntryExpiry: (id: string, until: number) => Promise<void>;
  deleteStoredEntry: (id: string) => Promise<void>;
};

/** A feed that is sent to be polled for the first time at an address. `isMove`: it has a slot of another one. */
export type SlotStart = { id: string; address: string; isMove: boolean };

export type FeedStore = {
  read: (id: string) => Promise<FeedRow | null>;
  /** Over the version it was made from (`rev` one less; 1 for a new row); false when overtaken. */
  save: (row: FeedRow) => Promise<boolean>;
  /** Every slot of every shard, and every host that rests. */
  schedule: () => Promise<Schedule>;
  /** What ingest says of a feed; what the plan says stays. */
  setSlot: (id: string, slot: FeedSlot) => Promise<void>;
  /**
   * Gives feeds the slot of one that always may be polled: those that have none, and those whose slot is about another
   * address, which loses its place in the plan too. A slot of this address that is there by now stays.
   */
  startSlots: (starts: SlotStart[]) => Promise<void>;
  /** What the plan says of a feed. */
  setIntervalStep: (id: string, step: IntervalSlot) => Promise<void>;
  /** The rest of a host that asked to be left alone; null when there is none. */
  rest: (host: string) => Promise<HostRest | null>;
  /** Over the version it was made from (`rev` one less; 1 for a new one); false when overtaken. */
  saveRest: (rest: HostRest) => Promise<boolean>;
  /** Removes exactly this version; false when overtaken. */
  endRest: (rest: HostRest) => Promise<boolean>;
  tick: () => Promise<TickRow | null>;
  saveTick: (row: TickRow) => Promise<boolean>;
};

export type CircuitStore = {
  /** Every closed door, consistently. */
  rows: () => Promise<CircuitRow[]>;
  /** Over the version it was made from (`rev` one less; 1 for a new row); false when overtaken. */
  put: (row: CircuitRow) => Promise<boolean>;
  /** Opens: removes exactly this version; false when overtaken. */
  remove: (row: CircuitRow) => Promise<boolean>;
};

/** What limits and slots are counted by. */
export type QuotaStore = {
  /** Consistently. */
  read: (feed: string) => Promise<QuotaRow | null>;
  /** Over the version it was made from (`rev` one less; 1 for a new row); false when overtaken. */
  save: (row: QuotaRow) => Promise<boolean>;
};

/** What became of the deliveries of each webhook. */
export type DeliveryStore = {
  /** Consistently; by the id of the webhook. */
  read: (webhook: string) => Promise<DeliveriesRow | null>;
  /** Over the version it was made from (`rev` one less; 1 for a new row); false when overtaken. */
  save: (row: DeliveriesRow) => Promise<boolean>;
};

/** What persons are told of: the flags that are up. */
export type AlertStore = {
  /** At most so many, consistently, by id. */
  rows: (limit: number) => Promise<AlertRow[]>;
  /** Over the version it was made from (`rev` one less; 1 for a new row); false when overtaken. */
  put: (row: AlertRow) => Promise<boolean>;
  /** Removes exactly this version; false when overtaken. */
  remove: (row: AlertRow) => Promise<boolean>;
};

/** Puts up a flag for whoever tells of it, unless it is up already. */
export type RaiseAlert = (facts: AlertFacts) => Promise<void>;

/** Posts JSON to an address out of a secret called `name`. Throws AppError `alert.*`. */
export type PostJson = (to: { name: string; url: string }, message: unknown) => Promise<void>;
/** Sends a mail to whoever subscribed. Throws AppError `alert.*`. */
export type SendMail = (mail: { subject: string; text: string }) => Promise<void>;

export type { FeedsMessage, WakeUp };

/** Sends what it is given, ten at a time as SQS allows; throws a retryable error unless every single one was taken. */
export type SendFeeds = (messages: FeedsMessage[]) => Promise<void>;
export type SendWakeUps = (messages: WakeUp[]) => Promise<void>;
/** About how many wake-ups wait in the queue or are being worked on. */
export type CountWakeUps = () => Promise<number>;

export type FetchRequest = {
  url: string;
  validators: Validators | null;
  allowPrivate: boolean;
  /** For everything together: redirects, body, decoding. */
  deadlineMs: number;
  /** Credentials and the like, by lower-case name; never sent to another origin than that of `url`. */
  headers?: Record<string, string>;
  /** Where such headers are to be found, by name; see `withLogin`. */
  login?: FeedLogin;
  /** A forced refresh: validators are left out, and caches on the way are asked to look again. */
  noCache?: boolean;
};

/** What a server told about when to come back; epoch milliseconds, null when it said nothing. */
export type FetchHints = { freshUntil: number | null };

/** `permanentUrl`: where 301 and 308 led, and nothing else before them; adopt it only after it has said so for days. */
export type FetchAnswer =
  | { kind: 'unchanged'; hints: FetchHints; permanentUrl?: string }
  | {
      kind: 'document';
      bytes: Uint8Array;
      contentType: string | null;
      url: string;
      validators: Validators;
      hints: FetchHints;
      permanentUrl?: string;
    };

/**
 * Gets a feed, politely, and only from where it may. Throws AppError `feed.*`: retryable with `retryAfterMs` on
 * 429/503 and whatever may pass; permanent `feed.gone` on 410; config `feed.refused` when a guard said no.
 */
export type FetchFeed = (request: FetchRequest) => Promise<FetchAnswer>;

/** A feed document as a server sent it. */
type Sent = { bytes: Uint8Array; contentType: string | null; url: string };

/** Bytes to entries; throws permanent `feed.*` that says what came instead, retryable `feed.too-slow`. */
export type ParseFeed = (document: Sent) => Promise<Feed>;

/** What reads feeds: all work on a publisher's text, within limits of time and memory. */
export type ReadsFeeds = {
  /** Bytes to entries with what they are recognised by; throws as `ParseFeed` does. */
  identifyFeed: (document: Sent) => Promise<IdentifiedFeed>;
  /** What templates and rules make of entries; throws permanent `feed.too-large`, retryable `feed.too-slow`. */
  renderEntries: (entries: EntriesToRender) => Promise<RenderedEntry[]>;
};

/** What the answer's headers said: `resetAt` in epoch milliseconds, corrected to our clock by the answer's Date. */
export type RateLimit = { limit: number; remaining: number; resetAt: number } | null;

/**
 * What became of one POST. `created` without an id: it exists, the answer could not be read.
 * `not-sent`: it never left, because it may not leave any more.
 */
export type CreateOutcome =
  | { kind: 'created'; postId: number | null; rate: RateLimit }
  | { kind: 'rejected'; status: number; message: string; errors: unknown; rate: RateLimit }
  | { kind: 'throttled'; until: number; rate: RateLimit }
  /** `trouble`: why no token could be sent at all; absent when one was sent and refused. */
  | { kind: 'unauthorized'; problem?: TokenProblem; rate: RateLimit }
  | { kind: 'forbidden'; rate: RateLimit }
  | { kind: 'not-created'; code: string; message: string; rate: RateLimit }
  | { kind: 'uncertain'; code: string; message: string; rate: RateLimit }
  | { kind: 'not-sent' }
  /** Nothing is delivered on this stage. */
  | { kind: 'withheld' };

/** What a request that creates nothing found at the door. */
export type ProbeOutcome = { kind: 'up' } | { kind: 'down'; code: string; message: string };

/** `cannot-tell`: the list is not there, is not readable, or is too long to be read. */
export type RecentPosts =
  | ({ kind: 'listed' } & ListedPosts)
  | { kind: 'cannot-tell'; code: string; message: string };

/** The latest draft of each brand whose id is known: what a list of posts must show to prove itself. */
export type LatestDrafts = {
  /** Consistently. */
  read: (brand: number) => Promise<LatestDraft | null>;
  /** Keeps it, unless a later one is kept. */
  note: (draft: LatestDraft) => Promise<void>;
};

export type DashSocial = {
  /** Sends the post once (and once more after a 401, with a refreshed token); asks `mayLeave` the moment a request leaves. */
  create: (post: TikTokPost, options: { mayLeave: () => boolean }) => Promise<CreateOutcome>;
  probe: () => Promise<ProbeOutcome>;
};

/**
 * The posts with `creation_source: RSS_FEED`, page by page, until a page lies wholly before `since` and `latest` has been
 * seen, or nothing more of it can be expected.
 */
export type ListRecentPosts = (query: {
  brand: number;
  since: number;
  latest: LatestDraft;
}) => Promise<RecentPosts>;

/** Where the token comes from. Both throw AppError `token.*`, config or retryable, which never holds the value. */
export type TokenSource = {
  current: () => Promise<string>;
  /** After a 401: read anew unless that has been done since `refused` was handed out; may be the same still. */
  refreshed: (refused: string) => Promise<string>;
};

/**
 * A secret of those that webhooks and feeds behind a login name in feeds.yml; null when there is none of that name,
 * or nothing in it. `maxAgeMs`: how old what is answered may be, by default the lifetime of the cache. Throws
 * AppError config `inbound.*` and retryable `inbound.*`, which never hold a value.
 */
export type SecretByName = (name: string, maxAgeMs?: number) => Promise<string | null>;

/** Waits for this worker's turn under the rate; false when the turn would come too late for this call. */
export type AcquireTurn = (invocation: Invocation) => Promise<boolean>;
/** Corrects the pace by what an answer's headers said. */
export type UpdateRate = (news: RateLimit) => void;
