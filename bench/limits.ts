import { readDeployment } from '../local/deployment.ts';
import { functionMemory } from '../scripts/function-memory.ts';
import type { Bench, Report } from './bench.ts';
import { deliveryOf, ghostDeliveryOf } from './support/delivery.ts';
import { type Fleet, idOf, type Measured, openFleet } from './support/fleet.ts';

/** Each function at the most that it may meet in one invocation, beside what it is given. */

const MINUTE = 60_000;
type Found = { fn: string; work: string; measured: Measured };

const withFleet = async <T>(
  options: Parameters<typeof openFleet>[0],
  work: (fleet: Fleet) => Promise<T>,
): Promise<T> => {
  const fleet = await openFleet(options);
  try {
    return await work(fleet);
  } finally {
    await fleet.close();
  }
};

const ticks = () =>
  withFleet({ feeds: 10_000, entries: 1, latencyMs: 0 }, async (fleet): Promise<Found[]> => {
    const now = Date.now();
    const first = await fleet.tick(now - 60 * MINUTE);
    await fleet.drain('feeds');
    const late = await fleet.tick(now);
    return [
      { fn: 'pollFeeds', work: 'the first tick of 10,000 feeds', measured: first },
      { fn: 'pollFeeds', work: 'a tick with all 10,000 feeds due', measured: late },
    ];
  });

const polls = (work: string, entries: number, textLength: number) =>
  withFleet({ feeds: 20, entries, textLength, latencyMs: 200 }, async (fleet): Promise<Found[]> => {
    const all = Array.from({ length: 20 }, (_, n) => idOf(n));
    return [{ fn: 'ingestFeeds', work, measured: await fleet.ingest(all) }];
  });

const drafts = () =>
  withFleet(
    { feeds: 20, entries: 5, latencyMs: 0, dashLatencyMs: 5_000 },
    async (fleet): Promise<Found[]> => {
      const all = Array.from({ length: 20 }, (_, n) => idOf(n));
      await fleet.ingest(all);
      for (let feed = 0; feed < 20; feed += 1) fleet.farm.publish(feed);
      await fleet.ingest(all);
      const wakeUps = await fleet.drain('drafts');
      const measured = await fleet.draft(wakeUps.slice(0, 10));
      return [{ fn: 'createDraft', work: 'ten drafts, with responses after 5 s', measured }];
    },
  );

/** Each in a process of its own: the first delivery that an instance gets, and the one that takes the most. */
const delivery = (work: string, eventOf: (fleet: Fleet) => unknown) =>
  withFleet({ feeds: 1, entries: 1, latencyMs: 0 }, async (fleet): Promise<Found[]> => {
    const measured = await fleet.receive(eventOf(fleet));
    return [{ fn: 'receiveWebhook', work, measured }];
  });

const rowOf = ({ fn, work, measured }: Found) => {
  const given = functionMemory()[fn] ?? 0;
  const timeoutMs = readDeployment().find(({ name }) => name === fn)?.timeoutMs ?? 0;
  // Less than a core is worth 1,769 MB: computing takes as much longer.
  const onLambda = measured.wallMs + measured.cpuMs * Math.max(0, 1769 / given - 1);
  return [
    fn,
    work,
    (measured.wallMs / 1000).toFixed(1),
    (measured.cpuMs / 1000).toFixed(1),
    (onLambda / 1000).toFixed(1),
    timeoutMs / 1000,
    measured.peakMb.toFixed(0),
    given,
  ];
};

export const bench: Bench = {
  question: 'How close does each function come to its memory and timeout?',
  how: 'Runs each bundle in its own process, with a heap that fits its memory, on the largest work of one invocation. Sites respond after 200 ms. “On Lambda” adds the extra computing time on the share of a core that comes with the memory.',
  limits:
    'A first invocation each, so that making clients is in it; emulators instead of AWS; memory is that of the process.',
  run: async (): Promise<Report> => {
    const found = [
      ...(await ticks()),
      ...(await polls('twenty first polls of 40 entries each', 40, 650)),
      ...(await polls('twenty first polls of 2 MB each', 20, 100_000)),
      ...(await drafts()),
      ...(await delivery('the first delivery, 1 MB', (fleet) => deliveryOf(fleet, 1, 1_000_000))),
      ...(await delivery('the first delivery from Ghost, 1.7 MB', (fleet) => ghostDeliveryOf(fleet, 95))),
      ...(await delivery('the first delivery from Ghost, 5 MB', (fleet) => ghostDeliveryOf(fleet, 290))),
    ];
    return {
      tables: [
        {
          title: 'One invocation at its most',
          head: ['function', 'work', 's', 'CPU s', 's on Lambda', 'time-out s', 'peak MB', 'given MB'],
          rows: found.map(rowOf),
        },
      ],
    };
  },
};
