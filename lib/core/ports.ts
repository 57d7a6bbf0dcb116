import type { ActivityRow } from './activity/activity-row.ts';
import type { AlertRow } from './alerts/alert-row.ts';
import type { ChangeEvent } from './change-events/change-event.ts';
import type { Delivery } from './change-events/delivery.ts';
import type { RowChange } from './change-events/row-change.ts';
import type { CircuitRow } from './circuit/circuit-row.ts';
import type { TokenProblem } from './circuit/token-problem.ts';
import type { EnrichConfig, FeedLogin } from './config/config.ts';
import type { QuotaRow } from './editorial/quota-row.ts';
import type { Question } from './enrich/question.ts';
import type { Feed } from './entries/entry.ts';
import type { IdentifiedFeed, ReadBefore } from './entries/identity/identified-entry.ts';
import type { StoredEntry } from './entries/stored-entry.ts';
import type { Report } from './events.ts';
import type { ListGroup } from './ledger/list-place.ts';
import type { DueRow, EntryRow, LedgerRow, ListedRow, State, WaitingRow } from './ledger/row.ts';
import type { FeedsMessage, WakeUp } from './polling/feed-message.ts';
import type { FeedRow, Validators } from './polling/feed-row.ts';
import type { Schedule } from './polling/host-back-off.ts';
import type { FeedSlot, HostBackOff, IntervalSlot, TickRow } from './polling/schedule-rows.ts';
import type { LatestDraft, ListedPosts } from './posts/find-draft.ts';
import type { ShownPost } from './posts/plan-update.ts';
import type { EntriesToRender, RenderedEntry } from './posts/render-entries.ts';
import type { TikTokPost } from './posts/tiktok-post.ts';
import type { DeliveriesRow } from './webhooks/deliveries-row.ts';

/** Epoch milliseconds. */
export type Clock = () => number;

/** What an invocation provides: its remaining time, and where its events are reported. */
export type Invocation = { remainingMs: () => number; report: Report };

/**
 * The ledger. Every read is strongly consistent except `due`, `oldestQueued`, `waiting`, `all` and `allRows`, whose
 * results must be confirmed by a fresh read.
 */
export type Ledger = {
  read: (key: string) => Promise<LedgerRow | null>;
  /** Inserts a row if there is none; false if one exists by now. */
  insert: (row: LedgerRow) => Promise<boolean>;
  /** Replaces the row it was made from (`rev` one less); false if that has changed since. */
  replace: (row: LedgerRow) => Promise<boolean>;
  /** Deletes exactly this version of a row; false if it has changed since. Only at an operator's request. */
  remove: (row: LedgerRow) => Promise<boolean>;
  /**
   * Rows whose `wakeAt` has passed, oldest first. `leases`: rows that are drafting; `hooks`: those whose hook is to
   * be asked; otherwise rows of one brand that are queued or to be looked up.
   */
  due: (query: {
    shard: 'leases' | 'hooks' | number;
    until: number;
    limit: number;
    exceptFeeds?: string[];
  }) => Promise<DueRow[]>;
  /**
   * Keys of a feed's queued rows that may be sent by `until`, oldest first by `queuePlace`, and before the place
   * `before` if given. Stops after some hundred rows that are not due yet.
   */
  oldestQueued: (query: { feed: string; until: number; before?: string; limit: number }) => Promise<string[]>;
  /**
   * Rows that need attention (held, to be reviewed, rejected, or uncertain without a look-up), in one state, some or all, by when they were
   * first seen. `duplicate`: rows that need attention only because there may be two drafts; `changed`: only because the
   * article changed after its draft, by when that was found, if that was at `since` or later, in epoch milliseconds.
   * `after`: the `next` of the previous page; null if there was no more.
   */
  waiting: (query: {
    state?: State | 'duplicate' | 'changed' | readonly State[];
    limit: number;
    after?: string;
    since?: number;
  }) => Promise<{ rows: WaitingRow[]; next: string | null }>;
  /**
   * Entries of a group, the latest first by when they came into it; `since`: only those that came at that time or later,
   * in epoch milliseconds. `after`: the `next` of the previous page; null if there was no more.
   */
  listed: (query: {
    group: ListGroup;
    limit: number;
    after?: string;
    since?: number;
  }) => Promise<{ rows: ListedRow[]; next: string | null }>;
  /** How many entries a group has, counted up to `limit`. */
  count: (group: ListGroup, limit: number) => Promise<number>;
  /** Keys of the rows with a link, in whatever form, or of the entry with a draft: at most 100, in no order. */
  keysNamed: (name: { link: string } | { postId: number }) => Promise<string[]>;
  /** Every entry row, page by page, in no order. For operator commands, never on the hot path. */
  all: () => AsyncIterable<EntryRow>;
  /** Every row of any type, like `all`, including those that lead to an entry. */
  allRows: () => AsyncIterable<LedgerRow>;
  /**
   * Stores an entry, before the row that refers to its ID is written; `until` in epoch milliseconds. Safe to repeat.
   * Throws permanent `store.too-large`.
   */
  storeEntry: (id: string, kept: StoredEntry, until: number) => Promise<void>;
  /** Null: it has expired, or cannot be read, which is reported. */
  storedEntry: (id: string) => Promise<StoredEntry | null>;
  /** Changes the expiry of an entry, if it is still stored. */
  setStoredEntryExpiry: (id: string, until: number) => Promise<void>;
  deleteStoredEntry: (id: string) => Promise<void>;
};

