import * as v from 'valibot';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { AppError } from '../lib/core/errors.ts';
import { hasOpenChange } from '../lib/core/ledger/later-version.ts';
import { groupOf, type ListGroup, listGroups, statesIn } from '../lib/core/ledger/list-place.ts';
import { needsDecision } from '../lib/core/ledger/needs-decision.ts';
import {
  type EntryRow,
  type ListedRow,
  type State,
  states,
  type WaitingRow,
} from '../lib/core/ledger/row.ts';
import { findEntries } from '../lib/jobs/operator/find-entries.ts';
import { listEntries, readListed } from '../lib/jobs/operator/list-entries.ts';
import { readChanged, readUndecided } from '../lib/jobs/operator/read-health.ts';
import { within } from './address.ts';
import type { ConsoleContext } from './context.ts';

/** Filters of entries: a state, all that need a decision, possible duplicates, or articles that changed after their drafts. */
export type Kind = State | 'waits' | 'duplicates' | 'changed';

export const kinds: readonly Kind[] = ['waits', 'duplicates', 'changed', ...states];

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

const kindTests: Partial<Record<Kind, (row: EntryRow) => boolean>> = {
  waits: needsDecision,
  duplicates: isPossibleDuplicate,
  changed: hasOpenChange,
};

/** Whether a row is chosen, as it is now; the index may be a moment behind. */
export const isChosen = (row: EntryRow, { state, feed, batch }: Chosen): boolean =>
  (state === '' || (kindTests[state]?.(row) ?? row.state === state)) &&
  (feed === '' || row.feed === feed) &&
  (batch === '' || heldInBatch(row) === batch);

/** Whether a filter's entries are so few that all of them are read. */
const isFew = (state: Chosen['state']): state is 'duplicates' | 'changed' =>
  state === 'duplicates' || state === 'changed';

/** Entries that were there before their feed was added are listed only if they are asked for. */
const groupsFor = ({ state, batch }: Chosen): readonly ListGroup[] => {
  if (batch !== '') return ['held'];
  if (state === 'waits') return ['held', 'review', 'failed'];
  if (state === '' || isFew(state)) return listGroups.filter((group) => group !== 'baselined');
  return [groupOf(state)];
};

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether a row is of the feed, and has every word in its title, link or feed. */
const matcherOf = ({ feed, text }: Chosen) => {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return (row: Pick<ListedRow, 'title' | 'link' | 'feed'>): boolean => {
    const all = folded([row.title, row.link, row.feed].join('\n'));
    return (feed === '' || row.feed === feed) && words.every((word) => all.includes(word));
  };
};

/** A filter of the list's rows; null if none is needed. */
const wantedOf = (chosen: Chosen): ((row: ListedRow) => boolean) | null => {
  const { state, feed, batch, text } = chosen;
  const isState = v.is(v.picklist(states), state);
  const isWholeGroup = !isState || statesIn(groupOf(state)).length === 1;
  if (isWholeGroup && feed === '' && batch === '' && text === '') return null;
  const isMatch = matcherOf(chosen);
  return (row) => (!isState || row.state === state) && (batch === '' || row.batch === batch) && isMatch(row);
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

const readDuplicates = async (ledger: ConsoleContext['target']['ledger']): Promise<WaitingRow[]> => {
  const states = ['uncertain', 'rejected'] as const;
  const found = await Promise.all([readUndecided(ledger, 'duplicate'), readUndecided(ledger, states)]);
  return found.flat().filter(isPossibleDuplicate);
};

/** A page starts after the entry with the key `after`. */
const chooseFew = async (
  { target: { ledger }, clock }: ConsoleContext,
  chosen: Chosen,
  limit: number,
): Promise<ChosenEntries> => {
  const found =
    chosen.state === 'changed'
      ? (await readChanged(ledger, clock())).toReversed()
      : await readDuplicates(ledger);
  const matching = found.filter(matcherOf(chosen));
  const start = matching.findIndex(({ key }) => key === chosen.after) + 1;
  const shown = matching.slice(start, start + limit);
  const rows = await readListed(ledger, shown);
  return {
    rows: rows.filter((row) => isChosen(row, chosen)),
    exact: [],
    next: start + limit < matching.length ? (shown.at(-1)?.key ?? null) : null,
    searched: null,
  };
};

/** The chosen entries, the latest first by when they came into their state. */
export const chooseEntries = async (
  context: ConsoleContext,
  chosen: Chosen,
  limit: number,
): Promise<ChosenEntries> => {
  const { ledger } = context.target;
  if (isFew(chosen.state)) return chooseFew(context, chosen, limit);
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
