import type { CircuitRow } from '../circuit/circuit-row.ts';
import { type CircuitEvent, commonFields } from './change-event.ts';

/** A throttled circuit closes by itself, mostly within a minute, and is no event. */
const openOf = (row: CircuitRow | null): CircuitRow | null => (row?.reason === 'throttled' ? null : row);

/** Rows are removed when a circuit closes, so each opening is a subject of its own. */
const subjectOf = ({ by, scope, openedAt }: CircuitRow): string => `circuit/${by}/${scope}/${openedAt}`;

type Change = { state: CircuitEvent['state']; rev: number; at: number; replay?: boolean };

const eventOf = (row: CircuitRow, { state, rev, at, replay = false }: Change): CircuitEvent => ({
  type: `circuit.${state}`,
  ...commonFields({ subject: subjectOf(row), rev, at, reason: row.reason, replay }),
  state,
  previous_state: replay ? null : state === 'opened' ? 'closed' : 'opened',
  states: [state],
  scope: row.scope,
  by: row.by,
});

/**
 * The event of a circuit that opened or closed; null for any other change. `row` null: it was removed. `at`: when it
 * was written.
 */
export const circuitEvent = (
  old: CircuitRow | null,
  row: CircuitRow | null,
  at: number,
): CircuitEvent | null => {
  const [before, now] = [openOf(old), openOf(row)];
  if (now !== null)
    return before === null ? eventOf(now, { state: 'opened', rev: now.rev, at: now.openedAt }) : null;
  return before === null ? null : eventOf(before, { state: 'closed', rev: row?.rev ?? before.rev + 1, at });
};

/** The event of a circuit that is open; null for one that closes by itself. */
export const presentCircuit = (row: CircuitRow): CircuitEvent | null =>
  openOf(row) && eventOf(row, { state: 'opened', rev: row.rev, at: row.openedAt, replay: true });
