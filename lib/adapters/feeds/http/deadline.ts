import { retryable } from '../../../core/errors.ts';

/** Aborts an exchange when one of its waits runs out, with a reason that names what was missing. */
export type Deadline = {
  signal: AbortSignal;
  /** Starts a wait for something from `host`; the returned function ends it. */
  waitFor: (host: string, what: string, ms: number) => () => void;
  /** Returns the error, or the timeout if that caused it. */
  reasonFor: (error: unknown) => unknown;
  /** Closes whatever is still open. */
  hangUp: () => void;
  /** The exchange is over, and nothing is awaited anymore. */
  end: () => void;
};

/** A deadline of `totalMs` for an exchange that began at `host`, whatever its parts take. */
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
