import * as v from 'valibot';
import { Count, readStored, Time } from '../ledger/read-stored.ts';
import type { CircuitScope, GateRow } from './gate.ts';
import { tokenTroubles } from './token-trouble.ts';

export const StoredGate = v.object({
  scope: v.custom<CircuitScope>(
    (value) => typeof value === 'string' && /^(all|brand\/\d+|feed\/.+)$/.test(value),
  ),
  by: v.picklist(['machine', 'person']),
  reason: v.picklist(['throttled', ...tokenTroubles, 'forbidden', 'outage', 'person']),
  closedUntil: v.nullable(Time),
  closedAt: Time,
  halfOpen: v.boolean(),
  failures: Count,
  rev: Count,
});
export type StoredGate = v.InferOutput<typeof StoredGate>;

/** Throws permanent `gate.corrupt-row`. */
export const parseGateRow: (name: string, stored: unknown) => GateRow = readStored(
  StoredGate,
  'gate.corrupt-row',
  'Gate row',
);
