import type { EntryRow } from './row.ts';

/** When an entry was published, if its feed states a time in the past; otherwise when it was first seen. */
const publishedAt = ({ published, seenAt }: Pick<EntryRow, 'published' | 'seenAt'>): number => {
  const stated = Date.parse(published ?? '');
  return Number.isNaN(stated) || stated > seenAt ? seenAt : Math.max(0, stated);
};

/**
 * A row's place in its feed's queue, as text that sorts oldest first: by publication, then by when it was seen. Rows
 * with the same place may go in any order.
 */
export const queuePlace = (row: Pick<EntryRow, 'published' | 'seenAt'>): string =>
  [publishedAt(row), row.seenAt].map((time) => new Date(time).toISOString()).join('#');
