import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseSample, describeSample, drawn, isIn, parts } from '../support/sample.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sample-'));
});
afterEach(() => rm(dir, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: dir,
    stdio: 'pipe',
  });

const commit = async (text: string) => {
  await writeFile(join(dir, 'file'), text);
  git('init', '-q');
  git('add', 'file');
  git('commit', '-q', '-m', 'A commit');
};

describe('the parts of the crash points', () => {
  const points = Array.from({ length: 20_000 }, (_, i) => `point ${i}`);
  const sizes = Array.from(
    { length: parts },
    (_, part) => points.filter((point) => isIn({ part, chosenBy: '' }, point)).length,
  );

  it('cover all points, each in one part', () => {
    const inOne = points.filter(
      (point) => sizes.filter((_, part) => isIn({ part, chosenBy: '' }, point)).length === 1,
    );

    expect(inOne).toHaveLength(points.length);
  });

  it('are about the same size', () => {
    for (const size of sizes) expect(Math.abs(size - 20_000 / parts)).toBeLessThan(150);
  });

  it('are all included in the sample named all', () => {
    expect(points.every((point) => isIn({ part: 'all', chosenBy: '' }, point))).toBe(true);
  });
});

describe.each([2, 5, 10] as const)('one in %i of a list', (oneIn) => {
  const list = Array.from({ length: 30 }, (_, i) => i);
  const all = Array.from({ length: parts }, (_, part) => drawn({ part, chosenBy: '' }, oneIn, list));

  it('has the same size in every part, and covers the list', () => {
    expect(all.map(({ length }) => length)).toEqual(all.map(() => 30 / oneIn));
    expect(new Set(all.flat()).size).toBe(30);
  });

  it('is the whole list in the sample named all', () => {
    expect(drawn({ part: 'all', chosenBy: '' }, oneIn, list)).toEqual(list);
  });
});

describe('the part that a run tests', () => {
  it('is set by SAMPLE', () => {
    expect([chooseSample('all', dir).part, chooseSample('17', dir).part]).toEqual(['all', 17]);
  });

  it.each(['20', 'some', '-1', ' '])('is refused when SAMPLE is %j', (given) => {
    expect(() => chooseSample(given, dir)).toThrow(/SAMPLE is ".*"; use "all", or a part from 0 to 19/);
  });

  it('is chosen by the commit’s tree, reproducibly, and differs between trees', async () => {
    await commit('one');
    const first = chooseSample(undefined, dir);
    const again = chooseSample('', dir);
    const others = [];
    for (let i = 0; i < 4; i++) {
      await commit(`${i}`);
      others.push(chooseSample(undefined, dir).part);
    }

    expect(first.chosenBy).toMatch(/^tree [0-9a-f]{12}$/);
    expect(again).toEqual(first);
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it('is chosen by the version in an archive, wherever it is unpacked', async () => {
    const outside = chooseSample(undefined, dir);
    await commit('of another project');
    await mkdir(join(dir, 'unpacked'));
    const inside = chooseSample(undefined, join(dir, 'unpacked'));

    expect(outside.chosenBy).toMatch(/^version \d+\.\d+\.\d+ \(no git commit here\)$/);
    expect(inside).toEqual(outside);
  });

  it('is printed with the command to repeat it', () => {
    expect(describeSample({ part: 7, chosenBy: 'tree 1a2b3c' })).toBe(
      'part 7 of 0 to 19, chosen by tree 1a2b3c; SAMPLE=7 repeats it, SAMPLE=all runs all',
    );
  });
});
