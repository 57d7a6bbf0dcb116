import { AsyncLocalStorage } from 'node:async_hooks';
import type { Process, Scene } from './explore.ts';
import type { Hooks } from './fake-stores.ts';
import type { World } from './world.ts';

const minute = 60_000;

/** The process that a port call belongs to. */
const acting = new AsyncLocalStorage<Hooks>();

/** Calls that no other process can observe, where stopping makes no difference. */
const unobservable = new Set(['token.ready', 'turn.take']);

/** Hooks for a world with several processes: each call waits for its own process's scheduler. */
export const ofActing: Hooks = {
  before: (name, args) => (unobservable.has(name) ? undefined : acting.getStore()?.before?.(name, args)),
  after: (name, args, response) =>
    unobservable.has(name) ? undefined : acting.getStore()?.after?.(name, args, response),
};

/** All state of a world outside its processes. */
const textOf = ({ state, docs, stores, posts, ...beside }: World & { heard?: unknown }) => {
  const { feeds, slots, steps, backOffs, tick } = stores.feedStore.memory;
  const { rows, entries } = stores.ledger;
  const { feeds: toPoll, wakeUps } = stores.queues;
  const { quotas, deliveries, circuits, alerts, latestDrafts } = stores;
  const maps = [
    rows,
    entries,
    feeds,
    slots,
    steps,
    backOffs,
    circuits.stored,
    alerts.flags,
    latestDrafts.known,
  ];
  const sorted = [...maps, quotas.counts, deliveries.logs, docs].map((map) => [...map].sort());
  return JSON.stringify([state, sorted, tick, toPoll, wakeUps, posts, beside.heard]);
};

/** Runs work as a process in a world; the time it sees is part of its state. */
const processOf =
  (w: World, work: () => Promise<unknown>): Process =>
  (hooks) =>
    acting.run(
      { ...hooks, after: (name, args, response) => hooks.after?.(name, args, [response, w.state.now]) },
      work,
    );

/** A step that only advances the clock, for a process of its own. */
export const timePasses = (w: World, ms: number) => async () => {
  const hooks = acting.getStore();
  await hooks?.before?.('clock.pass', [ms]);
  w.state.now += ms;
  await hooks?.after?.('clock.pass', [ms], null);
};

/**
 * Several processes in one world, and what must hold at rest. With `oneMemory` they share the worker's memory. Pass
 * the same function several times for identical processes, which halves the number of orders.
 */
export const sceneIn = (
  w: World,
  works: (() => Promise<unknown>)[],
  atRest: () => void | Promise<void>,
  { oneMemory = false }: { oneMemory?: boolean } = {},
): Scene => ({
  processes: works.map((work) => processOf(w, work)),
  world: () => textOf(w),
  selfContained: !oneMemory,
  alike: works.length > 1 && new Set(works).size === 1,
  atRest,
});

const isAtRest = (w: World) =>
  w.stores.queues.wakeUps.length + w.stores.queues.feeds.length === 0 &&
  w.rows().every(({ wakeAt }) => wakeAt === null);

/** Runs ticks and deliveries until nothing is left to do. */
export const bringToRest = async (w: World) => {
  for (let turn = 0; turn < 40; turn++) {
    w.state.now += turn < 3 ? minute : 11 * minute;
    await w.tick();
    await w.deliverFeeds();
    await w.deliverWakeUps();
    if (turn > 0 && isAtRest(w)) return;
  }
};
