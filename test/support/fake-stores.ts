import * as v from 'valibot';
import type { ActivityRow } from '../../lib/core/activity/activity-row.ts';
import type { AlertRow } from '../../lib/core/alerts/alert-row.ts';
import type { CircuitRow } from '../../lib/core/circuit/circuit-row.ts';
import type { QuotaRow } from '../../lib/core/editorial/quota-row.ts';
import { isPossibleDuplicate } from '../../lib/core/entries/identity/possible-duplicate.ts';
import type { StoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { hasOpenChange } from '../../lib/core/ledger/later-version.ts';
import {
  groupOf,
  type ListGroup,
  linkName,
  linkNameOf,
  listPlace,
  placeAt,
} from '../../lib/core/ledger/list-place.ts';
import { queuePlace } from '../../lib/core/ledger/queue-order.ts';
import type { DueRow, EntryRow, LedgerRow } from '../../lib/core/ledger/row.ts';
import { parseListedRow, WaitingRow } from '../../lib/core/ledger/row.ts';
import type { FeedRow } from '../../lib/core/polling/feed-row.ts';
import type { Schedule } from '../../lib/core/polling/host-back-off.ts';
import type { HostBackOff } from '../../lib/core/polling/schedule-rows.ts';
import {
  type FeedSlot,
  type IntervalSlot,
  mergedSlot,
  type ScheduleSlot,
  type TickRow,
} from '../../lib/core/polling/schedule-rows.ts';
import type {
  ActivityStore,
  AlertStore,
  CircuitStore,
  Clock,
  CountWakeUps,
  DeliveryStore,
  FeedStore,
  FeedsMessage,
  LatestDrafts,
  Ledger,
  QuotaStore,
  SendFeeds,
  SendWakeUps,
  SlotStart,
  WakeUp,
} from '../../lib/core/ports.ts';
import type { LatestDraft } from '../../lib/core/posts/find-draft.ts';
import type { DeliveriesRow } from '../../lib/core/webhooks/deliveries-row.ts';
import { isForgotten } from './forgetting.ts';

/**
 * Called around each fake's methods: `before` runs before the effect, `after` between the effect and its response.
 * Either may wait (scheduling), throw (a fault; in `after`, the effect has taken place) or never return (a crash).
 * `name` is `ledger.read`, `feeds.save`, `circuits.put`, `queues.sendWakeUps` …
 */
export type Hooks = {
  before?: (name: string, args: readonly unknown[]) => void | Promise<void>;
  after?: (name: string, args: readonly unknown[], response: unknown) => void | Promise<void>;
};

/**
 * Freezes arguments and results, so that changing them throws: cheaper than copies, and errors show. Byte arrays are
 * the exception, because typed arrays cannot be frozen.
 */
const frozen = <T>(value: T): T => {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return value;
  if (value instanceof Map || Array.isArray(value)) value.forEach((one: unknown) => void frozen(one));
  else for (const one of Object.values(value)) frozen(one);
  return value instanceof Map ? value : Object.freeze(value);
};

/** Wraps an effect with the hooks. */
export const hooked =
  (hooks: Hooks, name: string) =>
  <A extends unknown[], R>(effect: (...args: A) => R) =>
  async (...args: A): Promise<Awaited<R>> => {
    await hooks.before?.(name, args);
    const response = frozen(await effect(...frozen(args)));
    await hooks.after?.(name, args, response);
    return response;
  };

/** The first version needs an empty place, each later one the version before it. */
const follows = (stored: { rev: number } | undefined, row: { rev: number }): boolean =>
  row.rev === 1 ? stored === undefined : stored?.rev === row.rev - 1;

const isEntry = (row: LedgerRow): row is EntryRow => row.type === 'entry';

const inShard = ({ state, brand }: EntryRow, shard: Parameters<Ledger['due']>[0]['shard']): boolean => {
  if (state === 'drafting') return shard === 'leases';
  return state === 'enriching' ? shard === 'hooks' : brand === shard;
};

const waitsForPerson = ({ state, wakeAt }: EntryRow): boolean =>
  ['held', 'review', 'rejected'].includes(state) || (state === 'uncertain' && wakeAt === null);

/** A row's position among waiting rows: by time, then by key. */
const place = (row: EntryRow): string => `${new Date(row.seenAt).toISOString()}#${row.key}`;

/** Among changed articles: by when the change was found. */
const changedPlace = ({ key, seenAt, laterVersion }: EntryRow): string =>
  `${new Date(laterVersion?.at ?? seenAt).toISOString()}#${key}`;

/** The fields that the index projects. */
const asListed = (row: EntryRow) => v.parse(WaitingRow, row);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type StoredEntries = Map<string, { stored: StoredEntry; until: number }>;

export type FakeLedger = Ledger & {
  rows: Map<string, LedgerRow>;
  entries: StoredEntries;
  forget: () => void;
};

/**
 * An in-memory ledger. Pass the `rows` and `entries` of another to continue after its crash. According to `clock` it
 * drops rows as DynamoDB does, within 48 hours of `expiresAt`; `forget` removes them from `rows` at once.
 */
export const fakeLedger = (
  hooks: Hooks = {},
  rows = new Map<string, LedgerRow>(),
  clock: Clock = () => 0,
  entries: StoredEntries = new Map(),
): FakeLedger => {
  const entryAt = (id: string) => {
    const one = entries.get(id);
    const isGone = one && isForgotten({ key: id, expiresAt: Math.ceil(one.until / 1000) }, clock());
    return isGone ? undefined : one;
  };
  const forgetOne = (row: LedgerRow): boolean => isForgotten(row, clock()) && rows.delete(row.key);
  const forget = (): void => [...rows.values()].forEach(forgetOne);
  const at = (key: string): LedgerRow | undefined => {
    const row = rows.get(key);
    return row && !forgetOne(row) ? row : undefined;
  };
  const all = (): LedgerRow[] => {
    forget();
    return [...rows.values()];
  };
  const entryRows = (): EntryRow[] => all().filter(isEntry);
  const listAll = hooked(hooks, 'ledger.all')(entryRows);
  const listRows = hooked(hooks, 'ledger.allRows')(all);

  return {
    rows,
    entries,
    forget,
    storeEntry: hooked(
      hooks,
      'ledger.storeEntry',
    )((id: string, entry: StoredEntry, until: number) => void entries.set(id, { stored: entry, until })),
    storedEntry: hooked(hooks, 'ledger.storedEntry')((id: string) => entryAt(id)?.stored ?? null),
    setStoredEntryExpiry: hooked(
      hooks,
      'ledger.setStoredEntryExpiry',
    )((id: string, until: number) => {
      const one = entryAt(id);
      if (one) entries.set(id, { ...one, until });
    }),
    deleteStoredEntry: hooked(hooks, 'ledger.deleteStoredEntry')((id: string) => void entries.delete(id)),
    read: hooked(hooks, 'ledger.read')((key: string) => at(key) ?? null),
    insert: hooked(hooks, 'ledger.insert')((row: LedgerRow) => !at(row.key) && !!rows.set(row.key, row)),
    replace: hooked(
      hooks,
      'ledger.replace',
    )((row: LedgerRow) => at(row.key)?.rev === row.rev - 1 && !!rows.set(row.key, row)),
    remove: hooked(
      hooks,
      'ledger.remove',
    )((row: LedgerRow) => at(row.key)?.rev === row.rev && rows.delete(row.key)),
    due: hooked(
      hooks,
      'ledger.due',
    )(({ shard, until, limit, exceptFeeds = [] }: Parameters<Ledger['due']>[0]) =>
      entryRows()
        .filter((row) => inShard(row, shard) && !exceptFeeds.includes(row.feed))
        .flatMap(({ key, feed, brand, state, seenAt, failures, wakeAt }): DueRow[] =>
          wakeAt !== null && wakeAt <= until ? [{ key, feed, brand, state, seenAt, failures, wakeAt }] : [],
        )
        .sort((a, b) => a.wakeAt - b.wakeAt || byText(a.key, b.key))
        .slice(0, limit),
    ),
    oldestQueued: hooked(
      hooks,
      'ledger.oldestQueued',
    )(({ feed, until, before, limit }: Parameters<Ledger['oldestQueued']>[0]) =>
      entryRows()
        .filter((row) => row.state === 'queued' && row.feed === feed)
        .map((row) => ({ key: row.key, dueAt: row.dueAt, at: `${queuePlace(row)}#${row.key}` }))
        .filter(({ at }) => before === undefined || at < before)
        .sort((a, b) => byText(a.at, b.at))
        .slice(0, 100)
        .filter(({ dueAt }) => dueAt <= until)
        .slice(0, limit)
        .map(({ key }) => key),
    ),
    waiting: hooked(
      hooks,
      'ledger.waiting',
    )(({ state, limit, after, since }: Parameters<Ledger['waiting']>[0]) => {
      const placeOf = state === 'changed' ? changedPlace : place;
      const found = entryRows()
        .filter((row) => {
          if (state === 'duplicate') return isPossibleDuplicate(row) && !waitsForPerson(row);
          if (state === 'changed') return hasOpenChange(row) && !isPossibleDuplicate(row);
          return waitsForPerson(row) && (state === undefined || [state].flat().includes(row.state));
        })
        .filter((row) => since === undefined || placeOf(row) >= new Date(since).toISOString())
        .filter((row) => after === undefined || placeOf(row) > after)
        .sort((a, b) => byText(placeOf(a), placeOf(b)));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { rows: page.map(asListed), next: last && found.length > limit ? placeOf(last) : null };
    }),
    listed: hooked(
      hooks,
      'ledger.listed',
    )(({ group, limit, after, since }: Parameters<Ledger['listed']>[0]) => {
      const found = entryRows()
        .filter((row) => groupOf(row.state) === group)
        .filter((row) => after === undefined || listPlace(row) < after)
        .filter((row) => since === undefined || listPlace(row) >= placeAt(since))
        .sort((a, b) => byText(listPlace(b), listPlace(a)));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = last && found.length > limit ? listPlace(last) : null;
      return { rows: page.map((row) => parseListedRow(row.key, { ...row, listAt: listPlace(row) })), next };
    }),
    count: hooked(
      hooks,
      'ledger.count',
    )((group: ListGroup, limit: number) =>
      Math.min(limit, entryRows().filter((row) => groupOf(row.state) === group).length),
    ),
    keysNamed: hooked(
      hooks,
      'ledger.keysNamed',
    )((name: Parameters<Ledger['keysNamed']>[0]) =>
      all()
        .filter((row) =>
          'link' in name
            ? linkName(name.link) !== null && linkNameOf(row) === linkName(name.link)
            : isEntry(row) && row.postId === name.postId,
        )
        .map(({ key }) => key)
        .slice(0, 100),
    ),
    async *all() {
      yield* await listAll();
    },
    async *allRows() {
      yield* await listRows();
    },
  };
};

type FeedsMemory = {
  feeds: Map<string, FeedRow>;
  slots: Map<string, FeedSlot>;
  steps: Map<string, IntervalSlot>;
  backOffs: Map<string, HostBackOff>;
  tick: TickRow | undefined;
};

type FakeFeedStore = FeedStore & { memory: FeedsMemory };

/** An in-memory feed store. Pass the `memory` of another to continue after its crash. */
export const fakeFeedStore = (
  hooks: Hooks = {},
  memory: FeedsMemory = {
    feeds: new Map(),
    slots: new Map(),
    steps: new Map(),
    backOffs: new Map(),
    tick: undefined,
  },
): FakeFeedStore => ({
  memory,
  read: hooked(hooks, 'feeds.read')((id: string) => memory.feeds.get(id) ?? null),
  save: hooked(
    hooks,
    'feeds.save',
  )((row: FeedRow) => follows(memory.feeds.get(row.id), row) && !!memory.feeds.set(row.id, row)),
  schedule: hooked(
    hooks,
    'feeds.schedule',
  )(
    (): Schedule => ({
      slots: new Map(
        [...memory.slots].flatMap(([id, feedSlot]): [string, ScheduleSlot][] => {
          const slot = mergedSlot(feedSlot, memory.steps.get(id));
          return slot === null ? [] : [[id, slot]];
        }),
      ),
      backOffs: [...memory.backOffs.values()],
    }),
  ),
  setSlot: hooked(
    hooks,
    'feeds.setSlot',
  )((id: string, slot: FeedSlot) => {
    memory.slots.set(id, slot);
  }),
  startSlots: hooked(
    hooks,
    'feeds.startSlots',
  )((starts: SlotStart[]) => {
    for (const { id, address, isMove } of starts) {
      if (isMove ? memory.slots.get(id)?.address === address : memory.slots.has(id)) continue;
      if (isMove) memory.steps.delete(id);
      memory.slots.set(id, { address, notBefore: 0 });
    }
  }),
  setIntervalStep: hooked(
    hooks,
    'feeds.setIntervalStep',
  )((id: string, step: IntervalSlot) => {
    memory.steps.set(id, step);
  }),
  backOff: hooked(hooks, 'feeds.backOff')((host: string) => memory.backOffs.get(host) ?? null),
  saveBackOff: hooked(
    hooks,
    'feeds.saveBackOff',
  )(
    (rest: HostBackOff) =>
      follows(memory.backOffs.get(rest.host), rest) && !!memory.backOffs.set(rest.host, rest),
  ),
  endBackOff: hooked(
    hooks,
    'feeds.endBackOff',
  )(({ host, rev }: HostBackOff) => memory.backOffs.get(host)?.rev === rev && memory.backOffs.delete(host)),
  tick: hooked(hooks, 'feeds.tick')(() => memory.tick ?? null),
  saveTick: hooked(
    hooks,
    'feeds.saveTick',
  )((row: TickRow) => {
    if (!follows(memory.tick, row)) return false;
    memory.tick = row;
    return true;
  }),
});

export type FakeCircuitStore = CircuitStore & { stored: Map<string, CircuitRow> };

/** An in-memory circuit breaker store: a pause and an automatic row of one scope are two rows. */
export const fakeCircuitStore = (
  hooks: Hooks = {},
  stored = new Map<string, CircuitRow>(),
): FakeCircuitStore => {
  const name = ({ scope, by }: CircuitRow): string => `${scope} by ${by}`;

  return {
    stored,
    rows: hooked(hooks, 'circuits.rows')(() => [...stored.values()]),
    put: hooked(
      hooks,
      'circuits.put',
    )((row: CircuitRow) => follows(stored.get(name(row)), row) && !!stored.set(name(row), row)),
    remove: hooked(
      hooks,
      'circuits.remove',
    )((row: CircuitRow) => stored.get(name(row))?.rev === row.rev && stored.delete(name(row))),
  };
};

type FakeQuotaStore = QuotaStore & { counts: Map<string, QuotaRow> };

/** An in-memory quota store. */
export const fakeQuotaStore = (hooks: Hooks = {}, counts = new Map<string, QuotaRow>()): FakeQuotaStore => ({
  counts,
  read: hooked(hooks, 'quotas.read')((feed: string) => counts.get(feed) ?? null),
  save: hooked(
    hooks,
    'quotas.save',
  )((row: QuotaRow) => follows(counts.get(row.feed), row) && !!counts.set(row.feed, row)),
});

type FakeLatestDrafts = LatestDrafts & { known: Map<number, LatestDraft> };

/** The latest draft of each brand, in memory. */
export const fakeLatestDrafts = (
  hooks: Hooks = {},
  known = new Map<number, LatestDraft>(),
): FakeLatestDrafts => ({
  known,
  read: hooked(hooks, 'latest.read')((brand: number) => known.get(brand) ?? null),
  note: hooked(
    hooks,
    'latest.note',
  )((draft: LatestDraft) => {
    if ((known.get(draft.brand)?.at ?? 0) < draft.at) known.set(draft.brand, draft);
  }),
});

type FakeDeliveryStore = DeliveryStore & { logs: Map<string, DeliveriesRow> };

/** Delivery logs, in memory. */
export const fakeDeliveryStore = (
  hooks: Hooks = {},
  logs = new Map<string, DeliveriesRow>(),
): FakeDeliveryStore => ({
  logs,
  read: hooked(hooks, 'deliveries.read')((webhook: string) => logs.get(webhook) ?? null),
  save: hooked(
    hooks,
    'deliveries.save',
  )((row: DeliveriesRow) => follows(logs.get(row.webhook), row) && !!logs.set(row.webhook, row)),
});

type FakeAlertStore = AlertStore & { flags: Map<string, AlertRow> };

/** An in-memory alert store. */
export const fakeAlertStore = (hooks: Hooks = {}, flags = new Map<string, AlertRow>()): FakeAlertStore => ({
  flags,
  rows: hooked(
    hooks,
    'alerts.rows',
  )((limit: number) => [...flags.values()].sort((a, b) => byText(a.id, b.id)).slice(0, limit)),
  put: hooked(
    hooks,
    'alerts.put',
  )((row: AlertRow) => follows(flags.get(row.id), row) && !!flags.set(row.id, row)),
  remove: hooked(
    hooks,
    'alerts.remove',
  )((row: AlertRow) => flags.get(row.id)?.rev === row.rev && flags.delete(row.id)),
});

type FakeActivityStore = ActivityStore & { deeds: Map<string, ActivityRow> };

/** An in-memory record of what people do. */
export const fakeActivityStore = (
  hooks: Hooks = {},
  deeds = new Map<string, ActivityRow>(),
): FakeActivityStore => ({
  deeds,
  read: hooked(hooks, 'activities.read')((id: string) => deeds.get(id) ?? null),
  put: hooked(
    hooks,
    'activities.put',
  )((row: ActivityRow) => follows(deeds.get(row.id), row) && !!deeds.set(row.id, row)),
  remove: hooked(
    hooks,
    'activities.remove',
  )((row: ActivityRow) => deeds.get(row.id)?.rev === row.rev && deeds.delete(row.id)),
  latest: hooked(
    hooks,
    'activities.latest',
  )(({ limit, before }: { limit: number; before?: string | undefined }) =>
    [...deeds.values()]
      .filter(({ id }) => before === undefined || id < before)
      .sort((a, b) => byText(b.id, a.id))
      .slice(0, limit),
  ),
});

export type FakeQueues = {
  sendFeeds: SendFeeds;
  sendWakeUps: SendWakeUps;
  countWakeUps: CountWakeUps;
  countAsks: CountWakeUps;
  /** Waiting messages, oldest first; take from them as a consumer would. */
  feeds: FeedsMessage[];
  wakeUps: WakeUp[];
};

/** Two in-memory queues. */
export const fakeQueues = (hooks: Hooks = {}): FakeQueues => {
  const feeds: FeedsMessage[] = [];
  const wakeUps: WakeUp[] = [];

  return {
    feeds,
    wakeUps,
    sendFeeds: hooked(
      hooks,
      'queues.sendFeeds',
    )((messages: FeedsMessage[]) => {
      feeds.push(...messages);
    }),
    sendWakeUps: hooked(
      hooks,
      'queues.sendWakeUps',
    )((messages: WakeUp[]) => {
      wakeUps.push(...messages);
    }),
    countWakeUps: hooked(hooks, 'queues.countWakeUps')(() => wakeUps.length),
    countAsks: hooked(
      hooks,
      'queues.countAsks',
    )(() => wakeUps.filter(({ enrich }) => enrich !== undefined).length),
  };
};

export type FakeStores = {
  ledger: FakeLedger;
  feeds: FakeFeedStore;
  circuits: FakeCircuitStore;
  quotas: FakeQuotaStore;
  activities: FakeActivityStore;
  alerts: FakeAlertStore;
  deliveries: FakeDeliveryStore;
  queues: FakeQueues;
};

/** All fakes with the same hooks. */
export const fakeStores = (hooks: Hooks = {}): FakeStores => ({
  ledger: fakeLedger(hooks),
  feeds: fakeFeedStore(hooks),
  circuits: fakeCircuitStore(hooks),
  quotas: fakeQuotaStore(hooks),
  activities: fakeActivityStore(hooks),
  alerts: fakeAlertStore(hooks),
  deliveries: fakeDeliveryStore(hooks),
  queues: fakeQueues(hooks),
});
