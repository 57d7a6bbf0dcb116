/** Infers the order of a list from its dates. All dates are epoch milliseconds. */

type Dated = { date: number | null };

const isDate = (date: number | null): date is number => date !== null;

const steps = (dates: readonly number[]): { up: number; down: number } => {
  let up = 0;
  let down = 0;
  for (const [i, date] of dates.entries()) {
    const before = dates[i - 1];
    if (before === undefined) continue;
    if (date > before) up += 1;
    if (date < before) down += 1;
  }
  return { up, down };
};

/** A single rise may be a back-dated post, or a clock that was set. */
const leastRises = 2;

const goesUp = ({ up, down }: { up: number; down: number }): boolean => up > down && up >= leastRises;

/** Whether a list is newest first; null if its dates do not show it. */
export const beginsWithNewest = (dates: readonly number[]): boolean | null => {
  const counted = steps(dates);
  if (goesUp(counted)) return false;
  return counted.down > counted.up ? true : null;
};

/** The position of a date among the descending run ends: after all that are not older. */
const placeAmong = (ends: readonly number[], dates: readonly number[], date: number): number => {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[ends[middle] as number] as number) >= date) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The last date of the longest non-increasing run. */
const endOfLongestFall = (dates: readonly number[]): number => {
  const ends: number[] = []; // ends[n]: where the best run of n + 1 dates ends
  for (const [i, date] of dates.entries()) ends[placeAmong(ends, dates, date)] = i;
  return dates[ends.at(-1) as number] as number;
};

/**
 * The oldest date in list order, ignoring entries out of order, such as a pinned post. A list counts as ascending only
 * if its dates rise at least twice. Null if nothing is dated.
 */
export const oldestInOrder = (entries: readonly Dated[]): number | null => {
  const dates = entries.map(({ date }) => date).filter(isDate);
  if (dates.length === 0) return null;
  if (dates.length < 3) return Math.min(...dates);
  return endOfLongestFall(goesUp(steps(dates)) ? dates.toReversed() : dates);
};
