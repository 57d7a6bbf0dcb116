import type { CircuitRow } from '../circuit/circuit-row.ts';
import { type ChangeEvent, sentFrom } from './change-event.ts';
import { circuitEvent } from './circuit-event.ts';
import { type ChangedEntry, entryEvent } from './entry-event.ts';
import { type ChangedFeed, feedEvent } from './feed-event.ts';

/** A change of a row that may be an event: its versions before and after. `at`: when it was written. */
export type RowChange =
  | { of: 'entry'; old: ChangedEntry | null; row: ChangedEntry }
  | { of: 'feed'; old: ChangedFeed | null; row: ChangedFeed; at: number }
  | { of: 'circuit'; old: CircuitRow | null; row: CircuitRow | null; at: number };

const unsent = (change: RowChange) => {
  if (change.of === 'entry') return entryEvent(change.old, change.row);
  if (change.of === 'feed') return feedEvent(change.old, change.row, change.at);
  return circuitEvent(change.old, change.row, change.at);
};

/** The event of a change; null if no state was passed. */
export const changeEvent = (change: RowChange, stage: string): ChangeEvent | null => {
  const event = unsent(change);
  return event && sentFrom(event, stage);
};
