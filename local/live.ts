import { setTimeout as pause } from 'node:timers/promises';
import type { Publisher } from './demo/publisher.ts';
import type { Following } from './follow.ts';
import type { Stack } from './stack.ts';

/** What the schedule of serverless.yml says. */
const tickMs = 60_000;
const publishMs = 20_000;

/** Runs until the signal: a tick now and at each full minute, in the demo a new story every 20 s. Never throws. */
export async function runLive(
  stack: Stack,
  following: Following,
  { signal, onSettled }: { signal: AbortSignal; onSettled: () => Promise<void> },
): Promise<void> {
  const poll = async (event: object) => {
    try {
      await stack.functions.call('pollFeeds', event);
    } catch (error) {
      if (!signal.aborted) following.onFault({ fn: 'pollFeeds', messages: 0, error: error as Error });
    }
  };

  await poll({ scheduledTime: new Date().toISOString() });
  await stack.pump.untilIdle();
  await onSettled();
  await Promise.all([tick(poll, signal), stack.publisher && publish(stack.publisher, poll, signal)]);
}

type Poll = (event: object) => Promise<void>;

async function tick(poll: Poll, signal: AbortSignal): Promise<void> {
  while (await passed(tickMs - (Date.now() % tickMs), signal)) {
    await poll({ scheduledTime: new Date().toISOString() });
  }
}

/** The demo's publisher rings when it has something new, so that nobody has to wait for the next poll to see it. */
async function publish(publisher: Publisher, poll: Poll, signal: AbortSignal): Promise<void> {
  while (await passed(publishMs, signal)) {
    const { feed } = publisher.publish();
    await poll({ feeds: [feed] });
  }
}

/** True when the time has passed, false when the signal came first. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, true, { signal }).catch(() => false);
