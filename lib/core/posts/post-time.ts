import type { FeedConfig } from '../config/config.ts';
import { leadMs } from '../dash/timing.ts';
import { readLocal, slotsAfter } from '../editorial/calendar.ts';
import { readDate } from '../text/read-date.ts';

const readTime = (text: string, timezone: string): number | null => {
  const local = readLocal(text, timezone);
  if (local !== null) return local;
  const date = readDate(text);
  return date === null ? null : Date.parse(date);
};

/**
 * The time set in a post as far as it is known before sending: the result of `at`'s template, in the feed's time zone
 * if it has none; otherwise, and only if `now` is known, the first slot or a delay from now. This does not reserve the
 * slot, which happens when the post is sent. Null: none. Throws Liquid's errors.
 */
export const postTime = (
  { editorial: { at }, publish, timezone }: FeedConfig,
  now: number,
  render: (template: string) => string,
): number | { fault: string } | null => {
  if (at === null || publish === 'now') return null;
  if (at.kind === 'template') {
    const text = render(at.template).trim();
    if (text === '') return null;
    const time = readTime(text, timezone);
    return time ?? { fault: `at renders "${text.slice(0, 60)}", which is not a date: correct its template` };
  }
  if (now === 0) return null;
  if (at.kind === 'after') return Math.ceil((now + at.ms) / 60_000) * 60_000;
  return slotsAfter(now + leadMs, at.slots, timezone, 7).next().value ?? null;
};
