import { expect, it } from 'vitest';
import { behaviours } from './behaviours/all.ts';
import { aims, proveWild } from './prove-wild.ts';
import { sumOf, wrongOf } from './truth.ts';

const timeoutMs = 3_600_000;
const resultOf = proveWild(behaviours, 'deep', timeoutMs);

const figuresOf = async (some: typeof behaviours) => {
  const results = [];
  for (const behaviour of some) results.push((await resultOf(behaviour)).figures);
  return sumOf(results);
};

it(
  `gets at most ${100 * aims.wrong} % of all stories wrong, and holds at most ${aims.heldAgain} of 100,000 again`,
  async () => {
    const all = await figuresOf(behaviours);

    expect(wrongOf(all) / all.stories).toBeLessThanOrEqual(aims.wrong);
    expect(all.heldAgain / all.stories).toBeLessThanOrEqual(aims.heldAgain / 100_000);
  },
  timeoutMs,
);

// Deep only: with few mixtures, one in ten contains most of the errors.
it(
  `gets at most ${100 * aims.ordinaryWrong} % of the stories on ordinary sites wrong`,
  async () => {
    const ordinary = await figuresOf(behaviours.filter(({ name }) => name === 'mixed: ordinary sites'));

    expect(wrongOf(ordinary) / ordinary.stories).toBeLessThanOrEqual(aims.ordinaryWrong);
  },
  timeoutMs,
);
