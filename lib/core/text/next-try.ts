import { formatDuration } from './format-time.ts';

const minuteMs = 60_000;
/** A tick runs every minute, and a worker that it wakes may need most of another. */
const tickAndWorkMs = 105_000;
/** The delay does not matter for times further ahead than this. */
const soonMs = 10 * minuteMs;

/** When something due at `at` is tried, as a sentence that includes the tick that has to do it. */
export const nextTryText = (at: number, now: number): string => {
  if (at <= now) return 'It is due, and tried within a minute or two.';
  const left = at - now;
  return left < soonMs
    ? `Next try within ${Math.ceil((left + tickAndWorkMs) / minuteMs)} min.`
    : `Next try in ${formatDuration(left)}.`;
};
