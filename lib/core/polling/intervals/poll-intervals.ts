const HOUR = 3_600_000;

/** Each step is this much slower than the one below: coarse enough to hold still, at less than 1 % of delay lost. */
export const STEP_FACTOR = 1.2;
/** How far, in steps, an interval must be off before a feed changes its step. */
const HYSTERESIS = 0.7;

/** Milliseconds between two polls on a step; step 0 is an hour, lower ones are faster. */
export const stepMs = (step: number): number => Math.round(HOUR * STEP_FACTOR ** step);

/** The step, and fraction of one, that an interval stands at. */
const height = (intervalMs: number): number => Math.log(intervalMs / HOUR) / Math.log(STEP_FACTOR);

/** What is known of a feed when the fleet is planned; `step` is null before its first plan. */
export type FeedRate = {
  step: number | null;
  /** Expected entries a day. */
  perDay: number;
  /** What its server and document ask for at least, in milliseconds; 0 when they ask for nothing. */
  floorMs: number;
  /** No more than this between two polls of it, unless its floor is higher. */
  ceilingMs?: number;
};

/** Polls in all: one per feed and `meanMs` on average; no feed more often than `minMs` nor, if its server allows, less than `maxMs`. */
export type Budget = { meanMs: number; minMs: number; maxMs: number };

/** A feed with all that does not change while the multiplier is sought. */
type Placed = { step: number | null; above: number; lowest: number; highest: number };

/** Rounding in `rungMs` must not push an interval that is a step's own to the next. */
const EPSILON = 1e-6;

/** `above`: steps between this feed and one with an entry a day, by the square-root rule. */
const place = (
  { step, perDay, floorMs, ceilingMs = Number.POSITIVE_INFINITY }: FeedRate,
  { minMs, maxMs }: Budget,
): Placed => ({
  step,
  above: -0.5 * (Math.log(perDay) / Math.log(STEP_FACTOR)),
  lowest: Math.ceil(height(Math.max(minMs, floorMs)) - EPSILON),
  highest: Math.floor(height(Math.min(maxMs, ceilingMs)) + EPSILON),
});

/** The step it has if that is near enough, else the nearest; within bounds, of which the lower one counts more. */
const stepFor = ({ step, above, lowest, highest }: Placed, base: number): number => {
  const ideal = base + above;
  const next = step !== null && Math.abs(ideal - step) <= HYSTERESIS ? step : Math.round(ideal);
  return Math.max(Math.min(next, highest), lowest) + 0; // never -0
};

const pollsPerMs = (steps: readonly number[]): number =>
  steps.reduce((sum, step) => sum + 1 / stepMs(step), 0);

/** Where the step of a feed with an entry a day is sought, and how often the range is halved. */
const BASES = { lowest: -100, highest: 100, halvings: 30 };

/**
 * A step for each feed, so that all together keep to the budget and entries wait as little as they can: the sum of
 * delays Σ λ / 2f under Σ f = N is least where f ∝ √λ (by Lagrange). Polling all alike, or in proportion to their rates,
 * are both worse, and equal to each other. The multiplier is sought with steps, bounds and hysteresis in
 * place, so they cost no budget: the total falls in steps as all climb, and the nearest step is taken.
 */
export const chooseSteps = (rates: readonly FeedRate[], budget: Budget): number[] => {
  const placed = rates.map((climber) => place(climber, budget));
  const planFor = (base: number) => placed.map((one) => stepFor(one, base));
  const wanted = rates.length / budget.meanMs;

  let { lowest, highest } = BASES;
  for (let halving = 0; halving < BASES.halvings; halving += 1) {
    const middle = (lowest + highest) / 2;
    if (pollsPerMs(planFor(middle)) > wanted) lowest = middle;
    else highest = middle;
  }
  const [over, under] = [planFor(lowest), planFor(highest)];
  return pollsPerMs(over) - wanted < wanted - pollsPerMs(under) ? over : under;
};
