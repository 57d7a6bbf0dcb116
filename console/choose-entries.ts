import * as v from 'valibot';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { AppError } from '../lib/core/errors.ts';
import { groupOf, type ListGroup, listGroups, statesIn } from '../lib/core/ledger/list-place.ts';
import {
  type EntryRow,
  type ListedRow,
  type State,
  states,
  type WaitingRow,
} from '../lib/core/ledger/row.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { listEntries, readListed } from '../lib/jobs/operator/list-entries.ts';
import { readUndecided } from '../lib/jobs/operator/read-health.ts';
import { within } from './address.ts';
import type { ConsoleContext } from './context.ts';

/** Filters of entries: a state, all that need a decision, or possible duplicates. */
export type Kind = State | 'waits' | 'duplicates';

export const kinds: readonly Kind[] = ['waits', 'duplicates', ...states];

/** The filter of the list. `after`: where a page starts. Parameters that cannot be read are ignored. */
export type Chosen = { feed: string; state: Kind | ''; batch: string; text: string; after: string };

const maxText = 200;
const maxAfter = 2_000;

export const chosenBy = (query: URLSearchParams): Chosen => {
  const state = query.get('state') ?? '';
  return {
    feed: query.get('feed') ?? '',
    state: v.is(v.picklist(kinds), state) ? state : '',
    batch: query.get('batch') ?? '',
    text: (query.get('text') ?? '').trim().slice(0, maxText),
    after: (query.get('after') ?? '').slice(0, maxAfter),
  };
};

/** The address of this list. */
export const chosenPath = (chosen: Chosen): string => within('/entries', chosen);

/** Whether an entry needs a decision. */
const waitsForPerson = ({ state, wakeAt }: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  state === 'held' ||
  state === 'review' ||
  state === 'rejected' ||
  (state === 'uncertain' && wakeAt === null);

const kindTests: Partial<Record<Kind, (row: EntryRow) => boolean>> = {
  waits: waitsForPerson,
  duplicates: isPossibleDuplicate,
};

/** Whether a row is chosen, as it is now; the index may be a moment behind. */
const isChosen = (row: EntryRow, { state, feed, batch }: Chosen): boolean =>
  (state === '' || (kindTests[state]?.(row) ?? row.state === state)) &&
  (feed === '' || row.feed === feed) &&
  (batch === '' || heldInBatch(row) === batch);

/** Entries that were there before their feed was added are listed only if they are asked for. */
const groupsFor = ({ state, batch }: Chosen): readonly ListGroup[] => {
  if (batch !== '') return ['held'];
  if (state === 'waits') return ['held', 'review', 'failed'];
  if (state === '' || state === 'duplicates') return listGroups.filter((group) => group !== 'baselined');
  return [groupOf(state)];
};

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A filter of the list's rows; null if none is needed. */
const wantedOf = ({ state, feed, batch, text }: Chosen): ((row: ListedRow) => boolean) | null => {
  const isState = v.is(v.picklist(states), state);
  const isWholeGroup = !isState || statesIn(groupOf(state)).length === 1;
  if (isWholeGroup && feed === '' && batch === '' && text === '') return null;
  const words = folded(text).split(/\s+/).filter(Boolean);
  return (row) => {
    if (isState && row.state !== state) return false;
    if ((feed !== '' && row.feed !== feed) || (batch !== '' && row.batch !== batch)) return false;
    const all = folded([row.title, row.link, row.feed].join('\n'));
    return words.every((word) => all.includes(word));
  };
};

export type ChosenEntries = {
  rows: EntryRow[];
  /** Entries whose key, link, guid or draft is exactly the text searched for, in whatever state. */
  exact: EntryRow[];
  /** Where older entries start; null if there are none. */
  next: string | null;
  /** How many of the latest were searched, if there are more. */
  searched: number | null;
};

const findExact = async ({ target }: ConsoleContext, { text, after }: Chosen): Promise<EntryRow[]> => {
  if (text === '' || after !== '' || /\s/.test(text)) return [];
  try {
    return await findEntries({ ...target, config: target.config() }, { names: [text] });
  } catch (error) {
    if (error instanceof AppError && error.code === 'entry.unknown') return [];
    throw error;
  }
};

/** Possible duplicates are few: all of them are read. */
const duplicates = async ({ target: { ledger } }: ConsoleContext): Promise<WaitingRow[]> => {
  const found = await Promise.all([
    readUndecided(ledger, 'duplicate'),
    readUndecided(ledger, ['uncertain', 'rejected']),
  ]);
  return found.flat().filter(isPossibleDuplicate);
};

/** The chosen entries, the latest first by when they came into their state. */
export const chooseEntries = async (
  context: ConsoleContext,
  chosen: Chosen,
  limit: number,
): Promise<ChosenEntries> => {
  const { ledger } = context.target;
  if (chosen.state === 'duplicates') {
    const rows = await readListed(ledger, (await duplicates(context)).slice(0, limit));
    return { rows: rows.filter((row) => isChosen(row, chosen)), exact: [], next: null, searched: null };
  }
  const after = chosen.after === '' ? undefined : chosen.after;
  const asked = { groups: groupsFor(chosen), isWanted: wantedOf(chosen), limit, after };
  const [listed, exact] = await Promise.all([listEntries(ledger, asked), findExact(context, chosen)]);
  const rows = await readListed(ledger, listed.rows);
  return {
    ...listed,
    rows: rows.filter((row) => isChosen(row, chosen) && !exact.some(({ key }) => key === row.key)),
    exact,
  };
};
