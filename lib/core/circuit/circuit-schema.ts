import * as v from 'valibot';
import { Count, readStored, Time } from '../ledger/read-stored.ts';
import type { CircuitRow, CircuitScope } from './circuit-breaker.ts';
import { tokenProblems } from './token-problem.ts';

export const StoredCircuit = v.object({
  scope: v.custom<CircuitScope>(
    (value) => typeof value === 'string' && /^(all|brand\/\d+|feed\/.+)$/.test(value),
  ),
  by: v.picklist(['machine', 'person']),
  reason: v.picklist(['throttled', ...tokenProblems, 'forbidden', 'outage', 'person']),
  openUntil: v.nullable(Time),
  openedAt: Time,
  halfOpen: v.boolean(),
  failures: Count,
  rev: Count,
});
export type StoredCircuit = v.InferOutput<typeof StoredCircuit>;

/** Throws permanent `circuit.corrupt-row`. */
export const parseCircuitRow: (name: string, stored: unknown) => CircuitRow = readStored(
  StoredCircuit,
  'circuit.corrupt-row',
  'Gate row',
);
