import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { assumed, perMillion } from '../scripts/costs/bill.ts';
import { type MeasuredUse, recordedUse, type Use } from '../scripts/costs/measured-use.ts';
import { type Amounts, usd } from '../scripts/costs/prices.ts';
import { useTable } from '../scripts/costs/use-table.ts';
import { costsPage, page } from '../scripts/costs.ts';
import type { Bench, Headline, Report } from './bench.ts';
import { deliveryOf } from './support/delivery.ts';
import { idOf, type Measured, openFleet } from './support/fleet.ts';

const SIZES = [10, 200, 10_000];
const MINUTE = 60_000;
/** The polling interval, as in the bill. */
const EVERY = `${60 / assumed.pollsAnHour}m`;
/** The assumed response times of sites and Dash Social; on loopback, they would respond immediately. */
const SITE_MS = 200;
const DASH_MS = 300;
const ENTRIES = 20;
const REPEATS = 5;
const MESSAGE = 20;
const BATCH = 10;

const requests = ({ asked }: Measured, service: string) =>
  Object.entries(asked.requests).reduce(
    (sum, [name, count]) => sum + (name.startsWith(`${service}:`) ? count : 0),
    0,
  );

const useOf = (measured: Measured): Use => ({
  wallMs: measured.wallMs,
  cpuMs: measured.cpuMs,
  readUnits: measured.asked.readUnits,
  writeUnits: measured.asked.writeUnits,
  sqsRequests: requests(measured, 'sqs'),
  secretRequests: requests(measured, 'secretsmanager'),
  logBytes: measured.logBytes,
  sentBytes: measured.sites.bytes,
  storedBytes: Math.max(0, measured.asked.storedBytes),
  metrics: measured.metrics.toSorted(),
});

const middle = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
const tenth = (number: number) => Math.round(number * 10) / 10;

/** The middle of each figure; of metrics whatever any of them sent. */
const typical = (all: readonly Measured[]): Use => {
  const uses = all.map(useOf);
  const numbers = Object.keys(uses[0] ?? {}).filter((name) => name !== 'metrics') as (keyof Omit<
    Use,
    'metrics'
  >)[];
  return {
    ...(Object.fromEntries(
      numbers.map((name) => [name, tenth(middle(uses.map((use) => use[name])))]),
    ) as Omit<Use, 'metrics'>),
    metrics: [...new Set(uses.flatMap(({ metrics }) => metrics))].toSorted(),
  };
};

const times = async (count: number, work: (n: number) => Promise<Measured>): Promise<Measured[]> => {
  const done: Measured[] = [];
  for (let n = 0; n < count; n += 1) done.push(await work(n));
  return done;
};

const measureTicks = async (feeds: number): Promise<Use> => {
  const fleet = await openFleet({ feeds, entries: ENTRIES, latencyMs: 0, every: EVERY });
  try {
    const ticks = 4 * REPEATS;
    const start = (Math.floor(Date.now() / MINUTE) - ticks) * MINUTE; // none ahead of its time
    await fleet.tick(start);
    return typical(await times(ticks, (n) => fleet.tick(start + (n + 1) * MINUTE)));
  } finally {
    await fleet.close();
  }
};

const measureWork = async (): Promise<Omit<MeasuredUse, 'of' | 'ticks'>> => {
  const fleet = await openFleet({
    feeds: MESSAGE,
    entries: ENTRIES,
    latencyMs: SITE_MS,
    dashLatencyMs: DASH_MS,
  });
  const all = Array.from({ length: MESSAGE }, (_, n) => idOf(n));
  try {
    await fleet.tick(Date.now());
    await fleet.ingest(all);
    const twenty = await times(REPEATS, () => fleet.ingest(all));
    const one = await times(REPEATS, (n) => fleet.ingest([idOf(n)]));
    const news = await times(REPEATS, () => {
      for (let feed = 0; feed < MESSAGE; feed += 1) fleet.farm.publish(feed);
      return fleet.ingest(all);
    });
    const wakeUps = await fleet.drain('drafts');
    const ten = await times(REPEATS, () => fleet.draft(wakeUps.splice(0, BATCH)));
    const single = await times(REPEATS, () => fleet.draft(wakeUps.splice(0, 1)));
    const webhook = await times(REPEATS, (n) => fleet.receive(deliveryOf(fleet, n)));
    return {
      unchanged: { one: typical(one), twenty: typical(twenty) },
      news: typical(news),
      drafts: { one: typical(single), ten: typical(ten) },
      webhook: typical(webhook),
    };
  } finally {
    await fleet.close();
  }
};

const measure = async (): Promise<MeasuredUse> => {
  const ticks: Record<string, Use> = {};
  for (const feeds of SIZES) ticks[feeds] = await measureTicks(feeds);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  return {
    of: { machine, day, siteMs: SITE_MS, dashMs: DASH_MS, entries: ENTRIES },
    ticks,
    ...(await measureWork()),
  };
};

/** What the bill of docs/costs.md makes of these figures. */
const inDollars = (measured: MeasuredUse): Headline[] => {
  const { polls, entries, webhooks } = perMillion(measured);
  const figure = (amounts: Amounts) => `${usd(amounts).toFixed(2)} USD`;
  return [
    { what: 'a million polls, 20 per message', figure: figure(polls) },
    { what: 'a million entries', figure: figure(entries) },
    { what: 'a million webhooks', figure: figure(webhooks) },
  ];
};

const reportOf = (measured: MeasuredUse): Report => {
  const headlines = inDollars(measured);
  return {
    headlines,
    tables: [
      { title: 'What each operation requests from AWS', ...useTable(measured) },
      {
        title: 'What that costs by the prices of docs/costs.md',
        head: ['what', 'figure'],
        rows: headlines.map(({ what, figure }) => [what, figure]),
      },
    ],
  };
};

/** Two runs never measure the same milliseconds: figures and page are kept together. */
const record = (measured: MeasuredUse): void => {
  writeFileSync(recordedUse, `${JSON.stringify(measured, null, 2)}\n`);
  writeFileSync(page, costsPage(measured));
};

/** `npm run bench -- costs --record`, and `npm run bench`, keep what they find and write docs/costs.md from it. */
export const bench: Bench = {
  question: 'What does each operation request from AWS?',
  how: `Runs each bundle in its own process, with a heap that fits its memory, and with embedded services that count requests as AWS bills them. Sites respond after ${SITE_MS} ms, Dash Social after ${DASH_MS} ms. Figures are medians of ${REPEATS} runs.`,
  limits:
    'Times include the emulators instead of AWS. Connections are not encrypted, so TLS adds neither bytes nor CPU time.',
  run: async ([flag]) => {
    const measured = await measure();
    if (flag === '--record') record(measured);
    return reportOf(measured);
  },
};
