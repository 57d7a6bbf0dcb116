import * as v from 'valibot';
import { Entry } from './entry.ts';
import { misconfigured, permanent } from './errors.ts';
import type { FeedRow, ScheduleSlot, TickRow } from './feed-row.ts';
import type { GateRow, GateScope } from './gate.ts';
import { type DueRow, type LedgerRow, rowFormat, states } from './row.ts';
import type { TikTokPost } from './tiktok-post.ts';

const Text = v.nullable(v.string());
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Time = v.number();
const State = v.picklist(states);

/** Not its full schema: a post was checked when it was made, and a later release may know more rules than it met. */
const Post = v.custom<TikTokPost>(
  (value) => typeof value === 'object' && value !== null && 'creation_source' in value,
);

const row = { key: v.pipe(v.string(), v.nonEmpty()), format: Count, rev: Count, expiresAt: v.nullable(Time) };

const Moment = v.object({ at: Time, state: State, code: v.string(), detail: v.exactOptional(v.string()) });

const StoredRow = v.variant('type', [
  v.object({
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
    entry: v.nullable(Entry),
    contentHash: v.string(),
    whenUncertain: v.picklist(['retry', 'park', 'look_up']),
    dueAt: Time,
    wakeAt: v.nullable(Time),
    claimId: Text,
    leaseUntil: v.nullable(Time),
    attempts: Count,
    failures: Count,
    mayBeTwice: Count,
    postId: v.nullable(v.number()),
    alsoPosted: v.array(v.number()),
    errors: v.unknown(),
    history: v.array(Moment),
  }),
  v.object({ ...row, type: v.literal('pointer'), owner: v.string() }),
  v.object({ ...row, type: v.literal('pair'), feed: Text, hook: Text }),
]);

const StoredDue = v.object({
  key: v.string(),
  feed: v.string(),
  brand: v.number(),
  state: State,
  seenAt: Time,
  wakeAt: Time,
});

const Trouble = v.object({
  code: v.string(),
  message: v.string(),
  since: Time,
  failures: Count,
  lastAt: Time,
  nextAt: Time,
});

const Counts = v.object({
  seen: Count,
  known: Count,
  baselined: Count,
  filtered: Count,
  held: Count,
  queued: Count,
});

const StoredFeed = v.object({
  id: v.string(),
  rev: Count,
  url: v.string(),
  validators: v.object({ etag: Text, lastModified: Text }),
  bodyHash: Text,
  digest: v.nullable(v.instance(Uint8Array)),
  newest: v.nullable(Time),
  counts: v.nullable(Counts),
  changedAt: v.nullable(Time),
  trouble: v.nullable(Trouble),
});

const StoredSlot = v.object({ notBefore: Time, goneUrl: v.exactOptional(v.string()) });

const StoredTick = v.object({ rev: Count, lastTick: Time, brands: v.array(v.number()) });

const StoredGate = v.object({
  scope: v.custom<GateScope>((value) => typeof value === 'string' && /^(all|(brand|feed)\/.+)$/.test(value)),
  by: v.picklist(['machine', 'person']),
  reason: v.picklist(['throttled', 'unauthorized', 'forbidden', 'outage', 'person']),
  closedUntil: v.nullable(Time),
  closedAt: Time,
  halfOpen: v.boolean(),
  failures: Count,
  rev: Count,
});

/** Not the value itself: it may be long, or nobody's business. */
const shape = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

const reader =
  <T>(schema: v.GenericSchema<unknown, T>, code: string, what: string) =>
  (name: string, stored: unknown): T => {
    const { success, output, issues } = v.safeParse(schema, stored);
    if (success) return output;
    const faults = issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'it'} must be ${issue.expected}, not ${shape(issue.input)}`,
    );
    throw permanent(code, `${what} ${name} cannot be read: ${faults.join('; ')}. Mend or delete it by hand.`);
  };

const readLedgerRow = reader(StoredRow, 'ledger.corrupt-row', 'Ledger row');

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

/** What the index over `wakeAt` holds; throws permanent `ledger.corrupt-row`. */
export const parseDueRow: (key: string, stored: unknown) => DueRow = reader(
  StoredDue,
  'ledger.corrupt-row',
  'Ledger row',
);

/** Throws permanent `feeds.corrupt-row`. */
export const parseFeedRow: (id: string, stored: unknown) => FeedRow = reader(
  StoredFeed,
  'feeds.corrupt-row',
  'Feed row',
);

/** Throws permanent `feeds.corrupt-slot`. */
export const parseSlot: (id: string, stored: unknown) => ScheduleSlot = reader(
  StoredSlot,
  'feeds.corrupt-slot',
  'Schedule slot of feed',
);

/** Throws permanent `feeds.corrupt-tick`. */
export const parseTick: (name: string, stored: unknown) => TickRow = reader(
  StoredTick,
  'feeds.corrupt-tick',
  'Tick row',
);

/** Throws permanent `gate.corrupt-row`. */
export const parseGateRow: (name: string, stored: unknown) => GateRow = reader(
  StoredGate,
  'gate.corrupt-row',
  'Gate row',
);
