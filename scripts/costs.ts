import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { metrics } from '../lib/lambda/metrics.ts';
import { alarmMetrics, assumed, monthAmounts, perMillion } from './costs/bill.ts';
import { MeasuredUse, recordedUse } from './costs/measured-use.ts';
import { type Amounts, lines, ofLine, priceList, priceNames, prices, usd } from './costs/prices.ts';
import { useTable, whole } from './costs/use-table.ts';

// Usage: npm run docs:costs. Puts prices on what `npm run bench` (or `-- costs --record`) has measured, and writes docs/costs.md;
// a test fails when that is not what this makes.
export const page = new URL('../docs/costs.md', import.meta.url);

type Cell = string | number;
const tableOf = (head: readonly Cell[], rows: readonly (readonly Cell[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const dollars = (amount: number) => (amount === 0 ? '–' : amount < 0.005 ? '< 0.01' : amount.toFixed(2));
/** A row a line of the bill, but for those where there is nothing; then the sums. */
const billTable = (names: readonly string[], columns: readonly Amounts[], { sums = [] as Cell[][] } = {}) => {
  const rows = lines.map((line) => [line, ...columns.map((amounts) => dollars(usd(ofLine(amounts, line))))]);
  const total = ['**in all**', ...columns.map((amounts) => `**${dollars(usd(amounts))}**`)];
  return tableOf(
    ['US dollars', ...names],
    [...rows.filter(([, ...cells]) => cells.some((cell) => cell !== '–')), total, ...sums],
  );
};

const millions = (measured: MeasuredUse): string => {
  const { polls, pollsAlone, entries, webhooks } = perMillion(measured);
  return billTable(
    ['a million polls, 20 to a message', '1 to a message', 'a million entries', 'a million webhooks'],
    [polls, pollsAlone, entries, webhooks],
  );
};

const months = (measured: MeasuredUse): string => {
  const sizes = Object.keys(measured.ticks).map(Number);
  const bills = sizes.map((feeds) => monthAmounts(measured, feeds));
  const least = bills.map((amounts) => `**${dollars(usd(amounts, { free: true }))}**`);
  return billTable(
    sizes.map((feeds) => `${whole(feeds)} feeds`),
    bills,
    { sums: [['**less what is free each month**', ...least]] },
  );
};

const measuredTable = (measured: MeasuredUse): string => {
  const { head, rows } = useTable(measured);
  return tableOf(head, rows);
};

const priceTable = (): string =>
  tableOf(
    ['price', 'US dollars', 'free each month'],
    priceNames.map((name) => {
      const { of, usd: price, per, unit, free, source } = prices[name];
      const each = per === 1 ? `a ${unit}` : `for ${whole(per)} ${unit}s`;
      return [`[${of}](${source})`, `${price} ${each}`, free === 0 ? '–' : whole(free)];
    }),
  );

/** docs/costs.md, from measured figures. */
export const costsPage = (measured: MeasuredUse): string => {
  const { of } = measured;
  return `# What it costs

<!-- Made by "npm run docs:costs" from bench/recorded/costs.json and the prices in scripts/costs/prices.ts. -->

A computed bill, not a paid one: list prices of ${priceList.region} in US dollars, without tax, put on requests, milliseconds and
bytes that we measured. The prices are meant to be those of ${priceList.of}. Those of functions, secrets, the HTTP API, requests to
tables and part of CloudWatch were held against copies of the pages that are linked below; those of queues, the schedule,
backups and bytes sent were not: look there before you rely on one. In other regions most of it costs the same or up to a quarter more.

## By the month

Each feed polled once an hour, with one new entry a day that becomes a draft, rows kept for ${assumed.keptDays} days.

${months(measured)}

What is free is given once to an account: where other things run in it, the truth lies between the last two lines. Three
dashboards would be free too, if ours did not show more than the fifty metrics that each of them may.

A small installation pays for being watched, not for working. ${alarmMetrics()} metrics in alarms, ${Object.keys(metrics).length} metrics of ours that
are billed for each hour in which they are sent, a dashboard and two secrets cost the same for ten feeds and for ten
thousand; on a bad day, with every metric sent in every hour of a month, the metrics alone would be ${dollars(Object.keys(metrics).length * prices.metrics.usd)}. Empty
queues cost too: each mapping asks its queue ${assumed.longPolls} times every ${assumed.longPollSeconds} seconds.

## By the million

${millions(measured)}

A poll is one that finds nothing new. An entry is what comes on top when there is one, until it is a draft and as long as
its row is kept; wake-ups ten to a batch, as in a burst. A webhook's draft is not in its column. Nor is the note of what became of each
delivery: a read and a write of one row of up to 3 kB, 2.00 dollars a million; what is refused is noted once a minute.

## What was measured

By \`npm run bench -- costs --record\` on ${of.day}, ${of.machine}: the bundles as they are deployed, over
embedded services, their requests counted by the rules that AWS bills by (units by the size of items, indexes included).

${measuredTable(measured)}

## What was assumed

- Sites answer after ${of.siteMs} ms and Dash Social after ${of.dashMs} ms: waiting is billed. Documents hold ${of.entries} entries.
- Computing takes as much longer as a function has less than a core, which is worth ${assumed.coreMb} MB: a function with 512 MB
  is reckoned at ${(assumed.coreMb / 512).toFixed(1)} times the CPU time measured here. A core of Lambda is taken to be as fast as the one measured on.
- Lambda prints ${assumed.platformLogBytes} bytes for each invocation, and opening a connection to a site sends ${assumed.tlsBytes} bytes.
- Feeds fall due independently of each other, which says how many share a message.
- sendAlerts, which looks every five minutes (8,760 times a month, a cent or two), cold starts, first polls, failures, a person's commands, mails, the bucket of the archives (some megabytes) and the
  storage of logs (3 cents a GB and month) are left out.
- Encryption costs nothing: tables and queues have the keys that AWS owns, secrets the account's key for Secrets Manager,
  whose use by that service is free. Keys of your own would cost a dollar a month each, and 3 cents for 10,000 uses.

## The prices

${priceTable()}
`;
};

/** The figures that were recorded. */
export const recorded = (): MeasuredUse =>
  v.parse(MeasuredUse, JSON.parse(readFileSync(recordedUse, 'utf8')));

if (import.meta.main) writeFileSync(page, costsPage(recorded()));
