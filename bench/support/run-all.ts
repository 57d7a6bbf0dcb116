import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Report } from '../bench.ts';
import { pageOf, plotFile, type Ran } from './page.ts';
import { svgOf } from './plot.ts';

const docs = new URL('../../docs/', import.meta.url).pathname;

/** What is run, in the order in which readers ask. The others keep figures for pages of their own, and are run by name. */
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

/** Its figures are those of docs/costs.md too, which is written from the same run. */
const flags: Readonly<Record<string, readonly string[]>> = { costs: ['--record'] };

/** No bench may take longer. */
const limitMs = 1_800_000;

/** Runs one in a process of its own, so that none has another's memory or warm code. */
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
 * Runs everything, one after the other by `runFile`, and writes docs/benchmarks.md with its plots, and docs/costs.md.
 * Throws when one fails.
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
    console.log(`\nWritten: docs/benchmarks.md and docs/costs.md, from ${ran.length} benches`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
