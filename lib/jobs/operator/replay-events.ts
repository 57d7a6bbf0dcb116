import { type ChangeEvent, sentFrom } from '../../core/change-events/change-event.ts';
import { presentCircuit } from '../../core/change-events/circuit-event.ts';
import type { Delivery } from '../../core/change-events/delivery.ts';
import { presentEntry } from '../../core/change-events/entry-event.ts';
import { presentFeed } from '../../core/change-events/feed-event.ts';
import type { Config, EventsConfig } from '../../core/config/config.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { CircuitStore, FeedStore, Ledger, SendDeliveries } from '../../core/ports.ts';

type ReplayDeps = {
  config: Pick<Config, 'feeds'>;
  events: EventsConfig;
  stage: string;
  /** Whether there is an event bus: not on one machine. */
  hasBus: boolean;
  ledger: Pick<Ledger, 'all'>;
  feedStore: Pick<FeedStore, 'read'>;
  circuits: Pick<CircuitStore, 'rows'>;
  sendDeliveries: SendDeliveries;
};

/** Events queued at once. */
const batchSize = 100;

const changedSince = ({ history, seenAt }: EntryRow, since: number): boolean =>
  (history.at(-1)?.at ?? seenAt) >= since;

/** Feeds that are failing, and circuits that are open, whenever that began. */
const sourceEvents = async ({ config, feedStore, circuits }: ReplayDeps) => {
  const rows = await Promise.all(config.feeds.map(({ id }) => feedStore.read(id)));
  return [
    ...rows.flatMap((row) => (row && presentFeed(row)) ?? []),
    ...(await circuits.rows()).flatMap((row) => presentCircuit(row) ?? []),
  ];
};

/**
 * Queues the present state of everything that changed since a time, in epoch milliseconds, for every destination;
 * returns how many events that are. What the ledger does not hold anymore is left out.
 */
export const replayEvents = async (deps: ReplayDeps, since: number): Promise<number> => {
  const { events, hasBus, stage } = deps;
  const bus = hasBus && events.eventBus !== null ? [null] : [];
  const destinations = [...bus, ...events.webAddresses.map(({ url }) => url)];
  const send = (some: readonly ChangeEvent[]) =>
    deps.sendDeliveries(some.flatMap((event) => destinations.map((to): Delivery => ({ to, event }))));

  let batch = (await sourceEvents(deps)).map((event) => sentFrom(event, stage));
  let sent = 0;
  for await (const row of deps.ledger.all()) {
    if (changedSince(row, since)) batch.push(sentFrom(presentEntry(row), stage));
    if (batch.length < batchSize) continue;
    await send(batch);
    sent += batch.length;
    batch = [];
  }
  if (batch.length > 0) await send(batch);
  return sent + batch.length;
};
