/**
 * Runs tasks concurrently, as many as `room` returns at that time, but at least one; the others wait in order. Each
 * call resolves or rejects with its own task.
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
