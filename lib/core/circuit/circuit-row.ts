import * as v from 'valibot';
import { Count, readStored, Time } from '../read-stored.ts';
import { tokenProblems } from './token-problem.ts';

/** `all`, `brand/144` or `feed/newsroom`. */
export type CircuitScope = 'all' | `brand/${number}` | `feed/${string}`;

const isScope = (value: unknown): boolean =>
  typeof value === 'string' && /^(all|brand\/\d+|feed\/.+)$/.test(value);

/**
 * An open circuit: nothing in its scope is posted. A person's pause is a row of its own (`by: 'person'`), which no
 * machine removes.
 */
const CircuitRow = v.object({
  scope: v.custom<CircuitScope>(isScope),
  by: v.picklist(['machine', 'person']),
  /** Why it is open. `throttled` alone closes by itself, when its time is over. */
  reason: v.picklist(['throttled', ...tokenProblems, 'forbidden', 'outage', 'person']),
  /** Epoch milliseconds; null: until a person resumes it. */
  openUntil: v.nullable(Time),
  /** When posting stopped; it stays while tries fail, whatever their reasons. */
  openedAt: Time,
  /** When it was last tried, or opened; null for a pause. */
  triedAt: v.nullable(Time),
  /** One row has been let through to try it; its outcome decides. */
  halfOpen: v.boolean(),
  /** How often in a row it was opened again for the same reason: the back-off doubles by it. */
  failures: Count,
  /** Row version, counted up by each write. */
  rev: Count,
});
export type CircuitRow = v.InferOutput<typeof CircuitRow>;
export type CircuitReason = CircuitRow['reason'];

/** A stored circuit. Throws permanent `circuit.corrupt-row`. */
export const parseCircuitRow: (name: string, stored: unknown) => CircuitRow = readStored(
  CircuitRow,
  'circuit.corrupt-row',
  'Circuit',
);
