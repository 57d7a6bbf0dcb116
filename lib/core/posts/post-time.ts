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
 * The time that a post carries as far as it can be told before it is sent: what the template of `at` gives, which
 * is by the feed's clock where it names no zone; else, and only where `now` is known, the first slot or a while from
 * now. The slot is not taken by this: that is done when the post is sent. Null: none. Throws Liquid's errors.
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
    return time ?? { fault: `at renders to "${text.slice(0, 60)}", which is no date: correct its template` };
  }
  if (now === 0) return null;
  if (at.kind === 'after') return Math.ceil((now + at.ms) / 60_000) * 60_000;
  return slotsAfter(now + leadMs, at.slots, timezone, 7).next().value ?? null;
};
