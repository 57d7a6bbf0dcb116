import { setTimeout as pause } from 'node:timers/promises';
import type { Publisher } from './demo/publisher.ts';
import { type PollEvent, pollAndSettle, tickNow } from './poll-and-settle.ts';
import type { Stack } from './stack.ts';

/** The interval in serverless.yml. */
const tickMs = 60_000;

type LiveOptions = {
  signal: AbortSignal;
  /** Called whenever everything caused by a poll is done. */
  onIdle: () => Promise<void>;
  /** How often the demo publishes a story. */
  publishEveryMs?: number;
};

/** Runs until the signal: a tick now and at every full minute, and in the demo a new story at intervals. */
export async function runLive(
  stack: Stack,
  { signal, onIdle, publishEveryMs = 20_000 }: LiveOptions,
): Promise<void> {
  const quit = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const poll = async (event: PollEvent) => {
    const done = pollAndSettle(stack, event).then(() => (signal.aborted ? undefined : onIdle()));
    await Promise.race([done, quit]);
  };

  // The demo polls a feed when it publishes, so that no one has to wait for the next poll.
  const publish = async (publisher: Publisher) => {
    while (await passed(publishEveryMs, signal)) await poll({ feeds: [publisher.publish().feed] });
  };

  await poll(tickNow());
  await Promise.all([tick(poll, signal), stack.publisher && publish(stack.publisher)]);
}

type Poll = (event: PollEvent) => Promise<void>;

async function tick(poll: Poll, signal: AbortSignal): Promise<void> {
  while (await passed(tickMs - (Date.now() % tickMs), signal)) await poll(tickNow());
}

/** True when the time has passed, false if the signal came first. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, true, { signal }).catch(() => false);
