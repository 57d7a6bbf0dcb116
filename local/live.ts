import { setTimeout as pause } from 'node:timers/promises';
import type { Publisher } from './demo/publisher.ts';
import { type PollEvent, pollAndSettle, tickNow } from './poll-and-settle.ts';
import type { Stack } from './stack.ts';

/** What the schedule of serverless.yml says. */
const tickMs = 60_000;

type LiveOptions = {
  signal: AbortSignal;
  /** Called whenever all that a poll has caused is done. */
  onIdle: () => Promise<void>;
  /** How often the demo has a new story. */
  publishEveryMs?: number;
};

/**
 * Runs until the signal: a tick now and at each full minute, in the demo a new story every so often.
 */
export async function runLive(
  stack: Stack,
  { signal, onIdle, publishEveryMs = 20_000 }: LiveOptions,
): Promise<void> {
  const quit = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const poll = async (event: PollEvent) => {
    const done = pollAndSettle(stack, event).then(() => (signal.aborted ? undefined : onIdle()));
    await Promise.race([done, quit]);
  };

  // The demo rings when it has something new, so that nobody has to wait for the next poll to see it.
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

/** True when the time has passed, false when the signal came first. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, true, { signal }).catch(() => false);
