import { freshPace, nextTurn, type Pace, rateOf, slowedBy } from '../core/circuit/rate-limiter.ts';
import type { AcquireTurn, Clock, UpdateRate } from '../core/ports.ts';

type TurnsOptions = {
  /** Requests per minute for all workers together. */
  perMinute: number;
  /** The number of workers: the queue's MaximumConcurrency. */
  workers: number;
  /** The time an invocation needs after its turn: claim, POST and settling. */
  reserveMs: number;
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
};

/**
 * This worker's turns. `acquireTurn` reserves the next one at once and sleeps until it comes; a turn that would come
 * too late for the invocation is not reserved. `updateRate` adjusts by a response's headers: a smaller limit is
 * adopted, a larger one is not.
 */
export const turns = (options: TurnsOptions): { acquireTurn: AcquireTurn; updateRate: UpdateRate } => {
  const { perMinute, workers, reserveMs, clock, sleep } = options;
  let pace: Pace = freshPace;
  let rate = rateOf(perMinute, workers);

  // The limit may run out while a caller sleeps, so it is checked again afterwards.
  const exhausted = (now: number) =>
    pace.slow !== null && pace.slow.everyMs === Number.POSITIVE_INFINITY && now < pace.slow.until;

  const acquireTurn: AcquireTurn = async (invocation) => {
    do {
      const now = clock();
      const turn = nextTurn(pace, rate, now);
      const waitMs = turn.at - now;
      if (waitMs > invocation.remainingMs() - reserveMs) return false;
      pace = turn.pace;
      if (waitMs > 0) await sleep(waitMs);
    } while (exhausted(clock()));
    return true;
  };

  const updateRate: UpdateRate = (news) => {
    if (!news) return;
    rate = rateOf(Math.min(perMinute, news.limit), workers);
    pace = slowedBy(pace, news, workers, clock());
  };

  return { acquireTurn, updateRate };
};
