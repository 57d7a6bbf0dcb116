import { randomUUID } from 'node:crypto';

/**
 * The result of an action, shown on the next page. `bad`: it failed. `undo`: the key of the entry that it can be undone
 * for; `sentAt`: in epoch milliseconds, when it is sent, and no longer undone. `next`: the key of the next entry to
 * review.
 */
export type Notice = { words: string; bad: boolean; undo?: string; sentAt?: number; next?: string };

export type Notices = {
  /** Stores a notice and returns the name under which the next page takes it. */
  keep: (notice: Notice) => string;
  /** Returns a notice once. Its text never comes from the address, so a link cannot inject text. */
  take: (name: string | null) => Notice | null;
};

const most = 100;

/** Stores the latest notices in memory. */
export const openNotices = (): Notices => {
  const kept = new Map<string, Notice>();
  return {
    keep: (notice) => {
      const name = randomUUID();
      kept.set(name, notice);
      for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest);
      return name;
    },
    take: (name) => {
      const notice = name === null ? undefined : kept.get(name);
      if (notice && name !== null) kept.delete(name);
      return notice ?? null;
    },
  };
};
