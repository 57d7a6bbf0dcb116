/** What the order of a list and its dates say. All dates are epoch milliseconds. */

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

/** One rise may be a post that was dated back, or a clock that was set. */
const leastRises = 2;

const goesUp = ({ up, down }: { up: number; down: number }): boolean => up > down && up >= leastRises;

/** Whether a list begins with what is newest; null when its dates do not say. */
export const beginsWithNewest = (dates: readonly number[]): boolean | null => {
  const counted = steps(dates);
  if (goesUp(counted)) return false;
  return counted.down > counted.up ? true : null;
};

/** Where a date goes among the ends of runs, which fall: behind all that are not older than it. */
const placeAmong = (ends: readonly number[], dates: readonly number[], date: number): number => {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[ends[middle] as number] as number) >= date) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The last date of the longest run that never rises. */
const endOfLongestFall = (dates: readonly number[]): number => {
  const ends: number[] = []; // ends[n]: where the best run of n + 1 dates ends
  for (const [i, date] of dates.entries()) ends[placeAmong(ends, dates, date)] = i;
  return dates[ends.at(-1) as number] as number;
};

/**
 * The oldest date in a list's own order: what stands out of it, a pinned post, is left aside. A list goes upwards
 * only if its dates rise twice or more. Null when nothing is dated.
 */
export const oldestInOrder = (entries: readonly Dated[]): number | null => {
  const dates = entries.map(({ date }) => date).filter(isDate);
  if (dates.length === 0) return null;
  if (dates.length < 3) return Math.min(...dates);
  return endOfLongestFall(goesUp(steps(dates)) ? dates.toReversed() : dates);
};
