import type { Stack } from './stack.ts';

/** What starts `pollFeeds`: the clock, or somebody who names feeds. */
export type PollEvent = { scheduledTime: string } | { feeds: string[] };

export const tickNow = (): PollEvent => ({ scheduledTime: new Date().toISOString() });

/** Runs `pollFeeds`, waits until all that it caused is done, and has alerts told. A failure of it is told, not thrown. */
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

/** What its schedule does on AWS; last, so that it sees what has just happened. A failure is told, not thrown. */
async function sendAlerts(functions: Stack['functions'], following: Stack['following']): Promise<void> {
  try {
    await functions.call('sendAlerts', {});
  } catch (error) {
    following.onFault({ fn: 'sendAlerts', messages: 0, error: error as Error });
  }
}
