import type { EntryRow } from './row.ts';

/** When an entry was published, as far as its feed states a time that has come; else when it was first seen. */
const publishedAt = ({ published, seenAt }: Pick<EntryRow, 'published' | 'seenAt'>): number => {
  const stated = Date.parse(published ?? '');
  return Number.isNaN(stated) || stated > seenAt ? seenAt : Math.max(0, stated);
};

/**
 * A row's place in the queue of its feed, as text that sorts oldest first: by publication, then by when it was seen.
 * Rows of one place may go in any order.
 */
export const queuePlace = (row: Pick<EntryRow, 'published' | 'seenAt'>): string =>
  [publishedAt(row), row.seenAt].map((time) => new Date(time).toISOString()).join('#');
