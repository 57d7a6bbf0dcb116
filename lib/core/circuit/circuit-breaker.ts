import { leaseMs } from '../dash/timing.ts';
import type { CircuitReason, CircuitRow, CircuitScope } from './circuit-row.ts';

/** What stands between a row and Dash Social: a person's word, and every row by which a machine closed the way. */
type Circuit = { person: boolean; machine: CircuitRow[] };

const minute = 60_000;
const hour = 60 * minute;

export const brandScope = (brand: number): CircuitScope => `brand/${brand}`;
export const feedScope = (feed: string): CircuitScope => `feed/${feed}`;

/** Whether a machine's row still closes: one that only throttled does not once its time is over. */
export const isOpen = (row: CircuitRow, now: number): boolean =>
  row.by === 'person' || row.reason !== 'throttled' || row.halfOpen || (row.openUntil ?? 0) > now;

/** The door of one brand's rows, and of one feed's where it is named. */
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
  const closed = rows.filter((row) => scopes.includes(row.scope) && isOpen(row, now));
  return {
    person: closed.some((row) => row.by === 'person'),
    machine: closed.filter((row) => row.by === 'machine'),
  };
};

/** Nobody has closed it. */
export const isClosed = ({ person, machine }: Circuit): boolean => !person && machine.length === 0;

/** A row may go through an open door, or through a half-open one when it is the row that tries just that. */
export const allowsPosting = ({ person, machine }: Circuit, probe: string | undefined): boolean =>
  !person && machine.every(({ halfOpen, scope }) => halfOpen && scope === probe);

/** Feeds that a person has closed: the sweep passes over their rows. */
export const pausedFeeds = (rows: CircuitRow[]): string[] =>
  rows.flatMap(({ scope }) => (scope.startsWith('feed/') ? [scope.slice('feed/'.length)] : []));

export type Trip = {
  scope: CircuitScope;
  reason: Exclude<CircuitReason, 'person'>;
  until?: number;
  at: number;
};

/**
 * The row that closes a door, or null when the one that is there closes it well enough. Without `until`: a
 * minute, doubled each time in a row that the same reason closes it, up to an hour.
 */
export const trip = (old: CircuitRow | null, { scope, reason, until, at }: Trip): CircuitRow | null => {
  const replaceable =
    !old || old.halfOpen || (old.openUntil ?? 0) <= at || (old.openUntil ?? 0) < (until ?? 0);
  if (!replaceable) return null;
  const failures = old?.reason === reason ? old.failures + 1 : 0;
  const openUntil = until ?? at + Math.min(minute * 2 ** failures, hour);
  return {
    scope,
    by: 'machine',
    reason,
    openUntil,
    openedAt: at,
    halfOpen: false,
    failures,
    rev: (old?.rev ?? 0) + 1,
  };
};

/** One row may try the door; if nothing is heard of it, the door is tried anew when its lease and a tick are over. */
export const halfOpened = (row: CircuitRow, at: number): CircuitRow => ({
  ...row,
  halfOpen: true,
  openUntil: at + leaseMs + minute,
  rev: row.rev + 1,
});

/** A person's closing, over whatever person's row is there. */
export const pausedCircuit = (old: CircuitRow | null, scope: CircuitScope, at: number): CircuitRow => ({
  scope,
  by: 'person',
  reason: 'person',
  openUntil: null,
  openedAt: at,
  halfOpen: false,
  failures: 0,
  rev: (old?.rev ?? 0) + 1,
});
