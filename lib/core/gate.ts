/** `all`, `brand/144` or `feed/newsroom`. */
export type GateScope = 'all' | `brand/${number}` | `feed/${string}`;

/** Why a machine closed it. `throttled` alone opens by itself, when its time is over. */
export type GateReason = 'throttled' | 'unauthorized' | 'forbidden' | 'outage' | 'person';

/**
 * A closed door. A person's closing is a row of its own (`by: 'person'`), which no machine opens.
 * `halfOpen`: the door was tried and one row has been let through; its outcome decides.
 */
export type GateRow = {
  scope: GateScope;
  by: 'machine' | 'person';
  reason: GateReason;
  /** Epoch milliseconds; null: until a person opens it. */
  closedUntil: number | null;
  closedAt: number;
  halfOpen: boolean;
  /** Times in a row that it was closed again for the same reason: what the back-off doubles by. */
  failures: number;
  rev: number;
};
