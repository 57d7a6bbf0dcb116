import * as v from 'valibot';
import { titleOf } from '../cli/format-entry.ts';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { type EntryRow, states } from '../lib/core/ledger/row.ts';
import { within } from './address.ts';
import { isOfKind, type Kind } from './entry-counts.ts';

const Kinds = v.picklist(['waits', 'duplicates', ...states]);

/** The filter of the list. Parameters that cannot be read are ignored. */
export type Chosen = { feed: string; state: Kind | ''; batch: string; text: string; page: number };

export const chosenBy = (query: URLSearchParams): Chosen => {
  const state = query.get('state') ?? '';
  const page = Number(query.get('page') ?? '1');
  return {
    feed: query.get('feed') ?? '',
    state: v.is(Kinds, state) ? state : '',
    batch: query.get('batch') ?? '',
    text: (query.get('text') ?? '').slice(0, 200),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
};

/** The address of this list. */
export const chosenPath = ({ feed, state, batch, text, page }: Chosen): string =>
  within('/entries', { feed, state, batch, text, page: page > 1 ? page : null });

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

const bears = (row: EntryRow, words: string[]): boolean => {
  const ids = [row.key, row.feed, row.postId, ...row.alsoPosted];
  const all = folded([titleOf(row), row.title, row.link, row.post?.text, ...ids].join('\n'));
  return words.every((word) => all.includes(word));
};

/** Rows that match feed, state, batch and every word, in the order given. */
export const chooseEntries = (
  rows: readonly EntryRow[],
  { feed, state, batch, text }: Chosen,
): EntryRow[] => {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (feed === '' || row.feed === feed) &&
      (state === '' || isOfKind(row, state)) &&
      (batch === '' || heldInBatch(row) === batch) &&
      bears(row, words),
  );
};
