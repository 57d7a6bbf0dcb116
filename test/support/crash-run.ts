import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { MediumOutcome } from '../../lib/core/dash/medium.ts';
import { maxDoubles } from '../../lib/core/dash/timing.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { AppError, retryable } from '../../lib/core/errors.ts';
import { type EntryRow, finalStates } from '../../lib/core/ledger/row.ts';
import type { WakeUp } from '../../lib/core/ports.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { type Response, type World, world } from './world.ts';

/** The process has died, and none of its later calls happen. */
class Crash extends Error {}

/** Where to die: before or after the n-th call of a port, counted from the story's publication. */
export type CrashPoint = { call: number; side: 'before' | 'after' };

/** From this call on every store fails for `lastsMs`; with `after`, the first failing call takes effect. */
type StoreFault = CrashPoint & { lastsMs: number };

export type Delivery = 'in order' | 'reversed' | 'twice';

/** The entries of each feed, by its ID. An entry's summary identifies its story, whatever else changes. */
export type Window = Record<string, Entry[]>;

export type Plan = {
  feeds: Partial<FeedConfig>[];
  /** The feeds' entries at an undisturbed first poll; omitted when that poll is still to come. */
  before?: Window;
  /** The feeds' entries on consecutive turns with deaths; the last ones stay. */
  windows: Window[];
  /** New settings of all feeds, applied between the poll and its drafts. */
  edited?: Partial<FeedConfig>;
  /** What the Library says about every video; by default it may be published. */
  medium?: MediumOutcome;
  /** Dash Social's responses to the first POSTs; `created` afterwards. */
  responses: Response[];
  delivery: Delivery;
  crashes: CrashPoint[];
  /** Whether years pass before the last window, in which ticks continue and queues deliver nothing. */
  yearsPass?: boolean;
  /** Stores that fail for a while and then work again. */
  faults?: StoreFault[];
};

/** `names` lists the counted calls, in order. */
type Run = { world: World; calls: number; names: string[]; broken: string[] };

const minute = 60_000;
/** Enough turns for two retries of an unknown outcome, several open circuits and a lease. */
const maxTurns = 60;

const arranged = (messages: WakeUp[], delivery: Delivery) => {
  if (delivery === 'reversed') return messages.toReversed();
  return delivery === 'twice' ? [...messages, ...messages] : messages;
};

const atRest = (w: World) =>
  w.stores.queues.wakeUps.length + w.stores.queues.feeds.length === 0 &&
  w.rows().every(({ wakeAt }) => wakeAt === null);

const nextMoment = (w: World) => {
  const times = [
    ...w.rows().map(({ wakeAt }) => wakeAt),
    ...[...w.stores.circuits.stored.values()].map(({ openUntil }) => openUntil),
  ];
  const ahead = times.filter((time): time is number => time !== null && time > w.state.now);
  return Math.max(w.state.now + minute, Math.min(...ahead, w.state.now + 24 * 60 * minute));
};

const publish = (w: World, window: Window) => {
  for (const [id, entries] of Object.entries(window)) w.publish(entries, id);
};

/** Counts the calls of all ports, and dies at those of the plan. */
const mortality = (crashes: CrashPoint[]) => {
  const points = new Set(crashes.map(({ call, side }) => `${side} ${call}`));
  const death = { armed: false, dead: false, deaths: 0, calls: 0, names: [] as string[] };
  const dieAt = (side: CrashPoint['side']) => {
    if (death.dead) throw new Crash();
    if (!death.armed || !points.has(`${side} ${death.calls}`)) return;
    death.dead = true;
    death.deaths += 1;
    throw new Crash();
  };
  const hooks = {
    before: (name: string) => {
      if (death.armed) death.calls = death.names.push(name);
      dieAt('before');
    },
    after: () => dieAt('after'),
  };
  return { death, hooks };
};

const stores = /^(ledger|feeds|circuits|quotas|alerts|latest)\./;
/** How long a failing call takes until its client gives up. */
const failingCallMs = 50;

/** Stores that fail from the given calls on, each for its time; calls are counted as for deaths. */
const flakiness = (faults: StoreFault[], death: { calls: number }, now: { pass: (ms: number) => number }) => {
  const begun = new Map<StoreFault, number>();
  const failing = (at: number) => [...begun].some(([{ lastsMs }, since]) => at < since + lastsMs);
  const failOn = (side: CrashPoint['side'], name: string) => {
    if (!stores.test(name)) return;
    const at = now.pass(0);
    for (const fault of faults)
      if (fault.call === death.calls && fault.side === side && !begun.has(fault)) begun.set(fault, at);
    if (!failing(at)) return;
    now.pass(failingCallMs);
    throw retryable('store.unreachable', 'no answer');
  };
  return { before: (name: string) => failOn('before', name), after: (name: string) => failOn('after', name) };
};

type Survives = (work: () => Promise<unknown>) => Promise<boolean>;

