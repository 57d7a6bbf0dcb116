import type { Bench, Headline, Table } from './bench.ts';
import { behindDoor, type Cause } from './drain/closed.ts';
import { type Drained, drain } from './drain/draining.ts';

const perMinute = 1_000;
const backlog = 100_000;
/** How long a table takes to respond. */
const tableMs = 10;

type Run = { latencyMs: number; rows: number; drained: Drained };

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
const used = ({ rows, drained }: Run) => rows / drained.minutes / perMinute;

const runDrains = async (rows: number, factor: number): Promise<Run[]> => {
  const runs: Run[] = [];
  for (const latencyMs of [0, 100, 250])
    runs.push({ latencyMs, rows, drained: await drain(rows, { perMinute, factor, latencyMs, tableMs }) });
  return runs;
};

const drainingTable = (runs: Run[], factor: number): Table => ({
  title: `Two workers and a limit of ${perMinute} in ${60 / factor} s, by Dash Social’s response time`,
  head: [
    'response time',
    'rows',
    'minutes',
    'of the limit',
    'busiest minute',
    '429',
    'messages per row',
    'writes per row',
  ],
  rows: runs.map((run) => {
    const { latencyMs, rows, drained } = run;
    return [
      `${latencyMs} ms`,
      rows,
      drained.minutes.toFixed(2),
      percent(used(run)),
      drained.busiestMinute,
      percent(drained.refused / rows),
      (drained.messages / rows).toFixed(2),
      (drained.writes / rows).toFixed(2),
    ];
  }),
});

const closedTable = async (): Promise<Table> => {
  const table: (string | number)[][] = [];
  for (const cause of ['a person', 'an outage'] as Cause[]) {
    const { closed, traffic } = await behindDoor(cause, backlog, perMinute, 60);
    table.push([`stopped by ${cause}, 60 minutes`, ...Object.values(closed)]);
    table.push(['resumed, 60 minutes', ...Object.values(await traffic(60))]);
  }
  return {
    title: `${backlog} rows waiting while posting is stopped, ${perMinute} of them already woken`,
    head: ['', 'wake-ups', 'writes of rows', 'writes of circuit breakers', 'requests that create nothing'],
    rows: table,
  };
};

/** The targets for an API that responds immediately; a slower one is limited by three concurrent requests per worker. */
const targets = (run: Run): string[] => {
  const { rows, drained } = run;
  const target = (met: boolean, text: string) => `${met ? 'met' : 'MISSED'}: ${text}`;
  return [
    target(used(run) >= 0.95, `at least 95 % of the limit is used (${percent(used(run))})`),
    target(drained.busiestMinute <= perMinute, `never more than ${perMinute} in any minute`),
    target(drained.refused < rows / 100, 'fewer than 1 % get a 429'),
    target(drained.messages <= 1.3 * rows, 'at most 1.3 messages per row'),
  ];
};

const headlines = (run: Run): Headline[] => [
  { what: 'use of the rate limit while a backlog drains', figure: percent(used(run)), target: '≥ 95 %' },
  {
    what: '429 responses during that time',
    figure: percent(run.drained.refused / run.rows),
    target: '< 1 %',
  },
];

/** `npm run bench -- drain 5000 10`: so many rows, a clock that runs ten times as fast. */
export const bench: Bench = {
  question: 'Does a backlog use the rate limit without exceeding it?',
  how: `Runs the real jobs, handler, rate limiter and clients, with a queue and Dash Social emulated over HTTP, and with in-memory tables that take ${tableMs} ms. The clock runs faster than real time.`,
  limits: 'One process runs both workers, and a busy machine uses less of the limit.',
  run: async ([rows = '5000', factor = '10']) => {
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    const runs = await runDrains(Number(rows), Number(factor));
    return {
      tables: [drainingTable(runs, Number(factor)), await closedTable()],
      notes: targets(runs[0] as Run),
      headlines: headlines(runs[0] as Run),
    };
  },
};
