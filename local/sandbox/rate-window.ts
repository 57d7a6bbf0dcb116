export type RateState = { limit: number; remaining: number; resetAt: number; exceeded: boolean };

const windowMs = 60_000;

/** Counts requests in fixed one-minute windows, as the API's headers describe them. */
export const rateWindow = (limit: number, clock: () => number) => {
  let resetAt = 0;
  let used = 0;

  return (): RateState => {
    const now = clock();
    if (now >= resetAt || resetAt - now > windowMs) {
      resetAt = (Math.floor(now / windowMs) + 1) * windowMs;
      used = 0;
    }
    const exceeded = used >= limit;
    if (!exceeded) used += 1;
    return { limit, remaining: limit - used, resetAt, exceeded };
  };
};
