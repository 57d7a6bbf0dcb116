const heldTogether: ReadonlySet<string> = new Set([
  'entry.mass-reissue',
  'entry.late',
  'entry.out-of-order',
  'entry.looks-like',
]);

/**
 * The id of the batch in which a poll holds what may be old rather than new: `newsroom.12`. `rev`: the version of the
 * feed's row that it was judged from, so that a poll that is repeated holds the same batch. Null for a code that
 * concerns its entry alone.
 */
export const batchId = (feed: string, rev: number, code: string): string | null =>
  heldTogether.has(code) ? `${feed}.${rev}` : null;
