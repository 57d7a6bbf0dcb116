import { setTimeout as pause } from 'node:timers/promises';

const closeMs = 5_000;

/** Closes everything; after `fault` has rejected for at most five seconds, because the failed part may never close. */
export const closeDespite = async (fault: Promise<never>, close: () => Promise<void>): Promise<void> => {
  await Promise.race([close(), fault.catch(() => pause(closeMs))]);
};

/**
 * Rejects with the first uncaught error, for example from an emulator whose disk is full, so that everything is
 * closed in order. Later errors are ignored.
 */
export const firstUncaught = (): Promise<never> => {
  const { promise, reject } = Promise.withResolvers<never>();
  process.on('uncaughtException', reject);
  promise.catch(() => {}); // rejections are handled by the race
  return promise;
};
