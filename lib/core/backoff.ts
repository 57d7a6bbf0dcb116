/** How long to wait between attempts. */
export type BackOff = {
  /** The wait after the first failure, in milliseconds; each further failure in a row doubles it. */
  firstMs: number;
  /** The longest wait. */
  maxMs: number;
  /**
   * How much of a wait is random, so that callers that failed together do not return together. `full`: any wait up to
   * the whole; `half`: at least half of it; `none`: for a single caller.
   */
  jitter: 'full' | 'half' | 'none';
};

const shares = { full: 1, half: 0.5, none: 0 } as const;

/**
 * Milliseconds to wait after a failure that came after `earlier` others in a row: exponential with jitter, a whole
 * number from 1 to `mostMs`. `random` is in [0, 1). `full` and `half` are "full jitter" and "equal jitter" of
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
 */
export const backOffMs = (earlier: number, { firstMs, maxMs, jitter }: BackOff, random: number): number =>
  Math.ceil(Math.min(maxMs, firstMs * 2 ** earlier) * (1 - shares[jitter] * random));
