import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { hostileNames } from '../../../support/hostile-documents.ts';

const HEAP_MB = 384;
const LIMIT_S = 15;
/** The largest document that is read at all. */
const SIZE = 10 * 1024 * 1024;
const SEED = 1 + (Date.now() % 1_000_000); // another one in each run; a failure names it

type Outcome = { outcome: string; cpuS: number };

const child = new URL('../../../support/read-hostile.ts', import.meta.url).pathname;

/** In a process of its own with so much heap; its CPU time counts, because the machine may be busy. */
const readApart = (name: string, size: number): Outcome => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, child, name, String(size), String(SEED)],
    { encoding: 'utf8', timeout: 300_000 },
  );
  if (status !== 0) throw new Error(`${name}, seed ${SEED}: exit ${status}, ${stderr.slice(0, 500)}`);
  return JSON.parse(stdout);
};

describe(`a document of ${SIZE} bytes made to exhaust is read or refused within ${HEAP_MB} MB and ${LIMIT_S} s`, () => {
  test.each(hostileNames)('%s', { timeout: 400_000 }, (name) => {
    const { outcome, cpuS } = readApart(name, SIZE);

    expect(outcome).toMatch(/^(?:read|feed\.[a-z-]+)$/);
    expect(cpuS, `seed ${SEED}`).toBeLessThan(LIMIT_S);
  });
});

/** The best of five, so that a busy machine strikes none. */
const best = (name: string, size: number): number =>
  Math.min(...Array.from({ length: 5 }, () => readApart(name, size).cpuS));

describe('four times the document takes about four times the CPU, native work too', () => {
  test.each(hostileNames)('%s', { timeout: 900_000 }, (name) => {
    const [once, fourTimes] = [best(name, SIZE / 16), best(name, SIZE / 4)];

    expect(fourTimes, `seed ${SEED}`).toBeLessThan(8 * Math.max(once, 0.1));
  });
});
