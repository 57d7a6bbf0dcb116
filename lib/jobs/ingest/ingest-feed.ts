import { createHash } from 'node:crypto';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { afterWindow } from '../../core/entries/after-window.ts';
import type { Candidate, Registration } from '../../core/entries/candidate.ts';
import { dayOf } from '../../core/entries/identity/facts.ts';
import { AppError, retryable } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { ownRow, ownTrouble } from '../../core/polling/address.ts';
import { wakeUpFor } from '../../core/polling/feed-message.ts';
import type { Counts, FeedRow } from '../../core/polling/feed-row.ts';
import { nothingLearned, type Read, slotOf } from '../../core/polling/learn-from-response.ts';
import { isHostBusy } from '../../core/polling/polite-batch.ts';
import { afterSkipped, isSkipped } from '../../core/polling/politeness.ts';
import { type PollRequest, pollRequest } from '../../core/polling/poll-request.ts';
import type {
  AlertStore,
  Clock,
  FeedStore,
  FetchFeed,
  FetchRequest,
  FetchResponse,
  Invocation,
  Ledger,
  QuotaStore,
  ReadsFeeds,
  SendWakeUps,
} from '../../core/ports.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { expectInOrder } from '../draft/reserve-quota.ts';
import { registerEntry } from '../register-entry.ts';
import { alertsOfPoll, heldBatches } from './alert-of-poll.ts';
import { candidatesOf } from './candidates-of.ts';
import { type ClassifiedDocument, classifyDocument } from './classify-document.ts';
import { type FeedEdits, knownEntries, noteFeedEdits } from './note-feed-edits.ts';
import { type ClassifiedEntry, type FeedDocument, isRead } from './open-document.ts';
import { unreadRow } from './record-feed-failure.ts';
import { noteUnchanged, type PollOptions, saveResponse } from './record-poll.ts';

export type IngestDeps = ReadsFeeds & {
  config: Config;
  feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'storeEntry' | 'storedEntry'>;
  quotas: QuotaStore;
  fetchFeed: FetchFeed;
  sendWakeUps: SendWakeUps;
  alerts: Pick<AlertStore, 'put'>;
  clock: Clock;
  random: () => number;
  /** How many entries of one feed are registered concurrently. */
  registrationsAtOnce: number;
};

/** Time reserved at the end of a call for wake-ups and the feed's row. */
const reserveMs = 5_000;

/** Whether its failures, or its skipHours and skipDays, defer the feed. */
const isLeftAlone = (feed: FeedConfig, row: FeedRow | null, now: number): boolean => {
  if ((ownTrouble(feed, row)?.nextAt ?? 0) > now) return true;
  const { hints } = ownRow(feed, row)?.learned ?? nothingLearned;
  return (
    'adaptive' in feed.rhythm && hints !== null && isSkipped(now, hints) && afterSkipped(now, hints) > now
  );
};

/**
 * Polls one feed once. Entries are classified based on the feed's row, registered oldest first, then woken; the row
 * is saved last and only over the version that was read, so that a crash anywhere repeats work and never skips any.
 * Throws `feed.*` errors for the feed's own failures.
 */
export const ingestFeed = async (
  deps: IngestDeps,
  feed: FeedConfig,
  options: PollOptions,
  invocation: Invocation,
): Promise<void> => {
  const row = await deps.feedStore.read(feed.id);
  if (!options.manual && isLeftAlone(feed, row, deps.clock())) return;
  const ours = ownRow(feed, row);
  const polled = pollRequest({ feed, row: ours, now: deps.clock(), force: options.force });
  const response = await askPolitely(deps, feed, ours, polled.request, invocation);
  if (response === null) return;
  const bodyHash = response.kind === 'document' ? hashOf(response.bytes) : null;
  if (ours && isUnchanged(bodyHash, ours, options, deps.clock())) {
    invocation.report({ event: 'poll.unchanged', feed: feed.id, ...sizeOf(response) });
    return noteUnchanged(deps, feed, { row: ours, response, options, read: null, ...polled }, invocation);
  }
  if (response.kind === 'unchanged' || bodyHash === null) return; // a 304 without earlier validators cannot be used
  // Another worker may have finished a first poll during the fetch; then this is not the first one.
  const classifiedFrom = ours?.facts ? row : await deps.feedStore.read(feed.id);
  const taken = { row: classifiedFrom, document: response, bodyHash, options, polled };
  const { saved, first } = await takeIn(deps, feed, taken, invocation);
  if (!saved && first) return ingestFeed(deps, feed, options, invocation);
};