/** A feed that is to be polled for the first time at an address. `isMove`: it has a slot for another address. */
export type SlotStart = { id: string; address: string; isMove: boolean };

export type FeedStore = {
  read: (id: string) => Promise<FeedRow | null>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  save: (row: FeedRow) => Promise<boolean>;
  /** Every slot in every shard, and every host back-off. */
  schedule: () => Promise<Schedule>;
  /** Writes ingest's part of a slot; the plan's part is kept. */
  setSlot: (id: string, slot: FeedSlot) => Promise<void>;
  /**
   * Gives feeds a slot that may always be polled: those without one, and those whose slot is for another address, which
   * also loses its step in the plan. A slot for this address that exists by now is kept.
   */
  startSlots: (starts: SlotStart[]) => Promise<void>;
  /** Writes the plan's part of a slot. */
  setIntervalStep: (id: string, step: IntervalSlot) => Promise<void>;
  /** A host's back-off; null if there is none. */
  backOff: (host: string) => Promise<HostBackOff | null>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new one); false if that has changed since. */
  saveBackOff: (backOff: HostBackOff) => Promise<boolean>;
  /** Removes exactly this version; false if it has changed since. */
  endBackOff: (backOff: HostBackOff) => Promise<boolean>;
  tick: () => Promise<TickRow | null>;
  saveTick: (row: TickRow) => Promise<boolean>;
};

export type CircuitStore = {
  /** Every open circuit, consistently. */
  rows: () => Promise<CircuitRow[]>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  put: (row: CircuitRow) => Promise<boolean>;
  /** Closes a circuit by removing exactly this version; false if it has changed since. */
  remove: (row: CircuitRow) => Promise<boolean>;
};

/** The drafts and slots that count towards limits. */
export type QuotaStore = {
  /** Consistently. */
  read: (feed: string) => Promise<QuotaRow | null>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  save: (row: QuotaRow) => Promise<boolean>;
};

/** The outcomes of each webhook's deliveries. */
export type DeliveryStore = {
  /** Consistently; by the webhook's ID. */
  read: (webhook: string) => Promise<DeliveriesRow | null>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  save: (row: DeliveriesRow) => Promise<boolean>;
};

/** The alerts that are raised. */
export type AlertStore = {
  /** At most `limit` rows, consistently, by ID. */
  rows: (limit: number) => Promise<AlertRow[]>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  put: (row: AlertRow) => Promise<boolean>;
  /** Removes exactly this version; false if it has changed since. */
  remove: (row: AlertRow) => Promise<boolean>;
};

/** What people did, kept for 90 days. */
export type ActivityStore = {
  /** Consistently. */
  read: (id: string) => Promise<ActivityRow | null>;
  /** Writes over the version it was made from (`rev` one less; 1 for a new row); false if that has changed since. */
  put: (row: ActivityRow) => Promise<boolean>;
  /** Removes exactly this version; false if it has changed since. */
  remove: (row: ActivityRow) => Promise<boolean>;
  /** The latest first; `before`: only those that began before the one with this ID. */
  latest: (query: { limit: number; before?: string | undefined }) => Promise<ActivityRow[]>;
};

