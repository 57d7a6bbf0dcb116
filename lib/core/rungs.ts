const HOUR = 3_600_000;

/** Each rung is this much slower than the one below: coarse enough to hold still, at less than 1 % of delay lost. */
export const RUNG_STEP = 1.2;
/** How far, in rungs, an interval must be off before a feed changes its rung. */
const HYSTERESIS = 0.7;

/** Milliseconds between two polls on a rung; rung 0 is an hour, lower ones are faster. */
export const rungMs = (rung: number): number => Math.round(HOUR * RUNG_STEP ** rung);

const height = (intervalMs: number): number => Math.log(intervalMs / HOUR) / Math.log(RUNG_STEP);

/** Rounding in `rungMs` must not push an interval that is a rung's own to the next. */
const EPSILON = 1e-6;

/** The slowest and the fastest rung within bounds; where there is none between them, the one that is slow enough. */
const within = (rung: number, minMs: number, maxMs: number): number =>
  Math.max(Math.min(rung, Math.floor(height(maxMs) + EPSILON)), Math.ceil(height(minMs) - EPSILON)) + 0; // no -0

/** What is known of a feed when the fleet is planned; `rung` is null before its first plan. */
export type Climber = {
  rung: number | null;
  /** Expected entries a day. */
  perDay: number;
  /** What its server and document ask for at least, in milliseconds; 0 when they ask for nothing. */
  floorMs: number;
};

/** Polls in all: one per feed and `meanMs` on average; no feed more often than `minMs` nor, if its server allows, less than `maxMs`. */
export type Budget = { meanMs: number; minMs: number; maxMs: number };

/** The rung for an ideal interval: the one it has if that is near enough, else the nearest. */
const climb = ({ rung, floorMs }: Climber, idealMs: number, { minMs, maxMs }: Budget): number => {
  const ideal = height(idealMs);
  const next = rung !== null && Math.abs(ideal - rung) <= HYSTERESIS ? rung : Math.round(ideal);
  return within(next, Math.max(minMs, floorMs), maxMs);
};

/** Frequency in proportion to the root of the rate: `stretch` is the interval of a feed with one entry a day. */
const rungsFor = (climbers: readonly Climber[], stretchMs: number, budget: Budget): number[] =>
  climbers.map((climber) => climb(climber, stretchMs / Math.sqrt(climber.perDay), budget));

const pollsPerMs = (rungs: readonly number[]): number =>
  rungs.reduce((sum, rung) => sum + 1 / rungMs(rung), 0);

/** Halvings until the stretch is known to a fraction of a rung, from a second to a century. */
const HALVINGS = 50;
const STRETCHES = { least: 1_000, most: 100 * 365 * 24 * HOUR };

const closer = (wanted: number, a: number[], b: number[]): number[] =>
  Math.abs(pollsPerMs(a) - wanted) <= Math.abs(pollsPerMs(b) - wanted) ? a : b;

/**
 * A rung for each feed, so that all together keep to the budget and entries wait as little as they can: the sum of
 * delays Σ λ / 2f under Σ f = N is least where f ∝ √λ (by Lagrange). Polling all alike, or in proportion to their rates,
 * are both worse, and equal to each other. The multiplier is sought with rungs, bounds and hysteresis in
 * place, so they cost no budget: the total grows with it in steps, and the nearest step is taken.
 */
export const planRungs = (climbers: readonly Climber[], budget: Budget): number[] => {
  const wanted = climbers.length / budget.meanMs;
  let { least, most } = STRETCHES;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = Math.sqrt(least * most);
    if (pollsPerMs(rungsFor(climbers, middle, budget)) > wanted) least = middle;
    else most = middle;
  }
  return closer(wanted, rungsFor(climbers, most, budget), rungsFor(climbers, least, budget));
};
