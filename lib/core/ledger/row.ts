import * as v from 'valibot';
import { lessons } from '../entries/memory/feed-memory.ts';
import { AppError, misconfigured } from '../errors.ts';
import { Edits, type Overrides } from '../posts/edits.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';
import { Count, readStored, Text, Time } from '../read-stored.ts';

/** The format of stored rows. A release that changes it increments it and can read all earlier ones. */
export const rowFormat = 1;

export const states = [
  'baselined',
  'filtered',
  'held',
  'enriching',
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

/** Final states: the row no longer changes by itself. Only rows in these states expire. */
export const finalStates: ReadonlySet<State> = new Set([
  'baselined',
  'filtered',
  'drafted',
  'rejected',
  'dismissed',
]);

const WhenUncertain = v.picklist(['auto', 'retry', 'park']);
export type WhenUncertain = v.InferOutput<typeof WhenUncertain>;

/** One entry of a row's history; `code` is `area.reason`. */
const Moment = v.object({ at: Time, state: State, code: v.string(), detail: v.exactOptional(v.string()) });
export type Moment = v.InferOutput<typeof Moment>;

/**
 * The settings used for rendering. `by`: their owner, `newsroom/feed`, or `blog/hook` for a webhook; `from`: their
 * hash.
 */
const Rendering = v.object({ by: v.string(), from: v.string() });
export type Rendering = v.InferOutput<typeof Rendering>;

/** Not the full schema: the post was validated when it was rendered, and a later release may have stricter rules. */
const Post = v.custom<TikTokPost>(
  (value) => typeof value === 'object' && value !== null && 'creation_source' in value,
);

const row = {
  key: v.pipe(v.string(), v.nonEmpty()),
  format: Count,
  /** Row version, incremented by each write. */
  rev: Count,
  /** Epoch seconds, as DynamoDB's TTL requires; null: never. */
  expiresAt: v.nullable(Time),
};

/** What you set in a post yourself, when, and who did. */
const Edited = v.object({ fields: Edits, at: Time, by: v.string() });

/**
 * How a row's hook was settled. `answered`: `fields` replace what the templates render; `skipped`: it refused the entry;
 * `failed`: it gave no answer, and the post may be sent without it.
 */
const Enriched = v.object({
  outcome: v.picklist(['answered', 'skipped', 'failed']),
  fields: v.custom<Overrides>((value) => typeof value === 'object' && value !== null),
  at: Time,
});

/** The tries to ask a row's hook, counted before each, and the state that follows the answer. */
const Asking = v.object({ tries: Count, next: v.picklist(['review', 'queued']) });
export type Asking = v.InferOutput<typeof Asking>;

/** The decisions that can be undone until the row is claimed. */
const undoable = ['approve', 'release', 'retry', 'dismiss', 'edit', 'snooze'] as const;
export type Undoable = (typeof undoable)[number];

/** What a decision may change, and an undo puts back. */
const restored = {
  state: State,
  expiresAt: v.nullable(Time),
  post: v.nullable(Post),
  rendering: Rendering,
  edited: v.nullable(Edited),
  asking: v.nullable(Asking),
  dueAt: Time,
  wakeAt: v.nullable(Time),
  claimId: Text,
  leaseUntil: v.nullable(Time),
  mayBeTwice: Count,
  checkedAt: v.nullable(Time),
  postId: v.nullable(v.number()),
};
export const restoredFields = Object.keys(restored) as (keyof typeof restored)[];

/** `before`: the fields as they were before the decision, those that it changed. */
const Undo = v.object({ of: v.picklist(undoable), before: v.partial(v.object(restored)) });

/** What became of a later version: it needs a decision, the draft is being changed, it was changed, or it stays. */
const laterStates = ['open', 'updating', 'updated', 'kept'] as const;

/** The article as its publisher changed it after its draft. */
const LaterVersion = v.object({
  /** The ID of its stored entry. */
  storedAs: v.string(),
  contentHash: v.string(),
  /** When it was found. */
  at: Time,
  /** What differs from the drafted version, on one line, bounded. */
  difference: v.string(),
  /** How many changes were recorded, and the content hashes of the first of them. */
  changes: Count,
  seen: v.array(v.string()),
  state: v.picklist(laterStates),
  /** You asked for a change of the draft even if Dash Social does not show what it says now. */
  unchecked: v.optional(v.boolean(), false),
  /** Why the draft could not be changed; null: that was not tried. */
  why: v.optional(Text, null),
});
export type LaterVersion = v.InferOutput<typeof LaterVersion>;

/** An entry and everything that happened to it. This row is authoritative; a queue message is only a wake-up. */
export const EntryRow = v.object({
  ...row,
  type: v.literal('entry'),
  state: State,
  feed: v.string(),
  brand: v.number(),
  title: Text,
  link: Text,
  published: Text,
  /** When it was first seen. */
  seenAt: Time,
  /**
   * The rendered post, with its edits; null if it could not be rendered. It is rendered again before sending if its
   * settings changed.
   */
  post: v.nullable(Post),
  /** The settings with which the post was rendered, or could not be rendered. */
  rendering: Rendering,
  /** Fields that no template touches, because a person set them; null: none. */
  edited: v.optional(v.nullable(Edited), null),
  /** What its hook answered; null: it has not been settled. It is asked once. */
  enriched: v.optional(v.nullable(Enriched), null),
  /** While it is `enriching`. */
  asking: v.optional(v.nullable(Asking), null),
  /** The last decision, while it can be undone: until the row is claimed or changes in another way. */
  undo: v.optional(v.nullable(Undo), null),
  /**
   * The ID of its stored entry; null: it was too large to store. When a row is deleted, its stored entry is deleted
   * first.
   */
  storedAs: Text,
  /** Hash of title, summary and content, which distinguishes an edit from a repetition. */
  contentHash: v.string(),
  /** The article as it is now, if it changed; null: it did not, as far as is known. */
  laterVersion: v.optional(v.nullable(LaterVersion), null),
  whenUncertain: WhenUncertain,
  /** The earliest time at which it is sent. */
  dueAt: Time,
  /** When the sweep wakes it if nothing else has happened; null: it needs a decision, or is in a final state. */
  wakeAt: v.nullable(Time),
  claimId: Text,
  leaseUntil: v.nullable(Time),
  /** POSTs that were sent and not certainly refused. */
  attempts: Count,
  /** Consecutive responses of "not created" that were not the row's fault; the back-off doubles with each. */
  failures: Count,
  /** How many further drafts may exist besides the known one. */
  mayBeTwice: Count,
  /** The ID of its draft in Dash Social; null in state `drafted` if the response could not be read. */
  postId: v.nullable(v.number()),
  /** IDs of further drafts that turned out to exist. */
  alsoPosted: v.array(v.number()),
  /** When an operator last confirmed the number of its drafts; null: not since the last possible duplicate. */
  checkedAt: v.optional(v.nullable(Time), null),
  /** The errors that Dash Social returned when it rejected the post. */
  errors: v.unknown(),
  /** The latest 50 feeds and webhooks that contained it, as `FEED/feed` and `FEED/hook`. */
  seenIn: v.array(v.string()),
  /** Keys of the latest 30 pointers and pairs that lead here, as written before the row's final state. */
  leading: v.optional(v.array(v.string()), []),
  /** The batch in which it was held; null if it never was. */
  batch: Text,
  /** What its release teaches its feed. */
  lesson: v.nullable(v.picklist(lessons)),
  /** Its latest history, oldest first, bounded. */
  history: v.array(Moment),
});
export type EntryRow = v.InferOutput<typeof EntryRow>;

/** The facts with which a conditional pointer was written; an entry that disagrees with them is a different story. */
const Conditions = v.object({
  date: v.nullable(Time),
  dayOnly: v.boolean(),
  text: Text,
  title: Text,
  query: v.array(Count),
  /** The feed or webhook that wrote it, as in the entry's `seenIn`. */
  seenIn: v.string(),
});
export type Conditions = v.InferOutput<typeof Conditions>;

/** How an entry was recognized as another one. */
const RecognizedAs = v.object({
  /** The fact that both have in common. */
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
 * Another key of an entry, which is at `owner`. With `conditions` it is conditional, and no other pointer leads through
 * it. `recognized`: the entry with this key was recognized as the one at `owner`, with another ID, link or title.
 */
const PointerRow = v.object({
  ...row,
  type: v.literal('pointer'),
  owner: v.string(),
  conditions: v.nullable(Conditions),
  recognized: v.nullable(RecognizedAs),
});
export type PointerRow = v.InferOutput<typeof PointerRow>;

/** The link of one story in a feed and its webhook: the own key of the entry on each side, each set once. */
const PairRow = v.object({ ...row, type: v.literal('pair'), feed: Text, hook: Text });
export type PairRow = v.InferOutput<typeof PairRow>;

const LedgerRow = v.variant('type', [EntryRow, PointerRow, PairRow]);
export type LedgerRow = v.InferOutput<typeof LedgerRow>;

/** The part of a row needing attention that lists show, as projected by its index (infra/tables.yml). */
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
  'dueAt',
  'history',
  'laterVersion',
]);
export type WaitingRow = v.InferOutput<typeof WaitingRow>;

/** What the list index holds of a row (infra/tables.yml). */
const ListedRow = v.object({
  ...v.pick(EntryRow, [
    'key',
    'state',
    'feed',
    'brand',
    'title',
    'link',
    'published',
    'seenAt',
    'postId',
    'batch',
  ]).entries,
  /** Its place in its group: see `listPlace`. */
  listAt: v.string(),
});
export type ListedRow = v.InferOutput<typeof ListedRow>;

/** The part of a row that the index over `wakeAt` projects (infra/tables.yml). */
const DueRow = v.object({
  ...v.pick(EntryRow, ['key', 'feed', 'brand', 'state', 'seenAt']).entries,
  failures: v.optional(Count, 0), // missing in an index created by an earlier release
  wakeAt: Time,
});
export type DueRow = v.InferOutput<typeof DueRow>;

const readLedgerRow = readStored(LedgerRow, 'ledger.corrupt-row', 'Ledger row');

/** Reports a row of a later release as such, instead of as a corrupt one. */
const refuseNewer = (key: string, stored: unknown): void => {
  const { format } = stored as { format?: unknown };
  if (typeof format !== 'number' || format <= rowFormat) return;
  const message = `Ledger row ${key} has format ${format}, this release reads up to ${rowFormat}: deploy the release that wrote it, or a later one.`;
  throw misconfigured('ledger.newer-format', message);
};

/**
 * Parses a stored ledger row. Throws permanent `ledger.corrupt-row` and config `ledger.newer-format`; both name the
 * key.
 */
export const parseLedgerRow = (key: string, stored: object): LedgerRow => {
  refuseNewer(key, stored);
  return readLedgerRow(key, stored);
};

/** Parses a row of the index of rows that need attention; throws permanent `ledger.corrupt-row`. */
export const parseWaitingRow: (key: string, stored: unknown) => WaitingRow = readStored(
  WaitingRow,
  'ledger.corrupt-row',
  'Ledger row',
);

/** What the list index holds; throws permanent `ledger.corrupt-row`. */
export const parseListedRow: (key: string, stored: unknown) => ListedRow = readStored(
  ListedRow,
  'ledger.corrupt-row',
  'Ledger row',
);

/** Parses a row of the index over `wakeAt`; throws permanent `ledger.corrupt-row`. */
export const parseDueRow: (key: string, stored: unknown) => DueRow = readStored(
  DueRow,
  'ledger.corrupt-row',
  'Ledger row',
);

const unreadable: ReadonlySet<string> = new Set(['ledger.corrupt-row', 'ledger.newer-format']);

/** Whether an error concerns a single unreadable row, which must not affect the others. */
export const isUnreadableRow = (error: unknown): error is AppError =>
  error instanceof AppError && unreadable.has(error.code);
