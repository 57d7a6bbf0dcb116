import { createHash } from 'node:crypto';
import type { Admitted, Arrival } from '../core/arrival.ts';
import type { Config, FeedConfig } from '../core/config.ts';
import { writeDigest } from '../core/digest.ts';
import { AppError, retryable } from '../core/errors.ts';
import type { Counts, FeedRow, Validators } from '../core/feed-row.ts';
import type { Sighting } from '../core/identity.ts';
import { inOrder } from '../core/in-order.ts';
import { newestOf } from '../core/judge.ts';
import type {
  AlertStore,
  Call,
  Clock,
  FeedStore,
  FetchFeed,
  FetchRequest,
  Ledger,
  ParseFeed,
  PlaceStore,
  SendWakeUps,
} from '../core/ports.ts';
import { admit } from './admit.ts';
import { alertsOfPoll } from './alert-of-poll.ts';
import { arrivalOf, type FeedDocument, judgeDocument } from './judge-document.ts';
import { noteRecovery } from './note-trouble.ts';
import { raiseAlert } from './raise-alert.ts';
import { expectInOrder } from './take-place.ts';

export type IngestNeeds = {
  config: Config;
  feedStore: Pick<FeedStore, 'read' | 'save' | 'setSlot'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>;
  places: PlaceStore;
  fetchFeed: FetchFeed;
  parseFeed: ParseFeed;
  sendWakeUps: SendWakeUps;
  alerts: Pick<AlertStore, 'put'>;
  clock: Clock;
  random: () => number;
  /** How many entries of one feed are admitted at the same time. */
  admitsAtOnce: number;
};

/** Time kept back at the end of a call for wake-ups and the feed's row. */
const reserveMs = 5_000;
const fetchDeadlineMs = 15_000;

/** What a feed's server is asked. Without validators it sends the document, changed or not. */
export const feedRequest = (
  { url, allowPrivate }: FeedConfig,
  validators: Validators | null,
): FetchRequest => ({ url, validators, allowPrivate, deadlineMs: fetchDeadlineMs });

/**
 * One poll of one feed. What is new is judged from the feed's row, admitted oldest first, then woken; the row is
 * saved last and only over the version it was judged from, so a crash anywhere repeats work and never skips any.
 * Throws `feed.*` errors for what is the feed's own fault.
 */
export const ingestFeed =
  (services: IngestNeeds) =>
  async (feed: FeedConfig, asked: { manual: boolean }, call: Call): Promise<void> => {
    const row = await services.feedStore.read(feed.id);
    if (!asked.manual && (row?.trouble?.nextAt ?? 0) > services.clock() && row?.url === feed.url) return; // still to be left alone
    const ours = row?.url === feed.url ? row : null;
    const answer = await services.fetchFeed(feedRequest(feed, ours?.validators ?? null));
    if (answer.kind === 'unchanged' || (ours?.digest && ours.bodyHash === hashOf(answer.bytes))) {
      call.report({ event: 'poll.unchanged', feed: feed.id });
      return noteRecovery(services)(row, call);
    }
    // Somebody may have finished a first poll while we fetched: then this is none any more.
    const judgedFrom = ours?.digest ? row : await services.feedStore.read(feed.id);
    const { saved, first } = await takeIn(services, feed, judgedFrom, answer, call);
    if (!saved && first) return ingestFeed(services)(feed, asked, call);
  };

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

