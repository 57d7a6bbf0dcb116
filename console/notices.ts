import { randomUUID } from 'node:crypto';

/** What was done, for the page that is shown after it. `bad`: it was not done. */
export type Notice = { words: string; bad: boolean };

export type Notices = {
  /** Keeps a notice; answers the name by which the next page gets it. */
  keep: (notice: Notice) => string;
  /** Once. The words come from here and not from an address, so that no link can make the page say anything. */
  take: (name: string | null) => Notice | null;
};

const most = 100;

/** The last notices, in memory. */
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
