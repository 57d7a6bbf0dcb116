import { permanent } from '../errors.ts';
import { withMoment } from '../ledger/history.ts';
import type { EntryRow, State } from '../ledger/row.ts';
import type { Edits } from '../posts/edits.ts';
import type { TikTokPost } from '../posts/tiktok-post.ts';

const editable: ReadonlySet<State> = new Set(['review', 'held', 'queued', 'rejected', 'uncertain']);
const canWait: ReadonlySet<State> = new Set(['review', 'held', 'queued']);

/** Whether a post may still be edited. An unknown outcome is looked up by its caption, so that comes first. */
export const mayEdit = ({ state, wakeAt }: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  editable.has(state) && (state !== 'uncertain' || wakeAt === null);

export const maySnooze = ({ state }: Pick<EntryRow, 'state'>): boolean => canWait.has(state);

const refusals: Partial<Record<State, (row: EntryRow) => string>> = {
  drafting: () => 'is being sent to Dash Social',
  drafted: ({ postId }) =>
    `was sent, so edit ${postId === null ? 'its draft' : `draft ${postId}`} in Dash Social`,
  uncertain: () => 'is being looked up in Dash Social; try again when that is done',
  dismissed: () => 'is dismissed: undo that first',
};

const notAllowed = (row: EntryRow, what: string) => {
  const why = refusals[row.state]?.(row) ?? `is ${row.state}: release it first`;
  return permanent('edit.not-allowed', `${row.key} cannot be ${what}: it ${why}.`);
};

/** Throws permanent `edit.not-allowed`, naming the row's state and the remedy. */
export const refuseUnlessEditable = (row: EntryRow): void => {
  if (!mayEdit(row)) throw notAllowed(row, 'edited');
};

const fieldNames: Record<keyof Edits, string> = {
  text: 'caption',
  thumbnail_url: 'thumbnail',
  media_ids: 'video',
  timestamp: 'time',
};

export const namesOf = (edits: Edits): string =>
  (Object.keys(fieldNames) as (keyof Edits)[])
    .filter((field) => edits[field] !== undefined)
    .map((field) => fieldNames[field])
    .join(', ');

/** A queued row waits until `notBefore`, so that the change can be undone. */
const waiting = ({ state, dueAt, wakeAt }: EntryRow, notBefore: number) => {
  if (state !== 'queued') return { dueAt, wakeAt };
  const next = Math.max(dueAt, notBefore);
  return { dueAt: next, wakeAt: Math.max(wakeAt ?? next, next) };
};

type Person = { at: number; by: string; notBefore: number };

type Edited = Pick<EntryRow, 'rendering'> & {
  post: TikTokPost;
  /** All edited fields; null after a reset. */
  fields: Edits | null;
  /** Those that this edit changed. */
  changed: Edits;
};

/** The row with edited fields and the post made with them. */
export const edit = (row: EntryRow, edited: Edited, { at, by, notBefore }: Person): EntryRow => {
  const { post, rendering, fields, changed } = edited;
  const isReset = fields === null;
  const moment = {
    at,
    state: row.state,
    code: isReset ? 'edit.reset' : 'edit.changed',
    detail: isReset ? `by ${by}` : `by ${by}: ${namesOf(changed)}`,
  };
  return {
    ...row,
    ...waiting(row, notBefore),
    post,
    rendering,
    edited: isReset ? null : { fields, at, by },
    rev: row.rev + 1,
    history: withMoment(row.history, moment),
  };
};

/**
 * Sets the time before which an entry is not sent, and not shown as to be reviewed. Throws permanent
 * `edit.not-allowed`.
 */
export const snooze = (row: EntryRow, until: number, { at, by }: Omit<Person, 'notBefore'>): EntryRow => {
  if (!maySnooze(row)) throw notAllowed(row, 'snoozed');
  const detail = `${new Date(until).toISOString()} by ${by}`;
  return {
    ...row,
    dueAt: until,
    wakeAt: row.state === 'queued' ? until : row.wakeAt,
    rev: row.rev + 1,
    history: withMoment(row.history, { at, state: row.state, code: 'edit.snoozed', detail }),
  };
};
