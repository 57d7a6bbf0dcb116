import type { EntryRow } from '../../ledger/row.ts';

/**
 * Whether more than one draft of an entry may exist and their number has not been confirmed since. An entry that is
 * still to be sent again, or is being sent, does not count yet.
 */
export const isPossibleDuplicate = (
  row: Pick<EntryRow, 'state' | 'mayBeTwice' | 'alsoPosted' | 'checkedAt'>,
): boolean =>
  (row.mayBeTwice > 0 || row.alsoPosted.length > 0) &&
  row.checkedAt === null &&
  row.state !== 'queued' &&
  row.state !== 'drafting';

/** The known IDs of its drafts. */
export const draftIds = ({ postId, alsoPosted }: Pick<EntryRow, 'postId' | 'alsoPosted'>): number[] => [
  ...(postId === null ? [] : [postId]),
  ...alsoPosted,
];
