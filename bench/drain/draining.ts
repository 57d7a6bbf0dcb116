import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { WakeUp } from '../../lib/core/polling/feed-message.ts';
import { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import { queueHandler } from '../../lib/lambda/queue-handler.ts';
import { draftWorkers } from '../../lib/services/create-draft.ts';
import { startPump } from '../../local/pump.ts';
import { openQueue } from '../../local/queue.ts';
import { type Counts, openPlace, type Place, type PlaceOptions } from './backlog.ts';
import type { SeenPost } from './emulators.ts';
import { rowOf } from './rows.ts';

const minute = 60_000;
/** The values in serverless.yml. */
const functionMs = 150_000;

/** The result of draining a backlog. `busiestMinute`: the most posts accepted within any 60 s. */
export type Drained = {
  minutes: number;
  busiestMinute: number;
  refused: number;
  messages: number;
  writes: number;
};

const contextIn = ({ clock }: Place): Context => {
  const until = clock() + functionMs;
  return { getRemainingTimeInMillis: () => until - clock() } as Context;
};

/** The two workers, each with its own memory, fed like event source mappings. */
const startWorkers = async (backlog: Place) => {
  const queue = await openQueue(backlog.queue.sqs, backlog.queue.url);
  const mappings = Array.from({ length: draftWorkers }, (_, i) => {
    const handler = queueHandler(WakeUp, createDraft, backlog.workerServices, { together: true });
    const run = (event: unknown) => handler(event, contextIn(backlog));
    return { queue, fn: `createDraft ${i}`, batchSize: 10, concurrency: 1, run };
  });
  return startPump({
    mappings,
    now: Date.now,
    onFault: ({ error }) => {
      throw error;
    },
  });
};

/** Ticks once a minute until stopped. */
const startTicking = ({ services, clock, sleep }: Place) => {
  const ticking = { on: true };
  const call = { remainingMs: () => functionMs, report: () => {} };
  const loop = async () => {
    for (; ticking.on; await sleep(minute)) await pollFeeds(services)({ scheduledAt: clock() }, call);
  };
  const ended = loop();
  return async () => {
    ticking.on = false;
    await ended;
  };
};

const accepted = (posts: SeenPost[]) => posts.flatMap(({ at, status }) => (status === 201 ? [at] : []));

const busiest = (times: number[]): number => {
  let first = 0;
  return times.reduce((most, at, last) => {
    while ((times[first] ?? at) <= at - minute) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
};

const isWrite = (name: string) => /\.(insert|replace|put|remove|save|saveTick|setSlot)$/.test(name);
const sumOf = (counts: Counts, isWanted: (name: string) => boolean) =>
  [...counts].reduce((sum, [name, count]) => sum + (isWanted(name) ? count : 0), 0);

/** The maximum duration, as a multiple of that at the full rate. */
const patience = 20;

/** The time at which each post was accepted, once all are; throws if they are not by `until`. */
const untilAccepted = async (backlog: Place, rows: number, until: number): Promise<number[]> => {
  for (;;) {
    const times = accepted(await backlog.seen());
    if (times.length >= rows) return times;
    if (backlog.clock() > until) throw new Error(`only ${times.length} of ${rows} were accepted in time`);
    await wait(250);
  }
};

/** Queues a number of rows at once, wakes them like ingest does, and lets two workers and the tick process them. */
export const drain = async (rows: number, options: PlaceOptions): Promise<Drained> => {
  const place = await openPlace(options);
  const { services, counts, clock } = place;
  const queued = Array.from({ length: rows }, (_, n) => rowOf(n, clock()));
  for (const row of queued) services.ledger.rows.set(row.key, row);
  await services.sendWakeUps(queued.map(({ key, brand }) => ({ key, brand })));
  const pump = await startWorkers(place);
  const stopTicking = startTicking(place);

  const times = await untilAccepted(place, rows, clock() + patience * (rows / options.perMinute) * minute);
  await stopTicking();
  await pump.close();
  const refused = (await place.seen()).filter(({ status }) => status === 429).length;
  await place.close();

  return {
    minutes: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / minute,
    busiestMinute: busiest(times),
    refused,
    messages: sumOf(counts, (name) => name === 'wakeUps'),
    writes: sumOf(counts, isWrite),
  };
};
