import { type BackOff, backOffMs } from '../core/backoff.ts';
import { AppError } from '../core/errors.ts';
import type { Clock, Invocation } from '../core/ports.ts';

type Deps = { clock: Clock; random: () => number; sleep: (ms: number) => Promise<void> };

const retryDelaysMs = { firstMs: 200, maxMs: 5_000, jitter: 'half' } as const satisfies BackOff;
/** Time reserved for the invocation's last log lines. */
const marginMs = 2_000;

/** Only temporary errors: an invalid write stays invalid, and a bug of ours is not the store's. */
const mayPass = (error: unknown) => error instanceof AppError && error.kind !== 'permanent';

/**
 * Repeats a write of a known outcome until it succeeds, with growing pauses, until the lease or the invocation ends;
 * then throws the last error. A missing permission counts as temporary, because policies take a moment to propagate.
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
      const pauseMs = backOffMs(tries, retryDelaysMs, random());
      const leftMs = Math.min(leaseUntil - clock(), invocation.remainingMs() - marginMs);
      if (!mayPass(error) || pauseMs >= leftMs) throw error;
      await sleep(pauseMs);
    }
  }
};
