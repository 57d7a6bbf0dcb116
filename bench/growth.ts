import { embeddedStack, embeddedWorld } from '../test/support/embedded-world.ts';
import { story } from '../test/support/entries.ts';
import type { Bench } from './bench.ts';

const sizes = [10, 100, 1_000, 5_000];

type Step = { ms: number; writes: number; rssMb: number };
type Found = { entries: number; first: Step; unchanged: Step; oneNew: Step };

const measure = async (entries: number): Promise<Found> => {
  const stack = await embeddedStack();
  let writes = 0;
  stack.tables.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (/Put|Update|Delete|Write/.test(commandName)) writes += 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  const world = await embeddedWorld(stack, [{ whenUncertain: 'auto' }]);
  const shown = Array.from({ length: entries }, (_, n) => story(entries - n));
  const poll = async (): Promise<Step> => {
    writes = 0;
    const started = performance.now();
    await world.poll();
    return {
      ms: performance.now() - started,
      writes,
      rssMb: process.memoryUsage().rss / 1e6,
    };
  };
  try {
    world.publish(shown);
    const first = await poll();
    const unchanged = await poll();
    world.publish([story(entries + 1), ...shown.slice(0, -1)]);
    return { entries, first, unchanged, oneNew: await poll() };
  } finally {
    await world.close();
    await stack.close();
  }
};

const rowOf = (step: (found: Found) => Step) => (found: Found) => {
  const { ms, writes, rssMb } = step(found);
  return [found.entries, ms.toFixed(1), (ms / found.entries).toFixed(3), writes, rssMb.toFixed(0)];
};

const head = ['entries', 'ms', 'ms per entry', 'writes', 'memory of the process, MB'];

/** How much longer for ten times as many: 1.00 would be linear, from the second size on; the first is all overhead. */
const slope = (found: readonly Found[], step: (one: Found) => Step): string => {
  const [, from, , to] = found;
  if (!from || !to) return '–';
  const times = step(to).ms / step(from).ms;
  return (Math.log(times) / Math.log(to.entries / from.entries)).toFixed(2);
};

export const bench: Bench = {
  question: 'How does the cost grow with the entries in a feed?',
  how: `Polls one feed of ${sizes.join(', ')} entries with ingest-feeds and embedded services: a first poll, an unchanged poll (304), and a poll with one new entry. npm run bench -- scale measures growth with the number of feeds.`,
  limits:
    'The DynamoDB emulator runs in the same process, so the figures include its time and memory. Most of a first poll is its writes.',
  run: async () => {
    const found: Found[] = [];
    for (const entries of sizes) found.push(await measure(entries));
    const steps = {
      'First poll': (one: Found) => one.first,
      Unchanged: (one: Found) => one.unchanged,
      'One new entry': (one: Found) => one.oneNew,
    };
    return {
      tables: Object.entries(steps).map(([title, step]) => ({
        title,
        head,
        rows: found.map(rowOf(step)),
      })),
      plots: [
        {
          title: 'Time of a poll',
          x: { label: 'entries of the feed', log: true },
          y: { label: 'ms', log: true },
          series: Object.entries(steps).map(([name, step]) => ({
            name,
            points: found.map((one) => [one.entries, step(one).ms] as const),
          })),
        },
      ],
      headlines: [
        {
          what: 'growth with the entries in a feed: exponent of the first poll’s time',
          figure: slope(found, steps['First poll']),
          target: '≤ 1',
        },
      ],
      notes: [
        `Exponent of the growth from ${sizes[1]} to ${sizes[3]} entries (1.00 is linear): ${Object.entries(
          steps,
        )
          .map(([title, step]) => `${title.toLowerCase()} ${slope(found, step)}`)
          .join(', ')}.`,
      ],
    };
  },
};
