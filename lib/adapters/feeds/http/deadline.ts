import { retryable } from '../../../core/errors.ts';

/** Ends an exchange, with a reason that says what was waited for in vain, when any of its waits runs out. */
export type Deadline = {
  signal: AbortSignal;
  /** Starts a wait for something that `host` is to do; the function it returns ends it. */
  waitFor: (host: string, what: string, ms: number) => () => void;
  /** Passes an error on, or what the patience ran out of if that was its cause. */
  reasonFor: (error: unknown) => unknown;
  /** Hangs up whatever is still open. */
  hangUp: () => void;
  /** The exchange is over, and nothing is waited for any more. */
  end: () => void;
};

/** Patience that lasts for `totalMs`, whatever the parts of an exchange that began at `host` take. */
export const deadlineFor = (host: string, totalMs: number): Deadline => {
  const controller = new AbortController();
  const timers = new Set<NodeJS.Timeout>();

  const waitFor: Deadline['waitFor'] = (whom, what, ms) => {
    const giveUp = () =>
      controller.abort(retryable('feed.timeout', `${whom} took more than ${ms} ms ${what}`));
    const timer = setTimeout(giveUp, ms);
    timers.add(timer);
    return () => clearTimeout(timer);
  };

  waitFor(host, 'in all', totalMs);
  return {
    signal: controller.signal,
    waitFor,
    reasonFor: (error) => (controller.signal.aborted ? controller.signal.reason : error),
    hangUp: () => controller.abort(),
    end: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