const sizeOf = (response: FetchResponse) =>
  response.kind === 'unchanged'
    ? ({ status: 304, bytes: 0 } as const)
    : ({ status: 200, bytes: response.bytes.length } as const);

/** Whether entries have been in the window for so long that their rows are due for renewal. */
const mustRenew = ({ memory }: FeedRow, now: number): boolean =>
  memory !== null && memory.renewsOn <= dayOf(now);

/** `hash`: of the received body; null for a 304. */
const isUnchanged = (hash: string | null, row: FeedRow, { force }: PollOptions, now: number): boolean =>
  hash === null || (!force && row.facts !== null && row.bodyHash === hash && !mustRenew(row, now));

/** Null: the feed was deferred because others of its host took too long, which is not its own failure. */
const askPolitely = async (
  deps: IngestDeps,
  feed: FeedConfig,
  row: FeedRow | null,
  request: FetchRequest,
  invocation: Invocation,
): Promise<FetchResponse | null> => {
  try {
    return await deps.fetchFeed(request);
  } catch (error) {
    if (!isHostBusy(error)) throw error;
    const until = deps.clock() + (error.retryAfterMs ?? 0);
    await deps.feedStore.setSlot(feed.id, slotOf(feed, row?.learned ?? nothingLearned, until));
    const { code, message } = error;
    invocation.report({ event: 'poll.deferred', feed: feed.id, code, message, until });
    return null;
  }
};

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

type Taken = {
  row: FeedRow | null;
  document: FeedDocument;
  bodyHash: string;
  options: PollOptions;
  polled: PollRequest;
};

const takeIn = async (deps: IngestDeps, feed: FeedConfig, taken: Taken, invocation: Invocation) => {
  const { row, document } = taken;
  const ledger = { read: inTime(deps.ledger.read, feed, invocation) };
  const result = await classifyDocument({ ...deps, ledger }, feed, row, document);
  const { feedTitle, classified, gap, remembered } = result;
  if (gap) invocation.report({ event: 'poll.gap', feed: feed.id });

  const changed = classified.filter(isRead).filter(({ unchanged }) => !unchanged);
  const candidates = await candidatesOf(deps, feed, feedTitle, changed);
  const candidateOf = new Map<ClassifiedEntry, Candidate>(
    changed.map((one, i) => [one, candidates[i] as Candidate]),
  );
  const outcomes = await mapWithConcurrency(classified, deps.registrationsAtOnce, (one) =>
    settle(deps, candidateOf.get(one) ?? null, invocation),
  );
  const wakeUps = outcomes.flatMap((one) => (one?.outcome === 'queued' ? [wakeUpFor(feed, one)] : []));
  await expectInOrder(
    deps,
    feed,
    wakeUps.flatMap(({ key, enrich }) => (enrich === undefined ? [key] : [])),
  );
  if (wakeUps.length > 0) await deps.sendWakeUps(wakeUps);

  const known = knownEntries(classified, outcomes);
  const edits = await noteFeedEdits(deps, feed, { feedTitle, known }, invocation);
  if (edits.wakeUps.length > 0) await deps.sendWakeUps(edits.wakeUps);

  const counts = countOf(outcomes, result.window.twins);
  const unsettled = outcomes.filter((one) => one === null).length;
  const batches = heldBatches(classified, outcomes);
  const poll = { feed: feed.id, at: deps.clock(), gap };
  if (unsettled === 0) for (const alert of alertsOfPoll(poll, batches)) await raiseAlert(deps, alert);
  const bytes = document.bytes.length;
  invocation.report({ event: 'poll.changed', feed: feed.id, counts, unsettled, bytes });
  if (!addsUp(counts, unsettled))
    invocation.report({ event: 'poll.count-mismatch', feed: feed.id, counts, unsettled });
  if (unsettled > 0) throw unsettledError(feed, unsettled, counts.seen); // nothing is saved: the next poll repeats it
  const saved = await save(deps, feed, taken, { result, counts, outcomes, edits }, invocation);
  if (saved)
    for (const { batch, keys } of batches)
      invocation.report({ event: 'poll.batch-held', feed: feed.id, batch, entries: keys.length });
  return { first: remembered === null, saved };
};

