import { setTimeout as wait } from 'node:timers/promises';

/** A clock that runs `factor` times as fast as the real one since `epoch`, and timers based on it. */
export const fastTime = (factor: number, epoch: number) => {
  const since = performance.timeOrigin + performance.now() - epoch;
  const started = performance.now();
  const real = (ms: number) => ms / factor;
  return {
    clock: () => Math.round(epoch + (since + performance.now() - started) * factor),
    /** Real milliseconds. */
    real,
    sleep: (ms: number): Promise<void> => wait(real(ms)),
  };
};
