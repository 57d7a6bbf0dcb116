import { brandScope, feedScope, isOpen } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import type { Config, EnrichConfig, FeedConfig } from '../../core/config/config.ts';
import { AppError, permanent } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { dryRunStores, type ReadableStores } from '../../core/operator/dry-run-stores.ts';
import { feedRequest } from '../../core/polling/poll-request.ts';
import type { AskHook, Clock, FetchFeed, ReadsFeeds } from '../../core/ports.ts';
import { expectInOrder } from '../draft/reserve-quota.ts';
import { askAbout } from '../enrich/ask-hook.ts';
import { candidatesOf } from '../ingest/candidates-of.ts';
import { classifyDocument } from '../ingest/classify-document.ts';
import { isRead } from '../ingest/open-document.ts';
import { registerEntry } from '../register-entry.ts';
import {
  type PreviewCandidate,
  type PreviewDeps,
  type PreviewedEntry,
  previewEntry,
  type RegisteredCandidate,
} from './preview-entry.ts';
import { simulateInOrder } from './simulate-draft.ts';

type PreviewFeedDeps = ReadableStores &
  ReadsFeeds & {
    config: Config;
    fetchFeed: FetchFeed;
    /** Asks the feed's hook about the newest entries that would be sent; missing: it is not asked. */
    askHook?: AskHook;
    clock: Clock;
  };

/**
 * Newest first. `openCircuits`: those that hold back the feed's drafts at the moment. `hub`: the WebSub hub that the
 * feed advertises.
 */
export type Preview = {
  first: boolean;
  gap: boolean;
  hub: string | null;
  /** Whether the feed has a hook. */
  hook: boolean;
  openCircuits: CircuitRow[];
  entries: PreviewedEntry[];
};

/**
 * A feed as it is now, previewed by the jobs that poll and send, on dry-run stores: new entries are classified and
 * registered, and simulated drafts are sent as soon as they are due. A paused feed or an open circuit holds back
 * nothing here, and its hook is only asked with `askHook`, marked as a preview. Throws `feed.*` for the feed's own failures.
 */
export const previewFeed = async (deps: PreviewFeedDeps, configured: FeedConfig): Promise<Preview> => {
  const { enrich, ...feed } = configured;
  const row = await deps.feedStore.read(feed.id);
  const document = await deps.fetchFeed(feedRequest(feed, null));
  if (document.kind === 'unchanged')
    throw permanent(
      'feed.unchanged',
      `The server of ${feed.id} returned "not modified" to a first request. Try again.`,
    );
  const read = await classifyDocument({ ...deps, identifyFeed: wholly(deps) }, feed, row, document);
  const { feedTitle, hints, remembered, gap } = read;
  const classified = read.classified.filter(isRead);

  const stores: PreviewDeps = {
    ...deps,
    ...dryRunStores({ ...deps, circuits: open }),
    config: awake(deps, feed),
  };
  const arrivals = await candidatesOf(deps, feed, feedTitle, classified);
  const met: RegisteredCandidate[] = [];
  for (const [i, candidate] of arrivals.entries())
    met.push(await registerCandidate(stores, { ...candidate, feedTitle }, classified[i]?.unchanged ?? false));
  const now = deps.clock();
  const queued = met.flatMap(({ row: one }) => (one?.state === 'queued' ? [one] : []));
  const fresh = met.filter(({ isKnown }) => !isKnown).flatMap(({ row: one }) => one ?? []);
  await expectInOrder(
    stores,
    feed,
    fresh.filter(({ state }) => state === 'queued').map(({ key }) => key),
  );
  const ends = await simulateInOrder(stores, queued, now);

  const entries: PreviewedEntry[] = [];
  for (const one of met) entries.push(await previewEntry(stores, one, one.row && ends.get(one.row.key)));
  const openCircuits = (await deps.circuits.rows()).filter(
    (circuit) => isOpen(circuit, now) && concerns(circuit, feed),
  );
  return {
    first: remembered === null,
    gap,
    hub: hints.hub ?? null,
    hook: enrich !== undefined,
    openCircuits,
    entries: await answersFor(deps, enrich, met.toReversed(), entries.toReversed()),
  };
};

/** A preview shows every entry, so none is left out because it was read before. */
const wholly =
  ({ identifyFeed }: ReadsFeeds): ReadsFeeds['identifyFeed'] =>
  (document) =>
    identifyFeed(document);

/** The most entries about which a preview asks a hook. */
const maxAsked = 10;

const wouldAsk = ({ row }: RegisteredCandidate, { timing }: PreviewedEntry): boolean =>
  row !== null && row.enriched === null && (timing === 'now' || timing === 'later' || row.state === 'review');

/** The entries with the hook's answer about each that would be sent, newest first. */
const answersFor = async (
  { askHook, clock }: PreviewFeedDeps,
  hook: EnrichConfig | undefined,
  met: RegisteredCandidate[],
  entries: PreviewedEntry[],
): Promise<PreviewedEntry[]> => {
  if (askHook === undefined || hook === undefined) return entries;
  let asked = 0;
  const pairs = entries.map((entry, at) => ({ entry, one: met[at] }));
  return mapWithConcurrency(pairs, asksAtOnce, async ({ entry, one }) => {
    if (!one?.row || entry.post === null || !wouldAsk(one, entry) || asked++ >= maxAsked) return entry;
    const { row, candidate } = one;
    const question = { row, stored: candidate.stored, post: entry.post, preview: true };
    return { ...entry, hook: await askAbout({ askHook, clock }, hook, question) };
  });
};

const asksAtOnce = 5;

const open: ReadableStores['circuits'] = { rows: async () => [] };

const awake = ({ config }: PreviewFeedDeps, { id }: FeedConfig): Config => ({
  ...config,
  feeds: config.feeds.map((feed) => (feed.id === id ? { ...feed, paused: false } : feed)),
});

const concerns = ({ scope }: CircuitRow, { id, brandId }: FeedConfig): boolean =>
  ['all', brandScope(brandId), feedScope(id)].includes(scope);

/** Registers a candidate. Entries in the last window are known, even if their rows have expired. */
const registerCandidate = async (
  stores: PreviewDeps,
  candidate: PreviewCandidate,
  unchanged: boolean,
): Promise<RegisteredCandidate> => {
  try {
    const { outcome, key } = await registerEntry(stores, candidate);
    const row = outcome !== 'known' && unchanged ? null : await stores.ledger.read(key);
    const isEntry = row?.type === 'entry';
    return { candidate, isKnown: outcome === 'known' || unchanged, row: isEntry ? row : null, fault: null };
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'permanent')) throw error;
    return { candidate, isKnown: true, row: null, fault: error.message }; // like a poll with an unreadable row
  }
};