/** Posts JSON to an address from a secret called `name`. Throws AppError `alert.*`. */
export type PostJson = (to: { name: string; url: string }, message: unknown) => Promise<void>;
/** Sends a mail to the subscribers. Throws AppError `alert.*`. */
export type SendMail = (mail: { subject: string; text: string }) => Promise<void>;

/** A record of a table's stream; the images are as DynamoDB stores them. Times in seconds. */
export type StreamRecord = {
  NewImage?: unknown;
  OldImage?: unknown;
  ApproximateCreationDateTime?: number | undefined;
};
/** Null: nothing that can be an event. Throws permanent AppError for a row that cannot be read. */
export type ReadChange = (record: StreamRecord) => RowChange | null;

/** Puts events on the event bus; returns those that it refused. Throws AppError `event-bus.*`. */
export type PutEvents = (events: readonly ChangeEvent[]) => Promise<ChangeEvent[]>;
/** Queues deliveries; throws a retryable error unless every one was accepted. */
export type SendDeliveries = (deliveries: Delivery[]) => Promise<void>;
/** Posts a signed event; throws retryable AppError `event.*` unless it was accepted. */
export type PostEvent = (url: string, body: string, headers: Record<string, string>) => Promise<void>;
/** Hides a received message, so that it is received again only after that time, up to twelve hours. */
export type HideMessage = (receipt: string, ms: number) => Promise<void>;

export type { FeedsMessage, WakeUp };

/** Sends messages, ten at a time as SQS allows; throws a retryable error unless every one was accepted. */
export type SendFeeds = (messages: FeedsMessage[]) => Promise<void>;
/** `delaySeconds`: received no sooner than that, up to 900. */
export type SendWakeUps = (messages: WakeUp[], delaySeconds?: number) => Promise<void>;
/** The approximate number of wake-ups that are waiting or in progress. */
export type CountWakeUps = () => Promise<number>;

export type FetchRequest = {
  url: string;
  validators: Validators | null;
  allowPrivate: boolean;
  /** For everything together: redirects, body, decoding. */
  deadlineMs: number;
  /** Credentials and other headers, by lower-case name; sent only to the origin of `url`. */
  headers?: Record<string, string>;
  /** The names of the values for such headers; see `withLogin`. */
  login?: FeedLogin;
  /** A forced refresh: validators are left out, and caches are bypassed. */
  noCache?: boolean;
};

/**
 * What the headers of a response state: its freshness, in epoch milliseconds, null if unstated; the WebSub hub, if they
 * advertise one.
 */
export type FetchHints = { freshUntil: number | null; hub?: string };

/**
 * `permanentUrl`: the target of 301 and 308, if no other redirect preceded them; adopt it only after it has lasted for
 * days.
 */
export type FetchResponse =
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
 * Fetches a feed politely, and only from allowed addresses. Throws AppError `feed.*`: retryable with `retryAfterMs` on
 * 429/503 and temporary failures; permanent `feed.gone` on 410; config `feed.refused` for a forbidden address.
 */
export type FetchFeed = (request: FetchRequest) => Promise<FetchResponse>;

/** A feed document as received. */
type Sent = { bytes: Uint8Array; contentType: string | null; url: string };

/** Bytes to entries; throws permanent `feed.*` naming what the document is instead, retryable `feed.too-slow`. */
export type ParseFeed = (document: Sent) => Promise<Feed>;

/** Everything that processes a publisher's text, within limits of time and memory. */
export type ReadsFeeds = {
  /** Bytes to identified entries, except those read before; throws like `ParseFeed`. */
  identifyFeed: (document: Sent, before?: ReadBefore | null) => Promise<IdentifiedFeed>;
  /** Applies templates and rules to entries; throws permanent `feed.too-large`, retryable `feed.too-slow`. */
  renderEntries: (entries: EntriesToRender) => Promise<RenderedEntry[]>;
};

/** The rate headers of a response: `resetAt` in epoch milliseconds, corrected to our clock by the response's Date. */
export type RateLimit = { limit: number; remaining: number; resetAt: number } | null;

/**
 * The result of one POST. `created` without an ID: it exists, but the response could not be read. `not-sent`: it was
 * not sent, because that was no longer allowed.
 */
