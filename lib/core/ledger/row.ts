import * as v from 'valibot';
import { lessons } from '../entries/memory/feed-memory.ts';
import { AppError, misconfigured } from '../errors.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** Written on every row; a release that changes a row's shape counts it up and reads all older ones. */
export const rowFormat = 1;

export const states = [
  'baselined',
  'filtered',
  'held',
  'review',
  'queued',
  'drafting',
  'drafted',
  'rejected',
  'uncertain',
  'dismissed',
] as const;
export type State = (typeof states)[number];
const State = v.picklist(states);

/** States in which nothing will happen to a row by itself; only these expire. */
export const finalStates: ReadonlySet<State> = new Set([
  'baselined',
  'filtered',
  'drafted',
  'rejected',
  'dismissed',
]);

const WhenUncertain = v.picklist(['auto', 'retry', 'park']);
export type WhenUncertain = v.InferOutput<typeof WhenUncertain>;

/** One line of a row's life; `code` is `area.reason`. */
const Moment = v.object({ at: Time, state: State, code: v.string(), detail: v.exactOptional(v.string()) });
export type Moment = v.InferOutput<typeof Moment>;

/** Of which settings a post was made: `by`: `newsroom/feed`, or the id of a webhook, `blog/hook`; `from`: their hash. */
const Rendering = v.object({ by: v.string(), from: v.string() });
export type Rendering = v.InferOutput<typeof Rendering>;

/** Not its full schema: a post was checked when it was made, and a later release may know more rules than it met. */
const Post = v.custom<TikTokPost>(
  (value) => typeof value === 'object' && value !== null && 'creation_source' in value,
);

const row = {
  key: v.pipe(v.string(), v.nonEmpty()),
  format: Count,
  /** Row version, counted up by each write. */
  rev: Count,
  /** In epoch seconds, as DynamoDB's TTL wants it; null: never. */
  expiresAt: v.nullable(Time),
};

/** An entry and all that became of it: the truth, of which a queue message is only a wake-up. */
export const EntryRow = v.object({
  ...row,
  type: v.literal('entry'),
  state: State,
  feed: v.string(),
  brand: v.number(),
  title: Text,
  link: Text,
  published: Text,
  /** When we first saw it. */
  seenAt: Time,
  /** The finished post, as it is sent unless its settings change before; null when it could not be rendered. */
  post: v.nullable(Post),
  /** Of which settings the post was made, or could not be. */
  rendering: Rendering,
  /** Under which id its entry is kept; null: it was too large. What is there is forgotten before the row is. */
  storedAs: Text,
  /** Hash of title, summary and content, to tell an edit from a repeat. */
  contentHash: v.string(),
  whenUncertain: WhenUncertain,
  /** Not before. */
  dueAt: Time,
  /** When the sweep is to wake it if nothing has happened; null: nobody does, a person decides or it is done. */
  wakeAt: v.nullable(Time),
  claimId: Text,
  leaseUntil: v.nullable(Time),
  /** POSTs that left and were not certainly refused. */
  attempts: Count,
  /** Responses in a row that said "not created" through no fault of the row: what the back-off doubles by. */
  failures: Count,
  /** How many times it may have been posted besides the one we know of. */
  mayBeTwice: Count,
  /** The id of the draft in Dash Social; null with state `drafted` when the response could not be read. */
  postId: v.nullable(v.number()),
  /** Ids of posts that turned out to exist besides `postId`. */
  alsoPosted: v.array(v.number()),
  /** When a person confirmed how many drafts of it there are; null: nobody has since the last that may be one too many. */
  checkedAt: v.optional(v.nullable(Time), null),
  /** Dash Social's own words when it rejected the post. */
  errors: v.unknown(),
  /** The feeds and webhooks that have shown it, as `FEED/feed` and `FEED/hook`; the latest 50. */
  seenIn: v.array(v.string()),
  /** Keys of the pointers and the pair that lead here, as far as they were written before it was done; the latest 30. */
  leading: v.optional(v.array(v.string()), []),
  /** The batch in which it was held; null when it never was. */
  batch: Text,
  /** What its feed learns when it is released. */
  lesson: v.nullable(v.picklist(lessons)),
  /** The last moments, oldest first, bounded. */
  history: v.array(Moment),
});
export type EntryRow = v.InferOutput<typeof EntryRow>;

