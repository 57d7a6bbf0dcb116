import type { Config, FeedConfig } from '../../core/config/config.ts';
import { brandsOf } from '../../core/config/row-owners.ts';
import { hasHooks } from '../../core/enrich/has-hooks.ts';
import { dayOf } from '../../core/entries/identity/facts.ts';
import { permanent } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import { addressOf, ownSlots } from '../../core/polling/address.ts';
import type { Tick } from '../../core/polling/feed-message.ts';
import { feedBatches } from '../../core/polling/feed-messages.ts';
import { nextPoll } from '../../core/polling/intervals/next-poll.ts';
import { isTimeToPlan, planIntervals } from '../../core/polling/intervals/plan-intervals.ts';
import { isDue, type Window } from '../../core/polling/schedule.ts';
import type { ScheduleSlot, TickRow } from '../../core/polling/schedule-rows.ts';
import { slotsWithBackOffs } from '../../core/polling/slots-with-back-offs.ts';
import { tickWindow } from '../../core/polling/tick-window.ts';
import type { FeedStore, FeedsMessage, Invocation, Ledger, SendFeeds, SlotStart } from '../../core/ports.ts';
import { keepKnown } from './keep-known.ts';
import { type SweepDeps, sweep } from './sweep.ts';
import { type SweepHooksDeps, sweepHooks } from './sweep-hooks.ts';

type Deps = SweepDeps &
  SweepHooksDeps & {
    config: Config;
    ledger: Pick<Ledger, 'read' | 'replace' | 'due' | 'waiting' | 'setStoredEntryExpiry'>;
    feedStore: Pick<
      FeedStore,
      'schedule' | 'startSlots' | 'setIntervalStep' | 'endBackOff' | 'tick' | 'saveTick'
    >;
    sendFeeds: SendFeeds;
  };

type ManualPoll = Extract<Tick, { feeds: string[] }>;

const movesAtOnce = 10;

/**
 * Runs once a minute: sends feeds that became due since the last tick to be polled, then sweeps the ledger; once an
 * hour also plans polling intervals, and once a day renews pointers to rows that have waited long. Missed, late and
 * repeated ticks lose nothing: each tick covers all the time since the one before it.
 */
export const pollFeeds =
  (deps: Deps) =>
  async (tick: Tick, invocation: Invocation): Promise<void> => {
    if ('feeds' in tick) return pollNow(deps, tick);
    const [last, stored] = [await deps.feedStore.tick(), await deps.feedStore.schedule()];
    const { feeds } = deps.config;
    const { window, isOld, clockFault } = tickWindow(tick.scheduledAt, last?.lastTick ?? null, deps.clock());
    const { from, to } = window;
    const slots = slotsWithBackOffs(feeds, stored, from);
    if (clockFault !== null) invocation.report({ event: 'tick.from-future', at: clockFault, takenFor: to });
    const due = isOld ? [] : feeds.filter((feed) => isDue(feed, slots.get(feed.id), window));
    const messages = messagesFor(due, slots, to);
    if (messages.length > 0) await deps.sendFeeds(messages);
    const begun = ownSlots(feeds, stored.slots);
    const started = due.flatMap((feed) => (begun.has(feed.id) ? [] : [startOf(feed, stored.slots)]));
    if (started.length > 0) await deps.feedStore.startSlots(started);
    if (!isOld) await planAll(deps, slots, window);
    const over = stored.backOffs.filter(({ until }) => until <= from);
    await mapWithConcurrency(over, movesAtOnce, deps.feedStore.endBackOff);
    const brands = brandsSoFar(deps, last);
    const asks = hasHooks(deps.config) || last?.asksHooks === true;
    const done: TickRow = {
      ...last,
      rev: (last?.rev ?? 0) + 1,
      lastTick: to,
      brands,
      ...(asks && { asksHooks: true }),
    };
    if (!isOld) await deps.feedStore.saveTick(done);
    invocation.report({ event: 'tick.done', due: due.length, messages: messages.length });
    const swept = await sweep(deps, brands, invocation);
    const hooks = asks ? await sweepHooks(deps, invocation) : noHooks;
    invocation.report({ event: 'sweep.done', ...together(swept, hooks) });
    if (!isOld) await keepOnceADay(deps, done, invocation);
  };

type Swept = Awaited<ReturnType<typeof sweep>>;
type SweptHooks = Awaited<ReturnType<typeof sweepHooks>>;

const noHooks: SweptHooks = { woken: 0, oldestWaitingMs: null };

const together = (swept: Swept, hooks: SweptHooks): Swept => {
  const ages = [swept.oldestWaitingMs, hooks.oldestWaitingMs].filter((age) => age !== null);
  return {
    ...swept,
    woken: swept.woken + hooks.woken,
    oldestWaitingMs: ages.length === 0 ? null : Math.max(...ages),
  };
};

const pollNow = async (deps: Deps, { feeds: ids, force }: ManualPoll): Promise<void> => {
  const { config, sendFeeds } = deps;
  const known = new Set(config.feeds.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw permanent(
      'tick.unknown-feed',
      `There is no feed ${unknown.join(', ')}. Feeds: ${[...known].join(', ')}.`,
    );
  const chosen = config.feeds.filter(({ id }) => ids.includes(id));
  const how = { manual: true, ...(force && { force }) };
  if (chosen.length > 0) await sendFeeds(messagesFor(chosen).map((message) => ({ ...message, ...how })));
};

type Slots = ReadonlyMap<string, ScheduleSlot>;

const startOf = (feed: FeedConfig, stored: Slots): SlotStart => ({
  id: feed.id,
  address: addressOf(feed),
  isMove: stored.has(feed.id),
});

const planAll = async ({ config, feedStore }: Deps, slots: Slots, window: Window): Promise<void> => {
  if (!isTimeToPlan(config.feeds, slots, window)) return;
  const moves = [...planIntervals(config.feeds, slots, window)];
  await mapWithConcurrency(moves, movesAtOnce, ([id, step]) => feedStore.setIntervalStep(id, step));
};

const messagesFor = (feeds: FeedConfig[], slots?: Slots, now = 0): FeedsMessage[] =>
  feedBatches(feeds).map(({ feeds: some, delaySeconds }) => ({
    feeds: some.map(({ id }) => id),
    ...(slots && { next: some.map((feed) => nextRegular(feed, slots.get(feed.id), now)) }),
    ...(delaySeconds > 0 && { delaySeconds }),
  }));

/** After this poll; a time that cannot be computed is far away. */
const nextRegular = (feed: FeedConfig, slot: ScheduleSlot | undefined, now: number): number =>
  nextPoll(feed, slot ?? { notBefore: 0 }, { lastTick: now, now }) ?? Number.MAX_SAFE_INTEGER;

/** Progress is recorded last: failures, crashes and lack of time are left to the next tick. */
const keepOnceADay = async (deps: Deps, done: TickRow, invocation: Invocation): Promise<void> => {
  const today = dayOf(done.lastTick);
  const { keptOn = 0 } = done;
  if (keptOn === today) return;
  const since = keptOn < today ? keptOn : 0; // recorded with a wrong clock
  const renewed = await keepKnown(deps, done.brands, { since, today }, invocation);
  if (renewed > since) await deps.feedStore.saveTick({ ...done, rev: done.rev + 1, keptOn: renewed });
};

/** Every brand that ever had a feed: rows of a removed brand must still be woken. */
const brandsSoFar = ({ config }: Deps, last: TickRow | null): number[] =>
  [...new Set([...(last?.brands ?? []), ...brandsOf(config)])].sort((a, b) => a - b);
