import { type ChangeEvent, sentFrom } from '../../lib/core/change-events/change-event.ts';
import { entryEvent } from '../../lib/core/change-events/entry-event.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { rowOf } from './entries.ts';

/** The event of a new entry, on prod. */
export const aChangeEvent = (changes: Partial<EntryRow> = {}): ChangeEvent => {
  const event = entryEvent(null, rowOf(changes));
  if (event === null) throw new Error('A new entry is an event.');
  return sentFrom(event, 'prod');
};
