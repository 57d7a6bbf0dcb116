import type { Hooks } from '../support/fake-stores.ts';
import type { Random } from './random.ts';

/** The process has ended; its later calls have no effect. */
class Crash extends Error {}

const isWrite = (name: string) => /\.(insert|replace|save|put|set|send|remove|transact|write)/i.test(name);

/** This share of jobs crashes, at one of the first writes. */
const share = 0.3;
const writesAtMost = 8;

/**
 * Jobs that crash before or after a write and are run again, as by the queue: `hooks` for the stores,
 * `survive` around each job. Without a random source, nothing crashes.
 */
export const mortality = (luck: Random | null) => {
  const life = { dead: false, deaths: 0, writesLeft: Number.POSITIVE_INFINITY, side: 'before' };
  const dieAt = (side: 'before' | 'after', name: string): void => {
    if (life.dead) throw new Crash();
    if (!isWrite(name) || side !== life.side) return;
    life.writesLeft -= 1;
    if (life.writesLeft > 0) return;
    life.dead = true;
    life.deaths += 1;
    throw new Crash();
  };
  const decide = () => {
    const dies = luck !== null && luck() < share;
    life.writesLeft = dies && luck ? 1 + Math.floor(luck() * writesAtMost) : Number.POSITIVE_INFINITY;
    life.side = luck !== null && luck() < 0.5 ? 'before' : 'after';
  };
  const survive = async (job: () => Promise<unknown>): Promise<void> => {
    decide();
    try {
      await job();
    } catch (error) {
      if (!life.dead) throw error;
    }
    life.writesLeft = Number.POSITIVE_INFINITY;
    if (!life.dead) return;
    life.dead = false; // even if the job swallowed the error: a crashed process does not continue
    await job();
  };
  const hooks: Hooks = { before: (name) => dieAt('before', name), after: (name) => dieAt('after', name) };
  return { hooks, survive, deaths: () => life.deaths };
};
