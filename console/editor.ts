import { formatLocal } from '../lib/core/editorial/calendar.ts';
import type { EntryRow, Undoable } from '../lib/core/ledger/row.ts';
import { mayEdit, maySnooze, namesOf } from '../lib/core/operator/edit.ts';
import { undoneUntil } from '../lib/core/operator/undo.ts';
import { maxTextUnits } from '../lib/core/posts/tiktok-post.ts';
import { entryPath, picturePath } from './address.ts';
import type { Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { button, foreign, hidden, moment } from './pieces.ts';

/** What the editor needs beside the row. `pictures`: of the stored entry; null if it is no longer stored. */
type Editable = {
  row: EntryRow;
  id: string;
  token: string;
  timezone: string;
  pictures: string[] | null;
};

/** A time for an input of type `datetime-local`, in the time zone of the feed. */
const inputTime = (at: number | null, timezone: string): string =>
  at === null ? '' : formatLocal(at, timezone);

const captionField = ({ row, id }: Editable): Html => {
  const text = row.post?.text ?? '';
  return html`<div class="field"><label for="${id}-text">Caption</label>
<textarea id="${id}-text" name="text" rows="7" dir="auto" data-most="${maxTextUnits}" aria-describedby="${id}-count">
${text}</textarea>
<p id="${id}-count" class="quiet" role="status">${text.length.toLocaleString('en')} of ${maxTextUnits.toLocaleString('en')} characters</p></div>`;
};

/** Pictures that are offered; an entry has ten at most, and enclosures beside them. */
const maxPictures = 12;

const choice = ({ row, id }: Editable, url: string, at: number | null): Html => {
  const isChosen = (row.post?.thumbnail_url ?? '') === url;
  const name = at === null ? 'No thumbnail' : `Picture ${at + 1}`;
  const shown =
    at === null
      ? html`<span>none</span>`
      : html`<img src="${picturePath(row.key, at)}" alt="" loading="lazy" width="54" height="72">`;
  const input = isChosen
    ? html`<input type="radio" name="thumbnail" value="${url}" id="${id}-thumb-${at ?? 'none'}" checked>`
    : html`<input type="radio" name="thumbnail" value="${url}" id="${id}-thumb-${at ?? 'none'}">`;
  return html`<label class="choice">${input}${shown}<span class="unseen">${name}</span></label>`;
};

const thumbnails = (editable: Editable): Html | null => {
  const { pictures } = editable;
  if (pictures === null || pictures.length === 0) return null;
  return html`<fieldset class="choices"><legend>Thumbnail</legend>${pictures.slice(0, maxPictures).map((url, at) => choice(editable, url, at))}${choice(editable, '', null)}</fieldset>`;
};

const mediaField = ({ row, id }: Editable): Html =>
  html`<div class="field"><label for="${id}-media">Video (ID in the Library of Dash Social)</label>
<input id="${id}-media" name="media" inputmode="numeric" pattern="[0-9]{1,15}" autocomplete="off" value="${row.post?.media_ids?.[0] ?? ''}"></div>`;

const timeField = ({ row, id, timezone }: Editable): Html | null => {
  if (row.post?.status === 'AUTOPUBLISHING') return null;
  const at = row.post?.timestamp ? Date.parse(row.post.timestamp) : null;
  return html`<div class="field"><label for="${id}-time">Time in the calendar (${timezone})</label>
<input type="datetime-local" id="${id}-time" name="time" value="${inputTime(at, timezone)}"></div>`;
};

/** Who edited which fields, and the way back to the template. */
const editedView = ({ row, token }: Editable, { words }: Frame): Html | null => {
  const { edited, key } = row;
  if (edited === null) return null;
  const fields = { key, back: entryPath(key), reset: 'yes' };
  return html`<div class="row"><p class="quiet">Edited: ${namesOf(edited.fields)}, by ${foreign(edited.by)}, ${moment(words, edited.at)}. The template does not change this.</p>
${button('/edit', token, { words: 'Reset to the template', fields, look: 'small' })}</div>`;
};

const snoozeView = ({ row, id, token, timezone }: Editable, { status, words }: Frame): Html | null => {
  if (!maySnooze(row)) return null;
  const isSnoozed = row.dueAt > status.at && undoneUntil(row, status.at) === null;
  const end = { key: row.key, back: entryPath(row.key), until: 'now' };
  return html`<details class="sure" id="${id}-snooze"><summary>Snooze…</summary>
<form method="post" action="/snooze" class="careful">${hidden({ token, key: row.key, back: entryPath(row.key) })}
<label for="${id}-until">Do not send it before (${timezone})</label> <input type="datetime-local" id="${id}-until" name="until" required value="${isSnoozed ? inputTime(row.dueAt, timezone) : ''}">
<button>Set</button></form></details>${isSnoozed && html`<p class="quiet">Not sent before ${moment(words, row.dueAt)}.</p>${button('/snooze', token, { words: 'End the snooze', fields: end, look: 'small' })}`}`;
};

/** Decisions that can be undone, as nouns. */
export const undoNames: Record<Undoable, string> = {
  approve: 'the approval',
  release: 'the release',
  retry: 'the retry',
  dismiss: 'the dismissal',
  edit: 'the edit',
  snooze: 'the snooze',
};

/** The button that takes back the last decision, while nothing is sent yet. */
export const undoView = (row: EntryRow, token: string, now: number): Html | null => {
  if (row.undo === null) return null;
  const { key, undo } = row;
  const fields = { key, back: entryPath(key) };
  const inner = button('/undo', token, { words: `Undo ${undoNames[undo.of]}`, fields, look: 'undo' });
  const until = undoneUntil(row, now);
  return until === null
    ? html`<div class="undoable">${inner}</div>`
    : html`<div class="undoable" data-seconds="${Math.ceil((until - now) / 1_000)}">${inner}</div>`;
};

/** The form that changes a post before it is sent, and sets when; null once it may not be changed any more. */
export const editorView = (editable: Editable, frame: Frame): Html | null => {
  const { row, id, token } = editable;
  if (!mayEdit(row)) return null;
  return html`<section aria-labelledby="edit-title"><h2 id="edit-title">Edit before it is sent</h2>
<form method="post" action="/edit" class="editor" id="${id}-edit">${hidden({ token, key: row.key, back: entryPath(row.key), editedAt: String(row.edited?.at ?? '') })}
${captionField(editable)}
${thumbnails(editable)}
${mediaField(editable)}
${timeField(editable)}
<div class="row"><button class="primary" id="${id}-save">Save</button></div></form>
${editedView(editable, frame)}
<div class="row">${snoozeView(editable, frame)}</div></section>`;
};
