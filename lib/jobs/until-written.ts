import { type BackOff, backOffMs } from '../core/backoff.ts';
import { AppError } from '../core/errors.ts';
import type { Clock, Invocation } from '../core/ports.ts';

type Deps = { clock: Clock; random: () => number; sleep: (ms: number) => Promise<void> };

const pauses = { firstMs: 200, mostMs: 5_000, jitter: 'half' } as const satisfies BackOff;
/** Left of the invocation for its last log lines. */
const marginMs = 2_000;

/** Only what may pass: a write that is wrong stays wrong, and a bug of ours is none of the store's. */
const mayPass = (error: unknown) => error instanceof AppError && error.kind !== 'permanent';

/**
 * Repeats a write of what is known already until it succeeds, with growing pauses, as long as the lease and the
 * invocation last; then throws what the last try threw. A missing right counts as passing, too: policies take a
 * moment to spread.
 */
export const untilWritten = async (
  { clock, random, sleep }: Deps,
  write: () => Promise<void>,
  { leaseUntil }: { leaseUntil: number },
  invocation: Invocation,
): Promise<void> => {
  for (let tries = 0; ; tries++) {
    try {
      return await write();
    } catch (error) {
      const pauseMs = backOffMs(tries, pauses, random());
      const leftMs = Math.min(leaseUntil - clock(), invocation.remainingMs() - marginMs);
      if (!mayPass(error) || pauseMs >= leftMs) throw error;
      await sleep(pauseMs);
    }
  }
};
