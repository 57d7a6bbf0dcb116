import type { Bench, Plot, Report, Table } from '../bench.ts';

/** One bench that was run. */
export type Ran = {
  name: string;
  bench: Pick<Bench, 'question' | 'how' | 'limits'>;
  report: Report;
  seconds: number;
};

const cell = (value: string | number): string => String(value).replaceAll('|', '\\|');
const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;

const tableOf = ({ title, head, rows }: Table): string =>
  [
    `**${title}**`,
    '',
    line(head),
    line(head.map((_, n) => (n === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');

/** The path of a plot, relative to the page. */
export const plotFile = (name: string, at: number): string =>
  `benchmarks/${name}${at === 0 ? '' : `-${at + 1}`}.svg`;

const imageOf =
  (name: string) =>
  ({ title }: Plot, at: number): string =>
    `![${title}](${plotFile(name, at)})`;

const sectionOf = ({ name, bench, report, seconds }: Ran): string =>
  [
    `## ${bench.question}`,
    bench.how,
    ...report.tables.map(tableOf),
    ...(report.plots ?? []).map(imageOf(name)),
    ...(report.notes ?? []),
    `Limits: ${bench.limits}`,
    `Repeat it: \`npm run bench -- ${name}\` (${seconds.toFixed(0)} s).`,
  ].join('\n\n');

/** Every headline with its target and its command: the summary. */
const headlineTable = (ran: readonly Ran[]): string =>
  [
    line(['what', 'figure', 'target', 'command']),
    line(['---', '---:', '---:', '---']),
    ...ran.flatMap(({ name, report: { headlines = [] } }) =>
      headlines.map(({ what, figure, target = '–' }) =>
        line([what, figure, target, `\`npm run bench -- ${name}\``]),
      ),
    ),
  ].join('\n');

const keptByTests = `| what | figure | command |
| --- | --- | --- |
| bundles, minified | a budget slightly above the size of each | \`npx vitest run test/infra/build.test.ts\` |
| an unchanged poll | one read of the feed's row, no write, nothing parsed | \`npx vitest run test/jobs/poll-cost.test.ts\` |
| a poll with k new entries | 5k + 1 writes, and ten wake-ups per message: an entry is four rows and its stored entry; one more row if its link has a query, and one more if its feed has a webhook | the same |`;

/** docs/benchmarks.md of one run of everything. */
export const pageOf = (ran: readonly Ran[], machine: string, day: string): string =>
  `# Benchmarks

Written by \`npm run bench\` on ${day}, on ${machine}, in ${(ran.reduce((sum, { seconds }) => sum + seconds, 0) / 60).toFixed(0)} minutes; all
figures below are from that run. Absolute times mean little on another machine, so compared programs were run alternately on the same one. Missed targets
are included. Feeds have the default, \`when_uncertain: auto\`, unless a row names another policy.

## Summary

${headlineTable(ran)}

## Enforced by tests

${keptByTests}

${ran.map(sectionOf).join('\n\n')}
`;
