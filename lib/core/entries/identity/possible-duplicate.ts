import type { EntryRow } from '../../ledger/row.ts';

/**
 * Whether more than one draft of an entry may exist, and nobody has confirmed since how many there are. One that is
 * still to be sent again, or is being sent, is none yet.
 */
export const isPossibleDuplicate = (
  row: Pick<EntryRow, 'state' | 'mayBeTwice' | 'alsoPosted' | 'checkedAt'>,
): boolean =>
  (row.mayBeTwice > 0 || row.alsoPosted.length > 0) &&
  row.checkedAt === null &&
  row.state !== 'queued' &&
  row.state !== 'drafting';

/** The ids that are known of its drafts. */
export const draftIds = ({ postId, alsoPosted }: Pick<EntryRow, 'postId' | 'alsoPosted'>): number[] => [
  ...(postId === null ? [] : [postId]),
  ...alsoPosted,
];
