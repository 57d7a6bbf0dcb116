import type { Context } from 'aws-lambda';
import { inOrder } from '../lib/core/in-order.ts';
import { newRow } from '../lib/core/life.ts';
import { WakeUp } from '../lib/core/messages.ts';
import type { Call } from '../lib/core/ports.ts';
import type { EntryRow } from '../lib/core/row.ts';
import { createDraft } from '../lib/jobs/create-draft.ts';
import { pauseGate } from '../lib/jobs/pause-gate.ts';
import { pollFeeds } from '../lib/jobs/poll-feeds.ts';
import { resumeGate } from '../lib/jobs/resume-gate.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { draftWorkers } from '../lib/services/create-draft.ts';
import { startPump } from '../local/pump.ts';
import { openQueue } from '../local/queue.ts';
import type { Bench } from './bench.ts';
import { brand, type Counts, openPlace, type Place } from './drain/place.ts';

const minute = 60_000;
const perMinute = 1_000;
/** As in serverless.yml. */
const functionMs = 120_000;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

const rowOf = (n: number, at: number): EntryRow => {
  const title = `Story ${n}`;
  const nothing = { summary: null, content: null, author: null, categories: [], updated: null };
  const noMedia = { image: null, images: [], video: null, enclosures: [] };
  return newRow({
    key: `bench-${n}`,
    feed: 'newsroom',
    brand,
    entry: { id: `${n}`, link: null, title, published: null, ...nothing, ...noMedia },
    contentHash: '00',
    whenUncertain: 'retry',
    post: { brand_id: brand, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED', text: title },
    verdict: { state: 'queued', code: 'entry.new' },
    at,
  });
};

const fill = async ({ services, clock }: Place, rows: number): Promise<WakeUp[]> => {
  const numbers = Array.from({ length: rows }, (_, n) => n);
  return inOrder(numbers, 20, async (n) => {
    const row = rowOf(n, clock());
    await services.ledger.insert(row);
    return { key: row.key, brand };
  });
};

const contextOf = ({ clock }: Place): Context => {
  const until = clock() + functionMs;
  return { getRemainingTimeInMillis: () => until - clock() } as Context;
};

const quiet: Call = { remainingMs: () => functionMs, report: () => {} };

/** Two workers, each with a memory of its own, fed as event source mappings would. */
const startWorkers = async (place: Place) => {
  const queue = await openQueue(place.sqs, place.draftsQueueUrl);
  const mappings = Array.from({ length: draftWorkers }, (_, i) => {
    const handler = queueHandler(WakeUp, createDraft, place.workerServices);
    return {
      queue,
      fn: `createDraft ${i}`,
      batchSize: 10,
      concurrency: 1,
      run: (event: unknown) => handler(event, contextOf(place)),
    };
  });
  const faults: Error[] = [];
  const pump = startPump({ mappings, now: Date.now, onFault: ({ error }) => faults.push(error) });
  return { pump, faults };
};

/** The most that any minute held, wherever it begins. */
const busiestMinute = (times: number[]): number => {
  let first = 0;
  return times.reduce((most, at, last) => {
    while ((times[first] ?? at) <= at - minute) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
};

const writesIn = (counts: Counts) =>
  (counts.PutItemCommand ?? 0) + (counts.PutCommand ?? 0) + (counts.UpdateCommand ?? 0);

const ticking = async (place: Place, isOver: () => boolean) => {
  while (!isOver()) {
    await pollFeeds({ ...place.services, wakeUpsATick: perMinute })({ scheduledAt: place.clock() }, quiet);
    await place.sleep(minute);
  }
};

const drain = async (rows: number, latencyMs: number, factor: number) => {
  const place = await openPlace({ perMinute, latencyMs, factor });
  const wakeUps = await fill(place, rows);
  for (const name of Object.keys(place.counts)) delete place.counts[name];
  await place.services.sendWakeUps(wakeUps);
  const { pump, faults } = await startWorkers(place);
  let over = false;
  const ticks = ticking(place, () => over);
  let posts: Awaited<ReturnType<Place['seen']>> = [];
  while (posts.filter(({ status }) => status === 201).length < rows) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    posts = await place.seen();
  }
  over = true;
  await pump.close();
  await ticks;
  await place.close();
  console.log(place.counts, faults);
  const times = posts.filter(({ status }) => status === 201).map(({ at }) => at);
  const took = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / minute;
  return [
    latencyMs,
    rows,
    took.toFixed(2),
    `${((rows / took / perMinute) * 100).toFixed(1)} %`,
    busiestMinute(times),
    posts.filter(({ status }) => status === 429).length,
    ((place.counts.wakeUps ?? 0) / rows).toFixed(2),
    (writesIn(place.counts) / rows).toFixed(2),
  ];
};

export const bench: Bench = {
  question: 'x',
  how: 'x',
  limits: 'x',
  run: async ([rows = '5000', factor = '10', latency = '0']) => ({
    tables: [
      {
        title: 'Drained',
        head: [
          'latency',
          'rows',
          'minutes',
          'of the limit',
          'busiest minute',
          '429',
          'messages a row',
          'writes a row',
        ],
        rows: [await drain(Number(rows), Number(latency), Number(factor))],
      },
    ],
  }),
};
