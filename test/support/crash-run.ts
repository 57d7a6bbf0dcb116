import type { FeedConfig } from '../../lib/core/config.ts';
import type { Entry } from '../../lib/core/entry.ts';
import type { WakeUp } from '../../lib/core/ports.ts';
import { type EntryRow, finalStates } from '../../lib/core/row.ts';
import { maxDoubles } from '../../lib/core/timing.ts';
import { ingestFeeds } from '../../lib/jobs/ingest-feeds.ts';
import { type Answer, type World, world } from './world.ts';

/** The process has died: whatever it calls afterwards never happens. */
class Crash extends Error {}

/** Where to die: before or after the n-th call of a port, counted from the moment the story is published. */
export type CrashPoint = { call: number; side: 'before' | 'after' };

export type Delivery = 'in order' | 'reversed' | 'twice';

export type Plan = {
  feeds: Partial<FeedConfig>[];
  /** What the feeds list when they are polled first, and afterwards; by feed id. */
  before: Record<string, Entry[]>;
  after: Record<string, Entry[]>;
  /** How Dash Social answers the first POSTs; `created` ever after. */
  answers: Answer[];
  delivery: Delivery;
  crashes: CrashPoint[];
};

export type Run = { world: World; calls: number; broken: string[] };

const minute = 60_000;
/** Enough for two retries of an unknown outcome, a few closings of the gate and a lease. */
const patience = 60;

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
    ...[...w.stores.gate.doors.values()].map(({ closedUntil }) => closedUntil),
  ];
  const ahead = times.filter((time): time is number => time !== null && time > w.state.now);
  return Math.max(w.state.now + minute, Math.min(...ahead, w.state.now + 60 * minute));
};

/** Runs a plan to rest, dying where it says; messages that a dead process held come again, as from a queue. */
export const runPlan = async (plan: Plan): Promise<Run> => {
  const death = { armed: false, dead: false, calls: 0 };
  const dieAt = (side: CrashPoint['side']) => {
    if (death.dead) throw new Crash();
    if (!death.armed || !plan.crashes.some((crash) => crash.call === death.calls && crash.side === side))
      return;
    death.dead = true;
    throw new Crash();
  };
  const w = world(plan.feeds, {
    before: () => {
      death.calls += death.armed ? 1 : 0;
      dieAt('before');
    },
    after: () => dieAt('after'),
  });
  /** One invocation: true when it ended, false when it died, and with it what the worker remembered. */
  const survives = async (work: () => Promise<unknown>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!death.dead) throw error;
      death.dead = false;
      w.newWorker();
      return false;
    }
  };

  for (const [id, entries] of Object.entries(plan.before)) w.publish(entries, id);
  await w.minutes(1);
  for (const [id, entries] of Object.entries(plan.after)) w.publish(entries, id);
  death.armed = true;
  await toRest(w, plan, survives);
  return { world: w, calls: death.calls, broken: brokenPromises(w, plan) };
};

const toRest = async (w: World, plan: Plan, survives: (work: () => Promise<unknown>) => Promise<boolean>) => {
  const answers = [...plan.answers];
  const received = new Map<object, number>();
  const count = (message: object) =>
    received.set(message, (received.get(message) ?? 0) + 1).get(message) ?? 1;
  for (let turn = 0; turn < patience; turn++) {
    await survives(w.tick);
    for (const message of w.stores.queues.feeds.splice(0)) {
      const work = () => ingestFeeds(w.services)({ ...message, receiveCount: count(message) }, w.call);
      if (!(await survives(work))) w.stores.queues.feeds.push(message);
    }
    for (const message of arranged(w.stores.queues.wakeUps.splice(0), plan.delivery)) {
      w.state.answer = answers[0] ?? 'created';
      const before = w.sent.length;
      if (!(await survives(() => w.work(message)))) w.stores.queues.wakeUps.push(message);
      if (w.sent.length > before) answers.shift();
    }
    if (turn > 2 && atRest(w)) return;
    w.state.now = nextMoment(w);
  }
};

/** A person is needed only where the row's policy leaves nothing to try. */
const mayWaitForever = ({ whenUncertain, mayBeTwice, history }: EntryRow) =>
  whenUncertain === 'park' ||
  (whenUncertain === 'retry' && mayBeTwice >= maxDoubles) ||
  history.at(-1)?.code === 'look-up.cannot-tell';

const textOf = (entry: Entry) => entry.title ?? '';

const published = ({ before, after }: Plan) => {
  const old = new Set(
    Object.values(before)
      .flat()
      .map((entry) => entry.id),
  );
  return [
    ...new Set(
      Object.values(after)
        .flat()
        .filter((entry) => !old.has(entry.id))
        .map(textOf),
    ),
  ];
};

/** What must hold at rest; each promise that does not, in words. */
const brokenPromises = (w: World, plan: Plan): string[] => {
  const broken: string[] = [];
  const rows = w.rows();
  for (const title of published(plan))
    if (!rows.some((row) => row.title === title)) broken.push(`lost: ${title} has no row`);
  for (const row of rows) {
    const posted = w.posts.filter(({ post }) => post.text === row.post?.text);
    const waits = row.state === 'uncertain' || row.state === 'held';
    if (!finalStates.has(row.state) && !waits) broken.push(`stuck: ${row.title} is ${row.state}`);
    if (row.wakeAt !== null) broken.push(`no rest: ${row.title} is ${row.state} and still to be woken`);
    if (row.state === 'uncertain' && !mayWaitForever(row))
      broken.push(`stuck: ${row.title} is uncertain under ${row.whenUncertain}`);
    if (row.state === 'drafted' && posted.length === 0) broken.push(`drafted without a post: ${row.title}`);
    const allowed = row.whenUncertain === 'retry' ? 1 + row.mayBeTwice : 1;
    if (posted.length > allowed)
      broken.push(`doubled: ${row.title} has ${posted.length} posts, allowed are ${allowed}`);
    if (row.state === 'baselined' && posted.length > 0) broken.push(`an old entry was posted: ${row.title}`);
  }
  const wrong = w.reported('poll.sum-wrong').length;
  if (wrong > 0) broken.push(`the sum was wrong ${wrong} times`);
  return broken;
};
