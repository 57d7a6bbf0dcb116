import { heldInBatch } from '../lib/core/entries/batch.ts';
import { isPossibleDuplicate } from '../lib/core/entries/identity/possible-duplicate.ts';
import { lastReason } from '../lib/core/ledger/history.ts';
import { isLookedUp } from '../lib/core/ledger/needs-decision.ts';
import type { EntryRow, State } from '../lib/core/ledger/row.ts';
import { stateName } from '../lib/core/operator/explain.ts';
import type { Cell } from './page.ts';

const colors: Partial<Record<State, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  drafted: 'green',
  enriching: 'cyan',
  queued: 'cyan',
  drafting: 'cyan',
  held: 'yellow',
  uncertain: 'yellow',
  rejected: 'red',
};

/** The colour of a state: yellow and red need attention. */
export const stateStyle = (state: State) => colors[state] ?? 'reset';

/** A state as a cell. */
export const stateCell = (state: State): Cell => {
  const style = colors[state];
  const text = stateName(state);
  return style ? { text, style } : text;
};

/** The state of a row as a cell; an unknown outcome that needs no decision yet is marked. */
export const rowStateCell = (row: EntryRow): Cell =>
  isLookedUp(row)
    ? { text: `${stateName(row.state)} (being looked up)`, style: 'cyan' }
    : stateCell(row.state);

/** A row for a program: without the history and the ledger's own fields. */
export const entryJson = (row: EntryRow) => ({
  key: row.key,
  state: row.state,
  feed: row.feed,
  brand: row.brand,
  title: row.title,
  link: row.link,
  published: row.published,
  seenAt: new Date(row.seenAt).toISOString(),
  why: lastReason(row)?.code ?? null,
  detail: lastReason(row)?.detail ?? null,
  batch: heldInBatch(row),
  postId: row.postId,
  mayBeTwice: row.mayBeTwice,
  lookedUp: isLookedUp(row),
  possibleDuplicate: isPossibleDuplicate(row),
  alsoPosted: row.alsoPosted,
  text: row.post?.text ?? null,
});