/** What a conditional pointer was written with: an entry that disagrees with it is another one. */
const Conditions = v.object({
  date: v.nullable(Time),
  dayOnly: v.boolean(),
  text: Text,
  title: Text,
  query: v.array(Count),
  /** The feed or webhook that wrote it, as in the entry's `metBy`. */
  seenIn: v.string(),
});
export type Conditions = v.InferOutput<typeof Conditions>;

/** How an entry came to be another one's. */
const RecognizedAs = v.object({
  /** What the two have in common. */
  by: v.picklist([
    'guid',
    'link',
    'link-and-title',
    'guid-and-title',
    'page-and-title',
    'title-and-date',
    'text-and-date',
    'link-and-date',
    'title-and-text',
    'pair',
  ]),
  title: Text,
  link: Text,
});
export type RecognizedAs = v.InferOutput<typeof RecognizedAs>;

/**
 * Another key of an entry: follow `owner`. With a `claim` it is conditional, and never the way to another pointer's
 * owner. `recognized`: its writer turned out to be the entry at `owner`, under another id, link or title.
 */
const PointerRow = v.object({
  ...row,
  type: v.literal('pointer'),
  owner: v.string(),
  conditions: v.nullable(Conditions),
  recognized: v.nullable(RecognizedAs),
});
export type PointerRow = v.InferOutput<typeof PointerRow>;

/** One link of a feed that has a webhook: the own key of the entry on either side, each set once. */
const PairRow = v.object({ ...row, type: v.literal('pair'), feed: Text, hook: Text });
export type PairRow = v.InferOutput<typeof PairRow>;

const LedgerRow = v.variant('type', [EntryRow, PointerRow, PairRow]);
export type LedgerRow = v.InferOutput<typeof LedgerRow>;

/** What a list shows of a row that waits for a person: what its index holds (infra/tables.yml). */
export const WaitingRow = v.pick(EntryRow, [
  'key',
  'state',
  'feed',
  'brand',
  'title',
  'link',
  'published',
  'seenAt',
  'postId',
  'alsoPosted',
  'mayBeTwice',
  'checkedAt',
  'batch',
  'lesson',
  'history',
]);
export type WaitingRow = v.InferOutput<typeof WaitingRow>;

/** What the index over `wakeAt` holds of a row (infra/tables.yml). */
const DueRow = v.object({
  ...v.pick(EntryRow, ['key', 'feed', 'brand', 'state', 'seenAt']).entries,
  failures: v.optional(Count, 0), // an index made before this was in it goes on without
  wakeAt: Time,
});
export type DueRow = v.InferOutput<typeof DueRow>;

const readLedgerRow = readStored(LedgerRow, 'ledger.corrupt-row', 'Ledger row');

/** Names the release that is needed, before a shape we do not know is taken for a broken one. */
const refuseNewer = (key: string, stored: unknown): void => {
  const { format } = stored as { format?: unknown };
  if (typeof format !== 'number' || format <= rowFormat) return;
  const message = `Ledger row ${key} has format ${format}, this release reads up to ${rowFormat}: deploy the release that wrote it, or a later one.`;
  throw misconfigured('ledger.newer-format', message);
};

/**
 * A stored object as a ledger row. Throws permanent `ledger.corrupt-row`, config `ledger.newer-format`; both name
 * the key.
 */
export const parseLedgerRow = (key: string, stored: object): LedgerRow => {
  refuseNewer(key, stored);
  return readLedgerRow(key, stored);
};

/** What the index of rows that wait for a person holds; throws permanent `ledger.corrupt-row`. */
export const parseWaitingRow: (key: string, stored: unknown) => WaitingRow = readStored(
  WaitingRow,
  'ledger.corrupt-row',
  'Ledger row',
);

/** What the index over `wakeAt` holds; throws permanent `ledger.corrupt-row`. */
export const parseDueRow: (key: string, stored: unknown) => DueRow = readStored(
  DueRow,
  'ledger.corrupt-row',
  'Ledger row',
);

const unreadable: ReadonlySet<string> = new Set(['ledger.corrupt-row', 'ledger.newer-format']);

/** Whether an error is that of one row that cannot be read, which must keep nobody from the others. */
export const isUnreadableRow = (error: unknown): error is AppError =>
  error instanceof AppError && unreadable.has(error.code);
