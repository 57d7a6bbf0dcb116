import type { Stack } from './stack.ts';

/** What starts `pollFeeds`: the clock, or somebody who names feeds. */
export type PollEvent = { scheduledTime: string } | { feeds: string[] };

export const tickNow = (): PollEvent => ({ scheduledTime: new Date().toISOString() });

/** Runs `pollFeeds` and waits until all that it caused is done. A failure of it is told, not thrown. */
export async function pollAndSettle(
  { functions, pump, following }: Pick<Stack, 'functions' | 'pump' | 'following'>,
  event: PollEvent,
): Promise<void> {
  try {
    await functions.call('pollFeeds', event);
  } catch (error) {
    following.onFault({ fn: 'pollFeeds', messages: 0, error: error as Error });
  }
  await pump.untilIdle();
}
