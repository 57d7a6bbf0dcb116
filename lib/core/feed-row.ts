/** Validators exactly as the server gave them, byte for byte. */
export type Validators = { etag: string | null; lastModified: string | null };

/** What went wrong with a feed, since when, and how often in a row. Times are epoch milliseconds. */
export type FeedTrouble = {
  code: string;
  message: string;
  since: number;
  failures: number;
  lastAt: number;
  nextAt: number;
};

/** How the entries of one ingest came out. `seen` is the sum of the other five when all were settled. */
export type Counts = {
  seen: number;
  known: number;
  baselined: number;
  filtered: number;
  held: number;
  queued: number;
};

/** All that is known of one feed; saved last in an ingest, over the version it was judged from. */
export type FeedRow = {
  id: string;
  /** Row version, counted up by each save. */
  rev: number;
  /** The address the digest was made from. */
  url: string;
  validators: Validators;
  bodyHash: string | null;
  /** Null until the first poll has ended. */
  digest: Uint8Array | null;
  /** The latest date of an entry known so far, epoch milliseconds. */
  newest: number | null;
  counts: Counts | null;
  changedAt: number | null;
  trouble: FeedTrouble | null;
};

/** What the tick knows of a feed: it lives in a compact shard, one among about forty. */
export type ScheduleSlot = {
  /** Not before, epoch milliseconds; 0 when it may always be polled. */
  notBefore: number;
  /** The server said 410: it is polled no more until its address changes. */
  goneUrl?: string;
};

/** Written once a tick, after everything it found due was sent. */
export type TickRow = { rev: number; lastTick: number; brands: number[] };
