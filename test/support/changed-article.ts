import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import type { EntryRow, LaterVersion } from '../../lib/core/ledger/row.ts';
import type { Ledger } from '../../lib/core/ports.ts';
import { postOf, story } from './entries.ts';
import { anEntryRow } from './store-rows.ts';

/** A draft whose article was about Friday when it was made, and is about Monday now; both versions are stored. */
export const storeChangedArticle = async (
  ledger: Pick<Ledger, 'storeEntry' | 'insert'>,
  at: number,
  given: Partial<EntryRow> = {},
  later: Partial<LaterVersion> = {},
): Promise<EntryRow> => {
  const version = (day: string) =>
    toStoredEntry(story(1, { title: `Opens on ${day}`, link: 'https://www.example.com/bridge' }));
  await ledger.storeEntry('kept-a', version('Friday'), Number.MAX_SAFE_INTEGER);
  await ledger.storeEntry('kept-b', version('Monday'), Number.MAX_SAFE_INTEGER);
  const row = anEntryRow({
    ...{ key: 'a', state: 'drafted', wakeAt: null, postId: 1004, storedAs: 'kept-a', contentHash: 'a' },
    ...{ seenAt: at - 2, title: 'Opens on Friday', post: postOf('Opens on Friday') },
    history: [{ at: at - 2, state: 'drafted', code: 'draft.created' }],
    laterVersion: {
      ...{ storedAs: 'kept-b', contentHash: 'b', at: at - 1, difference: 'title: “Friday” → “Monday”' },
      ...{ changes: 1, seen: ['a', 'b'], state: 'open', unchecked: false, why: null, ...later },
    },
    ...given,
  });
  await ledger.insert(row);
  return row;
};
