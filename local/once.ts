import type { RunResult } from './run-record.ts';
import type { Stack } from './stack.ts';

/**
 * Polls every feed that is not paused, once and whatever its interval, and works until nothing is due now. What
 * waits for a later moment (a back-off, a full rate, a closed gate) waits on.
 */
export async function runOnce({ functions, pump, config, following }: Stack): Promise<RunResult> {
  await functions.call('pollFeeds', { scheduledTime: new Date().toISOString() }); // wakes what waits, too
  await pump.untilIdle();

  const paused = new Set(config.feeds.filter((feed) => feed.paused).map(({ id }) => id));
  const feeds = following.missing().filter((id) => !paused.has(id));
  if (feeds.length > 0) await functions.call('pollFeeds', { feeds });
  await pump.untilIdle();
  return following.result();
}
