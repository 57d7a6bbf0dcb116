import { pollAndSettle, tickNow } from './poll-and-settle.ts';
import type { RunResult } from './run-record.ts';
import type { Stack } from './stack.ts';

/**
 * Polls every feed that is not paused, once and whatever its interval, and works until nothing is due. Rows that wait
 * for a later time (a back-off, the rate limit, an open circuit) keep waiting.
 */
export async function runOnce(stack: Stack): Promise<RunResult> {
  await pollAndSettle(stack, tickNow()); // polls due feeds, and wakes waiting rows
  const paused = new Set(stack.config.feeds.filter((feed) => feed.paused).map(({ id }) => id));
  const feeds = stack.following.missing().filter((id) => !paused.has(id));
  if (feeds.length > 0) await pollAndSettle(stack, { feeds });
  return stack.following.result();
}
