type Closable = { close: () => unknown };

/** Tracks open resources, and closes them in reverse order. */
export type Closers = {
  keep: <T extends Closable>(thing: T) => T;
  /** Closes everything, even after failures, and throws the first one at the end. Nothing is closed twice. */
  closeAll: () => Promise<void>;
};

export function closers(): Closers {
  const open: Closable[] = [];
  return {
    keep: (thing) => {
      open.push(thing);
      return thing;
    },
    closeAll: async () => {
      const failures: unknown[] = [];
      for (let thing = open.pop(); thing; thing = open.pop()) {
        try {
          await thing.close();
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
