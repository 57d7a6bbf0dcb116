import { type BackOff, backOffMs } from '../backoff.ts';
import { leaseMs } from '../dash/timing.ts';
import type { CircuitReason, CircuitRow, CircuitScope } from './circuit-row.ts';

/** What keeps a row from Dash Social: a person's pause, and every open circuit of a machine's. */
type Circuit = { person: boolean; machine: CircuitRow[] };

const minute = 60_000;
/** One probe a circuit, so there is nothing to spread. */
const probes = { firstMs: minute, maxMs: 60 * minute, jitter: 'none' } as const satisfies BackOff;

export const brandScope = (brand: number): CircuitScope => `brand/${brand}`;
export const feedScope = (feed: string): CircuitScope => `feed/${feed}`;

/** Whether a circuit is still open: one that only throttled is not once its time is over. */
export const isOpen = (row: CircuitRow, now: number): boolean =>
  row.by === 'person' || row.reason !== 'throttled' || row.halfOpen || (row.openUntil ?? 0) > now;

/** The circuit of one brand's rows, and of one feed's where it is named. */
export const circuitFor = (
  rows: CircuitRow[],
  place: { brand: number; feed?: string },
  now: number,
): Circuit => {
  const scopes: CircuitScope[] = [
    'all',
    brandScope(place.brand),
    ...(place.feed === undefined ? [] : [feedScope(place.feed)]),
  ];
  const open = rows.filter((row) => scopes.includes(row.scope) && isOpen(row, now));
  return {
    person: open.some((row) => row.by === 'person'),
    machine: open.filter((row) => row.by === 'machine'),
  };
};

/** Nothing keeps a row from being posted. */
export const isClosed = ({ person, machine }: Circuit): boolean => !person && machine.length === 0;

/** A row may be posted through a closed circuit, or through a half-open one when it is the row that tries just that. */
export const allowsPosting = ({ person, machine }: Circuit, probe: string | undefined): boolean =>
  !person && machine.every(({ halfOpen, scope }) => halfOpen && scope === probe);

/** Feeds that a person has paused: the sweep passes over their rows. */
export const pausedFeeds = (rows: CircuitRow[]): string[] =>
  rows.flatMap(({ scope }) => (scope.startsWith('feed/') ? [scope.slice('feed/'.length)] : []));

export type Trip = {
  scope: CircuitScope;
  reason: Exclude<CircuitReason, 'person'>;
  until?: number;
  at: number;
};

/**
 * The row that opens a circuit, or null when the one that is there keeps it open long enough. Without `until`: for a
 * minute, doubled each time in a row that the same reason opens it, up to an hour.
 */
export const trip = (old: CircuitRow | null, { scope, reason, until, at }: Trip): CircuitRow | null => {
  const replaceable =
    !old || old.halfOpen || (old.openUntil ?? 0) <= at || (old.openUntil ?? 0) < (until ?? 0);
  if (!replaceable) return null;
  const failures = old?.reason === reason ? old.failures + 1 : 0;
  const openUntil = until ?? at + backOffMs(failures, probes, 0);
  return {
    scope,
    by: 'machine',
    reason,
    openUntil,
    openedAt: old && isOpen(old, at) ? old.openedAt : at,
    triedAt: at,
    halfOpen: false,
    failures,
    rev: (old?.rev ?? 0) + 1,
  };
};

/** One row may try the circuit; if nothing is heard of it, another does when its lease and a tick are over. */
export const halfOpened = (row: CircuitRow, at: number): CircuitRow => ({
  ...row,
  halfOpen: true,
  triedAt: at,
  openUntil: at + leaseMs + minute,
  rev: row.rev + 1,
});

/** A person's pause, over whatever person's row is there. */
export const pausedCircuit = (old: CircuitRow | null, scope: CircuitScope, at: number): CircuitRow => ({
  scope,
  by: 'person',
  reason: 'person',
  openUntil: null,
  openedAt: at,
  triedAt: null,
  halfOpen: false,
  failures: 0,
  rev: (old?.rev ?? 0) + 1,
});