export type CreateOutcome =
  | { kind: 'created'; postId: number | null; rate: RateLimit }
  | { kind: 'rejected'; status: number; message: string; errors: unknown; rate: RateLimit }
  | { kind: 'throttled'; until: number; rate: RateLimit }
  /** `problem`: why no token could be sent; absent if one was sent and refused. */
  | { kind: 'unauthorized'; problem?: TokenProblem; rate: RateLimit }
  | { kind: 'forbidden'; rate: RateLimit }
  | { kind: 'not-created'; code: string; message: string; rate: RateLimit }
  | { kind: 'uncertain'; code: string; message: string; rate: RateLimit }
  | { kind: 'not-sent' }
  /** This stage delivers nothing. */
  | { kind: 'withheld' };

/** The result of a request that creates nothing. */
export type ProbeOutcome = { kind: 'up' } | { kind: 'down'; code: string; message: string };

/**
 * `unavailable`: the list could not be requested now, so a later request may succeed. `inconclusive`: it is missing,
 * unreadable or too long.
 */
export type RecentPosts =
  | ({ kind: 'listed' } & ListedPosts)
  | { kind: 'unavailable' | 'inconclusive'; code: string; message: string };

/** The latest draft of each brand with a known ID, which a list of posts must contain to be trusted. */
export type LatestDrafts = {
  /** Consistently. */
  read: (brand: number) => Promise<LatestDraft | null>;
  /** Stores it, unless a later one is stored. */
  note: (draft: LatestDraft) => Promise<void>;
};

export type DashSocial = {
  /**
   * Sends the post once (and once more after a 401, with a refreshed token); calls `mayLeave` just before a request is
   * sent.
   */
  create: (post: TikTokPost, options: { canStillSend: () => boolean }) => Promise<CreateOutcome>;
  probe: () => Promise<ProbeOutcome>;
};

/** What Dash Social shows of a post. `not-shown`: it cannot be shown, or not as expected. `later`: no answer for now. */
export type DraftRead =
  | { kind: 'shown'; post: ShownPost }
  | { kind: 'not-shown'; why: string }
  | { kind: 'later'; why: string };

/** The result of one change. `later`: certainly not made. `unknown`: it may have been made. */
export type DraftWritten =
  | { kind: 'changed' }
  | { kind: 'refused'; why: string }
  | { kind: 'later'; why: string }
  | { kind: 'unknown'; why: string };

/** One post of Dash Social by its ID. Neither throws. */
export type DashDrafts = {
  read: (postId: number) => Promise<DraftRead>;
  /** Sends these fields, by their API names. */
  change: (postId: number, fields: Record<string, unknown>) => Promise<DraftWritten>;
};

/**
 * The posts with `creation_source: RSS_FEED`, page by page, until a page is entirely before `since` and `latest` has
 * been seen or cannot follow anymore.
 */
export type ListRecentPosts = (query: {
  brand: number;
  since: number;
  latest: LatestDraft;
}) => Promise<RecentPosts>;

/** Provides the token. Both throw AppError `token.*`, config or retryable, which never contains the value. */
export type TokenSource = {
  current: () => Promise<string>;
  /** After a 401: reads it again unless that was done since `refused` was returned; the result may be the same. */
  refreshed: (refused: string) => Promise<string>;
};

/**
 * A value of the inbound secret named in feeds.yml for webhooks and logins; null if the name is missing or empty.
 * `maxAgeMs`: the maximum age of the value, by default the cache's lifetime. Throws AppError config `inbound.*` and
 * retryable `inbound.*`, which never contain a value.
 */
export type SecretByName = (name: string, maxAgeMs?: number) => Promise<string | null>;

/**
 * Asks a hook about a post, once, and returns its answer as parsed JSON; undefined if it is empty. Throws AppError
 * `enrich.*`, whose message is shown to editors.
 */
export type AskHook = (hook: EnrichConfig, question: Question) => Promise<unknown>;

/** Waits for this worker's turn under the rate limit; false if the turn would come too late for this invocation. */
export type AcquireTurn = (invocation: Invocation) => Promise<boolean>;
/** Adjusts the pace by a response's rate headers. */
export type UpdateRate = (news: RateLimit) => void;