/** A function fails when its store does, and its message is redelivered. */
const mayPass = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.every(mayPass)
    : error instanceof AppError && error.kind === 'retryable';

/** Runs a plan to rest, dying at its crash points; messages of a dead process are redelivered. */
export const runPlan = async (plan: Plan): Promise<Run> => {
  const { death, hooks } = mortality(plan.crashes);
  const flaky = flakiness(plan.faults ?? [], death, { pass: (ms) => (w.state.now += ms) });
  const w: World = world(plan.feeds, {
    before: (name) => {
      hooks.before(name);
      flaky.before(name);
    },
    after: (name) => {
      hooks.after();
      flaky.after(name);
    },
  });
  /** Runs one invocation; returns false when it failed or died, which also resets the worker's memory. */
  const survives: Survives = async (work) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!death.dead && mayPass(error)) {
        death.deaths += 1; // not a turn at rest either
        return false;
      }
      if (!death.dead) throw error;
      death.dead = false;
      w.newWorker();
      return false;
    }
  };

  if (plan.medium) w.state.medium = plan.medium;
  if (plan.before) {
    publish(w, plan.before);
    await w.minutes(1);
  }
  death.armed = true;
  const expired = await toRest(w, plan, survives, death);
  return { world: w, calls: death.calls, names: death.names, broken: brokenPromises(w, plan, expired) };
};

/**
 * Runs until nothing is waiting, everything is published and one whole turn has passed without a death. Returns
 * expired rows.
 */
const toRest = async (
  w: World,
  plan: Plan,
  survives: Survives,
  death: { deaths: number },
): Promise<EntryRow[]> => {
  let expired: EntryRow[] = [];
  const responses = [...plan.responses];
  const received = new Map<object, number>();
  let restful = false;
  for (let turn = 0; turn < maxTurns; turn++) {
    publish(w, plan.windows[turn] ?? {});
    const deaths = death.deaths;
    await oneTurn(w, plan, responses, received, survives);
    const backOffs = atRest(w) && turn >= plan.windows.length - 1;
    if (backOffs && restful && death.deaths === deaths) break;
    restful = backOffs && death.deaths === deaths;
    w.state.now = nextMoment(w);
    if (plan.yearsPass && turn === plan.windows.length - 2) expired = await letYearsPass(w, survives);
  }
  return expired;
};

const day = 24 * 60 * minute;

/** Waits longer than a finished row is kept; a tick that died is repeated a minute later. */
const letYearsPass = async (w: World, survives: Survives): Promise<EntryRow[]> => {
  const before = w.rows();
  const { feeds, wakeUps } = w.stores.queues;
  for (let stride = 0; stride < 3; stride++) {
    w.state.now += 300 * day;
    while (!(await survives(w.tick))) w.state.now += minute;
    feeds.length = 0;
    wakeUps.length = 0;
  }
  const after = new Set(w.rows().map(({ key }) => key));
  return before.filter(({ key }) => !after.has(key));
};

const oneTurn = async (
  w: World,
  plan: Plan,
  responses: Response[],
  received: Map<object, number>,
  survives: Survives,
) => {
  const { feeds, wakeUps } = w.stores.queues;
  await survives(w.tick);
  for (const message of feeds.splice(0)) {
    const receiveCount = (received.get(message) ?? 0) + 1;
    received.set(message, receiveCount);
    if (!(await survives(() => ingestFeeds(w.services)({ ...message, receiveCount }, w.call))))
      feeds.push(message);
  }
  if (plan.edited) w.config.feeds = w.config.feeds.map((feed) => ({ ...feed, ...plan.edited }));
  for (const message of arranged(wakeUps.splice(0), plan.delivery)) {
    w.state.response = responses[0] ?? 'created';
    const before = w.sent.length;
    if (!(await survives(() => w.work(message)))) wakeUps.push(message);
    if (w.sent.length > before) responses.shift();
  }
};

/** A row may wait for a decision only if its policy has nothing left to try. */
const mayWaitForever = ({ whenUncertain, mayBeTwice, history }: EntryRow) =>
  whenUncertain === 'park' ||
  (whenUncertain === 'retry' && mayBeTwice >= maxDoubles) ||
  history.at(-1)?.code === 'look-up.inconclusive';

const entriesOf = (windows: Window[]) => windows.flatMap((window) => Object.values(window).flat());
const storyOf = ({ summary, title }: Entry) => summary ?? title ?? '';

/** The titles of each story. */
const titlesByStory = (plan: Plan) => {
  const stories = new Map<string, Set<string>>();
  for (const entry of entriesOf([plan.before ?? {}, ...plan.windows])) {
    const titles = stories.get(storyOf(entry)) ?? new Set();
    stories.set(storyOf(entry), titles.add(entry.title ?? ''));
  }
  return stories;
};

const recordsDuplicate = ({ history }: EntryRow) =>
  history.some(({ detail }) => detail?.includes('there may be two'));

