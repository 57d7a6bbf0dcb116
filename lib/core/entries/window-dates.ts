import { dayOf, type Facts } from './identity/facts.ts';

/** How far the dates in a window can be trusted: a site may write days, its build time, or one constant. */

const dayMs = 86_400_000;
const leastDates = 3;

const allDated = (facts: readonly Facts[]): boolean => facts.every(({ date }) => date !== null);
const different = (values: readonly unknown[]): number => new Set(values).size;
const timeOfDay = ({ date }: Facts): number => (date ?? 0) % dayMs;

/** At least three dates with one time of day that are not all equal: the time of day is meaningless. */
export const areDays = (facts: readonly Facts[]): boolean =>
  facts.length >= leastDates &&
  allDated(facts) &&
  different(facts.map(timeOfDay)) === 1 &&
  different(facts.map(({ date }) => date)) > 1;

/** At least three entries, and all of them, have the same minute: a build time or a constant. */
export const areOneMinute = (facts: readonly Facts[]): boolean =>
  facts.length >= leastDates &&
  allDated(facts) &&
  !facts[0]?.dayOnly &&
  different(facts.map(({ date }) => date)) === 1;

/** More than half of the known ones, and at least two, have another day than before: the dates are build times. */
export const haveMoved = (pairs: readonly (readonly [now: Facts, before: Facts])[]): boolean => {
  const dated = pairs.flatMap(([now, before]) =>
    now.date === null || before.date === null ? [] : [[now.date, before.date] as const],
  );
  const moved = dated.filter(([now, before]) => dayOf(now) !== dayOf(before));
  return dated.length > 1 && moved.length > dated.length / 2;
};
