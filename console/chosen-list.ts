import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { historyLines } from '../lib/core/operator/explain.ts';
import { entryPath } from './address.ts';
import type { Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { foreign, lastText, plural } from './pieces.ts';

/** Entries that are listed; the rest is counted. */
const maxListed = 10;

const datedText = (published: string | null, { words }: Pick<Frame, 'words'>): string => {
  const at = Date.parse(published ?? '');
  return Number.isNaN(at) ? 'no date' : `dated ${words.time(at)}`;
};

const line = (row: EntryRow, frame: Pick<Frame, 'words'>): Html =>
  html`<li><a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a> <span class="quiet">${row.feed} · ${datedText(row.published, frame)}</span><p>${foreign(lastText(historyLines(row)))}</p></li>`;

/** The first of the entries that a decision is about, each with its date and why it waits. */
export const chosenList = (rows: readonly EntryRow[], frame: Pick<Frame, 'words'>): Html => {
  const more = rows.length - maxListed;
  return html`<ul id="chosen" class="lines">${rows.slice(0, maxListed).map((row) => line(row, frame))}${more > 0 && html`<li class="quiet">and ${plural(more, 'other')}</li>`}</ul>`;
};