/** The promises that are broken at rest. */
const brokenPromises = (w: World, plan: Plan, expired: EntryRow[]): string[] => {
  const old = new Set(entriesOf([plan.before ?? {}]).map(storyOf));
  const broken: string[] = [];
  for (const [story, titles] of titlesByStory(plan)) {
    const isOfStory = ({ title }: EntryRow) => titles.has(title ?? '');
    const rows = w.rows().filter(isOfStory);
    const everyRow = [...expired.filter(isOfStory), ...rows];
    const posts = w.posts.filter(({ post }) => titles.has(post.text ?? ''));
    const extra = everyRow.reduce(
      (sum, row) => sum + (row.whenUncertain === 'retry' ? row.mayBeTwice : 0),
      0,
    );
    if (rows.length === 0) broken.push(`lost: ${story} has no row`);
    if (rows.length > 1 && !old.has(story)) broken.push(`doubled: ${story} has ${rows.length} rows`);
    if (posts.length > 1 + extra)
      broken.push(`doubled: ${story} has ${posts.length} posts, allowed are ${1 + extra}`);
    if (posts.length > 1 && !everyRow.some(recordsDuplicate))
      broken.push(`doubled: ${story} has ${posts.length} posts and no history records it`);
    if (posts.length > 0 && old.has(story)) broken.push(`an old entry was posted: ${story}`);
    if (posts.length === 0 && rows.some(({ state }) => state === 'drafted'))
      broken.push(`drafted without a post: ${story}`);
  }
  const wrong = w.reported('poll.count-mismatch').length;
  if (wrong > 0) broken.push(`${wrong} count mismatches`);
  const held = w.rows().some(({ history }) => history.some(({ code }) => code === 'entry.mass-reissue'));
  const flags = [...w.stores.alerts.flags.values()].filter(({ kind }) => kind === 'batch-held').length;
  if (flags !== Number(held)) broken.push(`the re-issue has ${flags} flags`);
  return [...broken, ...w.rows().flatMap(stuck), ...beyondLimits(w), ...unreviewed(w), ...unheeded(w, plan)];
};

/** Days on which a feed exceeded its daily limit. */
const beyondLimits = (w: World): string[] =>
  w.config.feeds.flatMap(({ id, editorial }) => {
    const { perDay } = editorial.limits;
    const texts = new Set(w.rows().flatMap(({ feed, post }) => (feed === id ? [post?.text] : [])));
    const posts = w.posts.filter(({ post }) => texts.has(post.text));
    const days = Map.groupBy(posts, ({ at }) => new Date(at).toISOString().slice(0, 10));
    return [...days].flatMap(([day, made]) =>
      perDay !== null && made.length > perDay ? [`${id} had ${made.length} drafts on ${day}`] : [],
    );
  });

const uncheckedIn = ({ history }: EntryRow) =>
  history.filter(({ code }) => code === 'media.unchecked').length;

/** Videos that were published although they may not be, and posts whose history does not show once that it is unchecked. */
const unheeded = (w: World, { medium }: Plan): string[] => {
  if (medium?.kind === 'missing')
    return w.sent.map(({ text }) => `sent with a video that does not exist: ${text}`);
  const expected = medium?.kind === 'unknown' ? 1 : 0;
  return w
    .rows()
    .filter(({ attempts }) => attempts > 0)
    .filter((row) => uncheckedIn(row) !== expected)
    .map((row) => `${row.title} records ${uncheckedIn(row)} unchecked videos, not ${expected}`);
};

/** Posts sent without the review that their feed asks for, and feeds of whose first entries too few or too many wait. */
const unreviewed = (w: World): string[] =>
  w.config.feeds.flatMap(({ id, review }) => {
    const rows = w.rows().filter(({ feed }) => feed === id);
    const waiting = rows.filter(({ state }) => state === 'review');
    const isNew = ({ state }: EntryRow) => state !== 'baselined' && state !== 'filtered' && state !== 'held';
    const wanted = Math.min(
      rows.filter(isNew).length,
      typeof review === 'boolean' ? Number(review) * rows.length : review.first,
    );
    const sent = waiting.filter(({ post }) => w.posts.some((one) => one.post.text === post?.text));
    return [
      ...sent.map(({ title }) => `sent without its review: ${title}`),
      ...(waiting.length === wanted ? [] : [`${id} has ${waiting.length} entries to review, not ${wanted}`]),
    ];
  });

/** What is wrong with a row at rest. */
export const stuck = (row: EntryRow): string[] => {
  const { title, state, wakeAt, whenUncertain } = row;
  const waits = state === 'uncertain' || state === 'held' || state === 'review';
  const broken: string[] = [];
  if (!finalStates.has(state) && !waits) broken.push(`stuck: ${title} is ${state}`);
  if (wakeAt !== null) broken.push(`no rest: ${title} is ${state} and still to be woken`);
  if (state === 'uncertain' && !mayWaitForever(row))
    broken.push(`stuck: ${title} is uncertain under ${whenUncertain}`);
  return broken;
};
