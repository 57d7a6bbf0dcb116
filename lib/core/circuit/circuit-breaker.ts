import { type BackOff, backOffMs } from '../backoff.ts';
import { leaseMs } from '../dash/timing.ts';
import type { CircuitReason, CircuitRow, CircuitScope } from './circuit-row.ts';

/**
 * The open circuits that apply to a row. `person`: whether one of them is a manual pause; `machine`: those opened
 * automatically.
 */
type Circuit = { person: boolean; machine: CircuitRow[] };

const minute = 60_000;
/** A circuit has a single probe, so there is nothing to spread. */
const probes = { firstMs: minute, maxMs: 60 * minute, jitter: 'none' } as const satisfies BackOff;

export const brandScope = (brand: number): CircuitScope => `brand/${brand}`;
export const feedScope = (feed: string): CircuitScope => `feed/${feed}`;

/** Whether a circuit is still open; a throttled one closes when its time is over. */
export const isOpen = (row: CircuitRow, now: number): boolean =>
  row.by === 'person' || row.reason !== 'throttled' || row.halfOpen || (row.openUntil ?? 0) > now;

/** The open circuits for the rows of a brand, and of a feed if given. */
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

/** Whether no circuit is open. */
export const isClosed = ({ person, machine }: Circuit): boolean => !person && machine.length === 0;

/**
 * Whether a row may be posted: if no circuit is open, or if the only open ones are half-open and this row probes them.
 */
export const allowsPosting = ({ person, machine }: Circuit, probe: string | undefined): boolean =>
  !person && machine.every(({ halfOpen, scope }) => halfOpen && scope === probe);

/** Manually paused feeds, whose rows the sweep skips. */
export const pausedFeeds = (rows: CircuitRow[]): string[] =>
  rows.flatMap(({ scope }) => (scope.startsWith('feed/') ? [scope.slice('feed/'.length)] : []));

export type Trip = {
  scope: CircuitScope;
  reason: Exclude<CircuitReason, 'person'>;
  until?: number;
  /** What failed: the first clause of it is kept. */
  error?: string;
  at: number;
};

/** The length to which an error is kept. */
const maxError = 200;

const firstClause = (error: string): string => (error.split(';')[0] ?? '').slice(0, maxError);

/**
 * The row that opens a circuit; null if it is already open for long enough. Without `until` it stays open for a minute,
 * doubled each consecutive time for the same reason, up to an hour.
 */
export const trip = (
  old: CircuitRow | null,
  { scope, reason, until, error, at }: Trip,
): CircuitRow | null => {
  const replaceable =
    !old || old.halfOpen || (old.openUntil ?? 0) <= at || (old.openUntil ?? 0) < (until ?? 0);
  if (!replaceable) return null;
  const failures = old?.reason === reason ? old.failures + 1 : 0;
  const lastError = error ?? (old?.reason === reason ? old.lastError : undefined);
  const openUntil = until ?? at + backOffMs(failures, probes, 0);
  return {
    scope,
    by: 'machine',
    reason,
    ...(lastError !== undefined && { lastError: firstClause(lastError) }),
    openUntil,
    openedAt: old && isOpen(old, at) ? old.openedAt : at,
    triedAt: at,
    halfOpen: false,
    failures,
    rev: (old?.rev ?? 0) + 1,
  };
};

/**
 * A half-open circuit, which one row probes. If no result is recorded, another row probes it after a lease and a tick.
 */
export const halfOpened = (row: CircuitRow, at: number): CircuitRow => ({
  ...row,
  halfOpen: true,
  triedAt: at,
  openUntil: at + leaseMs + minute,
  rev: row.rev + 1,
});

/** A manual pause, which replaces an existing one. `person`: who paused it. */
export const pausedCircuit = (
  old: CircuitRow | null,
  scope: CircuitScope,
  at: number,
  person?: string,
): CircuitRow => ({
  scope,
  by: 'person',
  ...(person !== undefined && { person }),
  reason: 'person',
  openUntil: null,
  openedAt: at,
  triedAt: null,
  halfOpen: false,
  failures: 0,
  rev: (old?.rev ?? 0) + 1,
});
