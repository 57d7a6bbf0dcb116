import { setTimeout as pause } from 'node:timers/promises';

const closeMs = 5_000;

/** Closes; once `fault` has rejected for at most five seconds, since what failed may never be closed in order. */
export const closeDespite = async (fault: Promise<never>, close: () => Promise<void>): Promise<void> => {
  await Promise.race([close(), fault.catch(() => pause(closeMs))]);
};

/**
 * Rejects with the first error that was thrown where nobody waits for it, as an emulator does whose disk is full, so
 * that what is open is closed in order. What is thrown while that is done changes nothing any more.
 */
export const firstUncaught = (): Promise<never> => {
  const { promise, reject } = Promise.withResolvers<never>();
  process.on('uncaughtException', reject);
  promise.catch(() => {}); // heard by whoever races it
  return promise;
};