/** Reads until time runs short: then the poll stops before it writes anything, and is repeated. */
const inTime =
  (read: Ledger['read'], feed: FeedConfig, invocation: Invocation): Ledger['read'] =>
  (key) => {
    if (invocation.remainingMs() >= reserveMs) return read(key);
    throw retryable(
      'ingest.unsettled',
      `there was not enough time to look up every entry of ${feed.id}; the poll will be repeated`,
    );
  };

/** Null: not settled, because time ran out or the ledger failed; such a poll is repeated. */
const settle = async (
  deps: IngestDeps,
  candidate: Candidate | null,
  invocation: Invocation,
): Promise<Registration | null> => {
  if (candidate === null)
    return { outcome: 'known', key: '', code: 'entry.known', asksHook: false, heldIn: null };
  if (invocation.remainingMs() < reserveMs) return null;
  try {
    return await registerEntry(deps, candidate);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const key = candidate.keys.own;
    if (error.kind === 'permanent' && error.code.startsWith('ledger.')) {
      // Its row exists but cannot be read: it is known, and needs attention.
      invocation.report({ event: 'row.corrupt', key, message: error.message });
      return { outcome: 'known', key, code: 'entry.known', asksHook: false, heldIn: null };
    }
    invocation.report({
      event: 'entry.unsettled',
      feed: candidate.feed.id,
      code: error.code,
      message: error.message,
    });
    return null;
  }
};

const unsettledError = (feed: FeedConfig, unsettled: number, seen: number) =>
  retryable(
    'ingest.unsettled',
    `${unsettled} of ${seen} entries of ${feed.id} could not be settled; the poll will be repeated`,
  );

const countOf = (outcomes: (Registration | null)[], twins: number): Counts => {
  const counts = {
    seen: outcomes.length + twins,
    known: twins,
    baselined: 0,
    filtered: 0,
    held: 0,
    review: 0,
    queued: 0,
  };
  for (const one of outcomes) if (one) counts[one.outcome] += 1;
  return counts;
};

const addsUp = ({ seen, ...counts }: Counts, unsettled: number) =>
  seen === Object.values(counts).reduce((sum, count) => sum + count, unsettled);

/** What a classified document shows about its feed's rate. */
const readOf = ({ hints, remembered, gap, window, classified }: ClassifiedDocument, now: number): Read => ({
  now,
  hints,
  gap,
  first: remembered === null,
  shown: window.entries.flatMap((one) => window.dateOf(one) ?? []),
  fresh: classified.flatMap(({ recognized, identified }) =>
    recognized === null ? [window.dateOf(identified) ?? now] : [],
  ),
});

const save = (
  deps: IngestDeps,
  feed: FeedConfig,
  { row, document, bodyHash, options, polled }: Taken,
  {
    result,
    counts,
    outcomes,
    edits,
  }: {
    result: ClassifiedDocument;
    counts: Counts;
    outcomes: (Registration | null)[];
    edits: FeedEdits;
  },
  invocation: Invocation,
): Promise<boolean> => {
  const now = deps.clock();
  const settled = result.classified.map((one, i) => ({ ...one, outcome: outcomes[i] ?? null }));
  const before = row ?? unreadRow(feed);
  const ours = before.url === feed.url ? before : { ...before, learned: nothingLearned };
  const hasNews = counts.seen > counts.known;
  const response = {
    row: ours,
    response: document,
    options,
    read: readOf(result, now),
    ...polled,
    hasNews,
  };
  const changes = {
    url: feed.url,
    validators: document.validators,
    bodyHash,
    ...afterWindow(result, settled, { now, maxAgeMs: feed.maxAgeMs, forgotten: edits.forgotten }),
    counts,
    changedAt: now,
  };
  return saveResponse(deps, feed, response, changes, invocation);
};
