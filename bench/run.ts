import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Bench, Report, Table } from './bench.ts';
import { runAll } from './support/run-all.ts';

// Usage: npm run bench                     all of them; writes docs/benchmarks.md and docs/costs.md
//        npm run bench -- NAME [ARGUMENT…]  one

const about = ['bench', 'run'];
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))
  .filter((name) => !about.includes(name));

/** The machine and the runtime used. */
const machineLine = () =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}, ${process.platform} ${process.arch}`;

const printTable = ({ title, head, rows }: Table) => {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  console.log(`\n${title}\n`);
  for (const line of lines) console.log(line.map(pad).join('  '));
};

const print = ({ tables, notes = [] }: Report) => {
  console.log(machineLine());
  for (const table of tables) printTable(table);
  for (const note of notes) console.log(`\n${note}`);
};

const runOne = async (name: string, args: string[]) => {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
  console.log(`${bench.question}\n${bench.how}\n`);
  const report = await bench.run(args);
  print(report);
  // `npm run bench` reads the report there.
  if (process.env.BENCH_REPORT) writeFileSync(process.env.BENCH_REPORT, JSON.stringify(report));
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined) await runAll(import.meta.filename, machineLine());
else if (names.includes(name) && existsSync(new URL(`${name}.ts`, import.meta.url))) await runOne(name, args);
else {
  console.error(`Usage: npm run bench -- ${names.join(' | ')}`);
  process.exitCode = 2;
}
