import type { Stack } from './stack.ts';

/** The event that starts `pollFeeds`: from the clock, or with feeds named manually. */
export type PollEvent = { scheduledTime: string } | { feeds: string[] };

export const tickNow = (): PollEvent => ({ scheduledTime: new Date().toISOString() });

/** Runs `pollFeeds`, waits until everything it caused is done, and sends alerts. Failures are reported, not thrown. */
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
  await sendAlerts(functions, following);
}

/**
 * Runs sendAlerts like its schedule on AWS; last, so that it sees what has just happened. Failures are reported, not
 * thrown.
 */
async function sendAlerts(functions: Stack['functions'], following: Stack['following']): Promise<void> {
  try {
    await functions.call('sendAlerts', {});
  } catch (error) {
    following.onFault({ fn: 'sendAlerts', messages: 0, error: error as Error });
  }
}
