import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';
import { tokenProblems } from './token-problem.ts';

/** `all`, `brand/144` or `feed/newsroom`. */
export type CircuitScope = 'all' | `brand/${number}` | `feed/${string}`;

const isScope = (value: unknown): boolean =>
  typeof value === 'string' && /^(all|brand\/\d+|feed\/.+)$/.test(value);

/**
 * An open circuit: nothing in its scope is posted. A manual pause is a separate row (`by: 'person'`), which is only
 * removed manually.
 */
const CircuitRow = v.object({
  scope: v.custom<CircuitScope>(isScope),
  by: v.picklist(['machine', 'person']),
  /** Why it is open. Only `throttled` closes by itself, when its time is over. */
  reason: v.picklist(['throttled', ...tokenProblems, 'forbidden', 'outage', 'person']),
  /** Who paused it, as entry histories name people; missing if that was not recorded. */
  person: v.exactOptional(v.string()),
  /** The last response or failure of an outage, in a few words. */
  lastError: v.exactOptional(v.string()),
  /** Epoch milliseconds; null: until it is resumed manually. */
  openUntil: v.nullable(Time),
  /** When posting stopped. Unsuccessful probes do not change it, whatever their reasons. */
  openedAt: Time,
  /** When it was last probed or opened; null for a pause. */
  triedAt: v.nullable(Time),
  /** One row is probing it; its outcome decides. */
  halfOpen: v.boolean(),
  /** How many consecutive times it was opened for the same reason; the back-off doubles with each. */
  failures: Count,
  /** Row version, incremented by each write. */
  rev: Count,
});
export type CircuitRow = v.InferOutput<typeof CircuitRow>;
export type CircuitReason = CircuitRow['reason'];

/** Parses a stored circuit. Throws permanent `circuit.corrupt-row`. */
export const parseCircuitRow: (name: string, stored: unknown) => CircuitRow = readStored(
  CircuitRow,
  'circuit.corrupt-row',
  'Circuit',
);
