import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { explore, type Process } from '../support/explore.ts';

/** Reads one cell and writes a result to another, so that the final cells depend on the order. */
type Step = { from: number; to: number; plus: number };
const cells = 3;
const aStep = fc.record({
  from: fc.nat(cells - 1),
  to: fc.nat(cells - 1),
  plus: fc.integer({ min: 1, max: 9 }),
});
const programs = fc.array(fc.array(aStep, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });

const apply = (world: number[], { from, to, plus }: Step) => {
  world[to] = ((world[from] as number) * 3 + plus) % 1009;
};

/** Every possible end, found without pruning: each process continues, or dies while deaths are left. */
const allEnds = (processes: Step[][], deaths: number, world = [1, 2, 3]): Set<string> => {
  const alive = processes.flatMap((steps, n) => (steps.length > 0 ? [n] : []));
  if (alive.length === 0) return new Set([world.join()]);
  const without = (n: number, steps: Step[]) => processes.with(n, steps);
  return new Set(
    alive.flatMap((n) => {
      const [step, ...rest] = processes[n] as [Step, ...Step[]];
      const after = [...world];
      apply(after, step);
      const continues = allEnds(without(n, rest), deaths, after);
      const dies = deaths > 0 ? allEnds(without(n, []), deaths - 1, world) : [];
      return [...continues, ...dies];
    }),
  );
};

const exploredEnds = async (processes: Step[][], crashes: number) => {
  const ends = new Set<string>();
  const scene = () => {
    const world = [1, 2, 3];
    const process =
      (steps: Step[]): Process =>
      async (hooks) => {
        for (const step of steps) {
          await hooks.before?.('step', [step]);
          apply(world, step);
          await hooks.after?.('step', [step], world[step.to]);
        }
      };
    const atRest = () => void ends.add(world.join());
    return { processes: processes.map(process), world: () => world.join(), atRest };
  };
  await explore(scene, { crashes });
  return ends;
};

it('finds every end that any order and any deaths can produce', async () => {
  await fc.assert(
    fc.asyncProperty(programs, fc.nat(2), async (processes, crashes) => {
      expect([...(await exploredEnds(processes, crashes))].sort()).toEqual(
        [...allEnds(processes, crashes)].sort(),
      );
    }),
    { numRuns: 60 },
  );
});
