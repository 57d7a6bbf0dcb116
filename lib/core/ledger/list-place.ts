import { hash } from 'node:crypto';
import { normalizeLink } from '../entries/normalize/normalize-link.ts';
import { type EntryRow, type LedgerRow, type State, states } from './row.ts';

/**
 * The groups that entries are listed in: one per state, but for states that an entry passes through. `sending`: on
 * its way: enriching, queued or drafting. `failed`: rejected or with an unknown outcome.
 */
export type ListGroup =
  | Exclude<State, 'enriching' | 'queued' | 'drafting' | 'rejected' | 'uncertain'>
  | 'sending'
  | 'failed';

const merged: Partial<Record<State, ListGroup>> = {
  enriching: 'sending',
  queued: 'sending',
  drafting: 'sending',
  rejected: 'failed',
  uncertain: 'failed',
};

export const groupOf = (state: State): ListGroup => merged[state] ?? (state as ListGroup);

export const listGroups: readonly ListGroup[] = [...new Set(states.map(groupOf))];

/** The states that share an entry's group. */
export const statesIn = (group: ListGroup): State[] => states.filter((state) => groupOf(state) === group);

/** When a row came into its group, whatever happened to it there since; epoch milliseconds. */
const groupSince = ({ history, state, seenAt }: EntryRow): number => {
  const before = history.findLastIndex((moment) => groupOf(moment.state) !== groupOf(state));
  return history[before + 1]?.at ?? seenAt;
};

/** A row's place in its group: by when it came into it, then by key. */
export const listPlace = (row: EntryRow): string => `${new Date(groupSince(row)).toISOString()}#${row.key}`;

/** The start of every place at or after a time, in epoch milliseconds. */
export const placeAt = (time: number): string => new Date(time).toISOString();

const digest = (link: string): string => hash('sha256', link, 'base64url').slice(0, 28);

/** What a link is found by, whatever its form; null for an address that is no link. */
export const linkName = (link: string | null): string | null => {
  const normal = normalizeLink(link)?.link ?? null;
  return normal === null ? null : digest(normal);
};

/** The link that a row is found by: its entry's own, or the one under which an entry was recognized as another. */
export const linkNameOf = (row: LedgerRow): string | null => {
  if (row.type === 'entry') return linkName(row.link);
  return row.type === 'pointer' ? linkName(row.recognized?.link ?? null) : null;
};