const takeIn = async (
  services: IngestNeeds,
  feed: FeedConfig,
  row: FeedRow | null,
  document: FeedDocument,
  call: Call,
) => {
  const judged = await judgeDocument(services)(feed, row, document);
  const { feedTitle, sightings, twins, judgements, gap, first, reissued } = judged;
  if (gap) call.report({ event: 'poll.gap', feed: feed.id });

  const arrivals = judgements.map((judgement) =>
    judgement.unchanged ? null : arrivalOf(feed, feedTitle, judgement),
  );
  const outcomes = await inOrder(arrivals, services.admitsAtOnce, (arrival) =>
    settle(services, arrival, call),
  );
  const wakeUps = outcomes.flatMap((one) =>
    one?.outcome === 'queued' ? [{ key: one.key, brand: feed.brandId }] : [],
  );
  await expectInOrder(services)(
    feed,
    wakeUps.map(({ key }) => key),
  );
  if (wakeUps.length > 0) await services.sendWakeUps(wakeUps);

  const counts = countOf(outcomes, twins);
  const unsettled = outcomes.filter((one) => one === null).length;
  const poll = { feed: feed.id, rev: row?.rev ?? 0, at: services.clock() };
  if (unsettled === 0)
    for (const alert of alertsOfPoll(poll, judged, outcomes)) await raiseAlert(services)(alert);
  call.report({ event: 'poll.changed', feed: feed.id, counts, unsettled });
  if (!addsUp(counts, unsettled)) call.report({ event: 'poll.sum-wrong', feed: feed.id, counts, unsettled });
  if (unsettled > 0) throw unsettledError(feed, unsettled, counts.seen); // nothing is saved: the next poll does it again
  const saved = await save(services, feed, row, { document, sightings, counts }, call);
  if (saved && reissued > 0) call.report({ event: 'poll.reissue-held', feed: feed.id, entries: reissued });
  return { first, saved };
};

/** Null: not settled, for want of time or because the ledger did not answer; such a poll is repeated. */
const settle = async (
  services: IngestNeeds,
  arrival: Arrival | null,
  call: Call,
): Promise<Admitted | null> => {
  if (arrival === null) return { outcome: 'known', key: '', code: 'entry.known' };
  if (call.remainingMs() < reserveMs) return null;
  try {
    return await admit(services)(arrival);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [key] = arrival.sighting.keys;
    if (error.kind === 'permanent') {
      // A row of it is there, though nobody can read it: known, and for a person to mend.
      call.report({ event: 'row.corrupt', key, message: error.message });
      return { outcome: 'known', key, code: 'entry.known' };
    }
    call.report({
      event: 'entry.unsettled',
      feed: arrival.feed.id,
      code: error.code,
      message: error.message,
    });
    return null;
  }
};

const unsettledError = (feed: FeedConfig, unsettled: number, seen: number) =>
  retryable(
    'ingest.unsettled',
    `${unsettled} of ${seen} entries of ${feed.id} could not be settled; its poll is repeated`,
  );

const countOf = (outcomes: (Admitted | null)[], twins: number): Counts => {
  const counts = {
    seen: outcomes.length + twins,
    known: twins,
    baselined: 0,
    filtered: 0,
    held: 0,
    queued: 0,
  };
  for (const one of outcomes) if (one) counts[one.outcome] += 1;
  return counts;
};

const addsUp = ({ seen, known, baselined, filtered, held, queued }: Counts, unsettled: number) =>
  seen === known + baselined + filtered + held + queued + unsettled;

type Taken = { document: FeedDocument; sightings: Sighting[]; counts: Counts };

const save = async (
  services: IngestNeeds,
  feed: FeedConfig,
  row: FeedRow | null,
  taken: Taken,
  call: Call,
) => {
  const { document, sightings, counts } = taken;
  const now = services.clock();
  const saved = await services.feedStore.save({
    id: feed.id,
    rev: (row?.rev ?? 0) + 1,
    url: feed.url,
    validators: document.validators,
    bodyHash: hashOf(document.bytes),
    digest: writeDigest(sightings),
    newest: newestOf(sightings, row?.newest ?? null, now),
    counts,
    changedAt: now,
    trouble: null,
  });
  if (!saved) call.report({ event: 'poll.overtaken', feed: feed.id });
  else if (row?.trouble) {
    await services.feedStore.setSlot(feed.id, { notBefore: 0 });
    call.report({ event: 'poll.recovered', feed: feed.id });
  }
  return saved;
};
