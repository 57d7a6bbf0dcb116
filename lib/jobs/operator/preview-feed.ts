import { brandScope, feedScope, type GateRow, isClosed } from '../../core/circuit/gate.ts';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { AppError, permanent } from '../../core/errors.ts';
import { type Mirrored, mirror } from '../../core/operator/dry-run-stores.ts';
import { feedRequest } from '../../core/polling/poll-request.ts';
import type { Clock, FetchFeed, ReadsFeeds } from '../../core/ports.ts';
import { admit } from '../admit.ts';
import { expectInOrder } from '../draft/reserve-quota.ts';
import { arrivalsOf } from '../ingest/arrivals-of.ts';
import { judgeDocument } from '../ingest/judge-document.ts';
import { type Come, type House, type Met, type PreviewedEntry, previewEntry } from './preview-entry.ts';
import { rehearseInTurn } from './simulate-draft.ts';

type PreviewNeeds = Mirrored &
  ReadsFeeds & {
    config: Config;
    fetchFeed: FetchFeed;
    clock: Clock;
  };

/** The newest first. `doors`: what keeps the feed's drafts from going out at the moment. */
export type Preview = { first: boolean; gap: boolean; doors: GateRow[]; entries: PreviewedEntry[] };

/**
 * A feed as it is now, through the jobs that poll and send, over a mirror: what is new is judged and admitted, and
 * what would be sent is sent to nobody, each as soon as its turn comes. That the feed or a door is closed holds
 * nothing back here. Throws `feed.*` for what is the feed's own fault.
 */
export const previewFeed =
  (services: PreviewNeeds) =>
  async (feed: FeedConfig): Promise<Preview> => {
    const row = await services.feedStore.read(feed.id);
    const document = await services.fetchFeed(feedRequest(feed, null));
    if (document.kind === 'unchanged')
      throw permanent('feed.unchanged', `${feed.id} says that nothing has changed, though it was not asked`);
    const { judgements, feedTitle, remembered, gap } = await judgeDocument(services)(feed, row, document);

    const house: House = {
      ...services,
      ...mirror({ ...services, gate: open }),
      config: awake(services, feed),
    };
    const arrivals = await arrivalsOf(services)(feed, feedTitle, judgements);
    const met: Met[] = [];
    for (const [i, arrival] of arrivals.entries())
      met.push(await meet(house, { ...arrival, feedTitle }, judgements[i]?.unchanged ?? false));
    const now = services.clock();
    const queued = met.flatMap(({ row: one }) => (one?.state === 'queued' ? [one] : []));
    const fresh = met.filter(({ isKnown }) => !isKnown).flatMap(({ row: one }) => one ?? []);
    await expectInOrder(house)(
      feed,
      fresh.filter(({ state }) => state === 'queued').map(({ key }) => key),
    );
    const ends = await rehearseInTurn(house)(queued, now);

    const entries: PreviewedEntry[] = [];
    for (const one of met) entries.push(await previewEntry(house, one, one.row && ends.get(one.row.key)));
    const doors = (await services.gate.rows()).filter((door) => isClosed(door, now) && concerns(door, feed));
    return { first: remembered === null, gap, doors, entries: entries.toReversed() };
  };

const open: Mirrored['gate'] = { rows: async () => [] };

const awake = ({ config }: PreviewNeeds, { id }: FeedConfig): Config => ({
  ...config,
  feeds: config.feeds.map((feed) => (feed.id === id ? { ...feed, paused: false } : feed)),
});

const concerns = ({ scope }: GateRow, { id, brandId }: FeedConfig): boolean =>
  ['all', brandScope(brandId), feedScope(id)].includes(scope);

/** At the door. What the last window held is known, also where the ledger has forgotten it. */
const meet = async (house: House, come: Come, unchanged: boolean): Promise<Met> => {
  try {
    const { outcome, key } = await admit(house)(come);
    const row = outcome !== 'known' && unchanged ? null : await house.ledger.read(key);
    const isEntry = row?.type === 'entry';
    return { come, isKnown: outcome === 'known' || unchanged, row: isEntry ? row : null, fault: null };
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'permanent')) throw error;
    return { come, isKnown: true, row: null, fault: error.message }; // as a poll takes what nobody can read
  }
};
