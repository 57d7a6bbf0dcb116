import type { CircuitRow } from '../../lib/core/circuit/circuit-row.ts';
import { type EntryRow, type PairRow, type PointerRow, rowFormat } from '../../lib/core/ledger/row.ts';
import { addressOf } from '../../lib/core/polling/address.ts';
import type { FeedFailure, FeedRow } from '../../lib/core/polling/feed-row.ts';
import type { FeedSlot } from '../../lib/core/polling/schedule-rows.ts';
import { memoryOf } from './candidates.ts';

/** A row as registerEntry first writes it, in the given state. */
export const anEntryRow = (given: Partial<EntryRow> = {}): EntryRow => ({
  type: 'entry',
  key: 'k1',
  format: rowFormat,
  rev: 1,
  expiresAt: null,
  state: 'queued',
  feed: 'newsroom',
  brand: 144,
  title: 'A bridge is opened',
  link: 'https://www.example.com/bridge',
  published: '2026-11-20T08:00:00.000Z',
  seenAt: 1_000,
  edited: null,
  enriched: null,
  asking: null,
  undo: null,
  post: {
    brand_id: 144,
    status: 'DRAFT',
    auto_publish: false,
    creation_source: 'RSS_FEED',
    text: 'Die Brücke 🌉 ist auf',
  },
  rendering: { by: 'newsroom/feed', from: 'c0ffee' },
  storedAs: null,
  contentHash: 'c0ffee',
  laterVersion: null,
  whenUncertain: 'retry',
  dueAt: 1_000,
  wakeAt: 1_000,
  claimId: null,
  leaseUntil: null,
  attempts: 0,
  failures: 0,
  mayBeTwice: 0,
  postId: null,
  alsoPosted: [],
  checkedAt: null,
  errors: null,
  seenIn: ['newsroom/feed'],
  leading: ['p1'],
  batch: null,
  lesson: null,
  history: [{ at: 1_000, state: 'queued', code: 'entry.new' }],
  ...given,
});

export const aPointer = (given: Partial<PointerRow> = {}): PointerRow => ({
  type: 'pointer',
  key: 'p1',
  format: rowFormat,
  rev: 1,
  expiresAt: null,
  owner: 'k1',
  conditions: null,
  recognized: null,
  ...given,
});

export const aPair = (given: Partial<PairRow> = {}): PairRow => ({
  type: 'pair',
  key: 'pair1',
  format: rowFormat,
  rev: 1,
  expiresAt: null,
  feed: 'k1',
  hook: null,
  ...given,
});

export const aFeedRow = (given: Partial<FeedRow> = {}): FeedRow => ({
  id: 'newsroom',
  rev: 1,
  url: 'https://www.example.com/feed.xml',
  validators: { etag: 'W/"a\\"b"', lastModified: 'Fri, 20 Nov 2026 08:00:00 GMT' },
  bodyHash: 'beef',
  facts: new Uint8Array([0, 255, 128, 1]),
  memory: memoryOf({ addedAt: 1_000, floor: 500, listsNewestFirst: true }),
  newest: 1_000,
  counts: { seen: 3, known: 0, baselined: 2, filtered: 0, held: 0, review: 0, queued: 1 },
  changedAt: 1_000,
  trouble: null,
  ...given,
});

/** A feed's slot for `url`, by default the address of `aFeedRow`. */
export const aSlot = (given: Partial<FeedSlot> = {}, url = aFeedRow().url): FeedSlot => ({
  address: addressOf({ url }),
  notBefore: 0,
  ...given,
});

export const aTrouble = (given: Partial<FeedFailure> = {}): FeedFailure => ({
  url: aFeedRow().url,
  code: 'feed.unreachable',
  message: 'nobody answers',
  since: 1,
  failures: 2,
  lastAt: 3,
  nextAt: 4,
  ...given,
});

export const aCircuitRow = (given: Partial<CircuitRow> = {}): CircuitRow => ({
  scope: 'all',
  by: 'machine',
  reason: 'throttled',
  openUntil: 5_000,
  openedAt: 1_000,
  triedAt: 1_000,
  halfOpen: false,
  failures: 1,
  rev: 1,
  ...given,
});
