import { dayOf, type Facts } from './identity/facts.ts';

/** What the dates of one window are worth: a site may print a day, the time of its build, or one constant. */

const dayMs = 86_400_000;
const leastDates = 3;

const allDated = (facts: readonly Facts[]): boolean => facts.every(({ date }) => date !== null);
const different = (values: readonly unknown[]): number => new Set(values).size;
const timeOfDay = ({ date }: Facts): number => (date ?? 0) % dayMs;

/** Three dates or more that have one time of day, and are not all one: the time of day is none. */
export const areDays = (facts: readonly Facts[]): boolean =>
  facts.length >= leastDates &&
  allDated(facts) &&
  different(facts.map(timeOfDay)) === 1 &&
  different(facts.map(({ date }) => date)) > 1;

/** Three entries or more, and all of them, have one minute: the time of a build, or a constant. */
export const areOneMinute = (facts: readonly Facts[]): boolean =>
  facts.length >= leastDates &&
  allDated(facts) &&
  !facts[0]?.dayOnly &&
  different(facts.map(({ date }) => date)) === 1;

/** More than half of the known ones, and two at least, have another day than before: dates of builds. */
export const haveMoved = (pairs: readonly (readonly [now: Facts, before: Facts])[]): boolean => {
  const dated = pairs.flatMap(([now, before]) =>
    now.date === null || before.date === null ? [] : [[now.date, before.date] as const],
  );
  const moved = dated.filter(([now, before]) => dayOf(now) !== dayOf(before));
  return dated.length > 1 && moved.length > dated.length / 2;
};
