import * as v from 'valibot';
import { AppError, misconfigured } from '../errors.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import { Count, readStored, Text, Time } from './read-stored.ts';
import { type DueRow, type LedgerRow, type RecognizedAs, rowFormat, states, type WaitingRow } from './row.ts';

const State = v.picklist(states);

/** Not its full schema: a post was checked when it was made, and a later release may know more rules than it met. */
const Post = v.custom<TikTokPost>(
  (value) => typeof value === 'object' && value !== null && 'creation_source' in value,
);

const row = { key: v.pipe(v.string(), v.nonEmpty()), format: Count, rev: Count, expiresAt: v.nullable(Time) };

const Moment = v.object({ at: Time, state: State, code: v.string(), detail: v.exactOptional(v.string()) });

export const StoredEntryRow = v.object({
  ...row,
  type: v.literal('entry'),
  state: State,
  feed: v.string(),
  brand: v.number(),
  title: Text,
  link: Text,
  published: Text,
  seenAt: Time,
  post: v.nullable(Post),
  rendering: v.object({ by: v.string(), from: v.string() }),
  storedAs: Text,
  contentHash: v.string(),
  whenUncertain: v.picklist(['auto', 'retry', 'park']),
  dueAt: Time,
  wakeAt: v.nullable(Time),
  claimId: Text,
  leaseUntil: v.nullable(Time),
  attempts: Count,
  failures: Count,
  mayBeTwice: Count,
  postId: v.nullable(v.number()),
  alsoPosted: v.array(v.number()),
  checkedAt: v.optional(v.nullable(Time), null),
  errors: v.unknown(),
  metBy: v.array(v.string()),
  leading: v.optional(v.array(v.string()), []), // rows of before it was kept go on without
  batch: Text,
  lesson: v.nullable(v.picklist(['by-place', 'lists-newest-first', 'lists-oldest-first'])),
  history: v.array(Moment),
});
export type StoredEntryRow = v.InferOutput<typeof StoredEntryRow>;

const Claim = v.object({
  date: v.nullable(Time),
  dayOnly: v.boolean(),
  text: Text,
  title: Text,
  query: v.array(Count),
  metBy: v.string(),
});

const recognizedBy = [
  ...['guid', 'link', 'link-and-title', 'guid-and-title', 'page-and-title', 'title-and-date'],
  ...['text-and-date', 'link-and-date', 'title-and-text', 'pair'],
] as RecognizedAs['by'][];

const Recognized = v.object({ by: v.picklist(recognizedBy), title: Text, link: Text });

const StoredRow = v.variant('type', [
  StoredEntryRow,
  v.object({
    ...row,
    type: v.literal('pointer'),
    owner: v.string(),
    claim: v.nullable(Claim),
    recognized: v.nullable(Recognized),
  }),
  v.object({ ...row, type: v.literal('pair'), feed: Text, hook: Text }),
]);

export const StoredDue = v.object({
  key: v.string(),
  feed: v.string(),
  brand: v.number(),
  state: State,
  seenAt: Time,
  failures: v.optional(Count, 0), // an index made before this was in it goes on without
  wakeAt: Time,
});
export type StoredDue = v.InferOutput<typeof StoredDue>;

/** By these the index is made, too: infra/tables.yml. */
export const StoredWaiting = v.pick(StoredEntryRow, [
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

const readLedgerRow = readStored(StoredRow, 'ledger.corrupt-row', 'Ledger row');

/** Says which release is needed, before a shape we do not know is taken for a broken one. */
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
  StoredWaiting,
  'ledger.corrupt-row',
  'Ledger row',
);

const unreadable: ReadonlySet<string> = new Set(['ledger.corrupt-row', 'ledger.newer-format']);

/** Whether an error is that of one row that cannot be read, which must keep nobody from the others. */
export const isUnreadableRow = (error: unknown): error is AppError =>
  error instanceof AppError && unreadable.has(error.code);

/** What the index over `wakeAt` holds; throws permanent `ledger.corrupt-row`. */
export const parseDueRow: (key: string, stored: unknown) => DueRow = readStored(
  StoredDue,
  'ledger.corrupt-row',
  'Ledger row',
);
