const HOUR = 3_600_000;

/**
 * Each step is this much slower than the one below: coarse enough to be stable, at a cost of less than 1 % in delay.
 */
export const STEP_FACTOR = 1.2;
/** How far, in steps, an interval must be off before a feed changes its step. */
const HYSTERESIS = 0.7;

/** Milliseconds between two polls on a step; step 0 is an hour, lower ones are faster. */
export const stepMs = (step: number): number => Math.round(HOUR * STEP_FACTOR ** step);

/** The position of an interval on the scale of steps, with a fraction. */
const height = (intervalMs: number): number => Math.log(intervalMs / HOUR) / Math.log(STEP_FACTOR);

/** What is known about a feed when the fleet is planned; `step` is null before its first plan. */
export type FeedRate = {
  step: number | null;
  /** Expected entries per day. */
  perDay: number;
  /** The minimum required by its server and document, in milliseconds; 0 if there is none. */
  floorMs: number;
  /** The longest interval, unless its floor is higher. */
  ceilingMs?: number;
};

/**
 * The budget of polls: one per feed and `meanMs` on average; no feed more often than `minMs` or, if its server allows,
 * less often than `maxMs`.
 */
export type Budget = { meanMs: number; minMs: number; maxMs: number };

/** The values of a feed that stay constant while the multiplier is searched. */
type Placed = { step: number | null; above: number; lowest: number; highest: number };

/** Rounding in `stepMs` must not move an interval that equals a step to the next. */
const EPSILON = 1e-6;

/** `above`: steps between this feed and one with an entry per day, by the square-root rule. */
const place = (
  { step, perDay, floorMs, ceilingMs = Number.POSITIVE_INFINITY }: FeedRate,
  { minMs, maxMs }: Budget,
): Placed => ({
  step,
  above: -0.5 * (Math.log(perDay) / Math.log(STEP_FACTOR)),
  lowest: Math.ceil(height(Math.max(minMs, floorMs)) - EPSILON),
  highest: Math.floor(height(Math.min(maxMs, ceilingMs)) + EPSILON),
});

/**
 * Its current step if that is close enough, otherwise the nearest; within bounds, of which the lower takes precedence.
 */
const stepFor = ({ step, above, lowest, highest }: Placed, base: number): number => {
  const ideal = base + above;
  const next = step !== null && Math.abs(ideal - step) <= HYSTERESIS ? step : Math.round(ideal);
  return Math.max(Math.min(next, highest), lowest) + 0; // never -0
};

const pollsPerMs = (steps: readonly number[]): number =>
  steps.reduce((sum, step) => sum + 1 / stepMs(step), 0);

/** The range in which the step of a feed with an entry per day is searched, and the number of bisections. */
const BASES = { lowest: -100, highest: 100, halvings: 30 };

/**
 * Chooses a step for each feed so that all together keep the budget and entries wait as little as possible: the sum of
 * delays Σ λ / 2f under Σ f = N is smallest for f ∝ √λ (by Lagrange). Equal intervals and intervals proportional to the
 * rates are both worse, and equal to each other. The multiplier is searched with steps, bounds and hysteresis applied,
 * so they cost no budget: the total falls in steps as all climb, and the nearest is taken.
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
