/**
 * Does work side by side, as much of it at once as `room` says by then, but always one; the rest waits, in its order.
 * How it ends is told to who asked for it.
 */
export const adaptiveSemaphore = (room: () => number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = [];
  let busy = 0;
  const begin = () => {
    while (waiting.length > 0 && busy < Math.max(1, room())) {
      busy += 1;
      waiting.shift()?.();
    }
  };

  return async (work) => {
    const { promise: turn, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    begin();
    await turn;
    try {
      return await work();
    } finally {
      busy -= 1;
      begin();
    }
  };
};
