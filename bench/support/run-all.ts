import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Report } from '../bench.ts';
import { pageOf, plotFile, type Ran } from './page.ts';
import { svgOf } from './plot.ts';

const docs = new URL('../../docs/', import.meta.url).pathname;

/** The benchmarks, in the order of the page. The others have figures for separate pages, and are run by name. */
const order = [
  'unchanged',
  'reading',
  'latency',
  'scheduling',
  'drain',
  'history',
  'wild',
  'growth',
  'scale',
  'webhook',
  'cold-start',
  'costs',
];

/** Its figures are also those of docs/costs.md, which is written from the same run. */
const flags: Readonly<Record<string, readonly string[]>> = { costs: ['--record'] };

/** The time limit of a benchmark. */
const limitMs = 1_800_000;

/** Runs a benchmark in its own process, so that memory and compiled code are not shared. */
const runOne = async (runFile: string, name: string, folder: string): Promise<Ran> => {
  const file = join(folder, `${name}.json`);
  const started = performance.now();
  const { status, signal } = spawnSync(process.execPath, [runFile, name, ...(flags[name] ?? [])], {
    env: { ...process.env, BENCH_REPORT: file },
    stdio: 'inherit',
    timeout: limitMs,
  });
  if (status !== 0) throw new Error(`${name} ended with ${signal ?? status}`);
  const { bench } = (await import(`../${name}.ts`)) as { bench: Bench };
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return { name, bench, report, seconds: (performance.now() - started) / 1_000 };
};

const draw = ({ name, report }: Ran): void => {
  for (const [at, plot] of (report.plots ?? []).entries())
    writeFileSync(join(docs, plotFile(name, at)), svgOf(plot));
};

/**
 * Runs everything in sequence with `runFile`, and writes docs/benchmarks.md with its plots, and docs/costs.md. Throws
 * if one fails.
 */
export const runAll = async (runFile: string, machine: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const ran: Ran[] = [];
    for (const name of order) {
      console.log(`\n── ${name} ──\n`);
      ran.push(await runOne(runFile, name, folder));
    }
    mkdirSync(join(docs, 'benchmarks'), { recursive: true });
    ran.forEach(draw);
    writeFileSync(join(docs, 'benchmarks.md'), pageOf(ran, machine, new Date().toISOString().slice(0, 10)));
    console.log(`\nWritten: docs/benchmarks.md and docs/costs.md, from ${ran.length} benchmarks`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
