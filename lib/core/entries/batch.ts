const names: Readonly<Record<string, string>> = {
  'entry.mass-reissue': 'reissue',
  'entry.late': 'late',
  'entry.out-of-order': 'order',
  'entry.looks-like': 'alike',
};

/**
 * The id of the batch in which a poll holds entries for one reason: `newsroom.12.reissue`. `rev`: the version of the
 * feed's row that it was judged from, so that a poll that is repeated holds the same batch. Null for other reasons.
 */
export const batchId = (feed: string, rev: number, code: string): string | null => {
  const name = names[code];
  return name === undefined ? null : `${feed}.${rev}.${name}`;
};
