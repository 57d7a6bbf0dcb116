import { createHash } from 'node:crypto';
import type { Page } from '../cli/page.ts';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { historyLines, notesOn } from '../lib/core/operator/explain.ts';
import { away, entryPath, feedPath } from './address.ts';
import { batchPath } from './batch-card.ts';
import { type Html, html } from './html.ts';
import { movesView } from './moves-view.ts';
import { chip, foreign, lastText, moment } from './pieces.ts';
import { postView, thumbnailOf } from './post-view.ts';

/** An element ID for an entry. */
export const idOf = (key: string): string =>
  `e${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;

/** The history of an entry. */
export const historyView = (row: EntryRow, words: Page): Html =>
  html`<ol class="history">${historyLines(row).map(({ at, state, text }) => html`<li><time datetime="${new Date(at).toISOString()}">${words.time(at)}</time> ${chip(state)} <span>${foreign(text)}</span></li>`)}</ol>`;

/** Warnings about an entry. */
export const moreView = (row: EntryRow, now: number): Html[] =>
  notesOn(row, now).map((note) => html`<p class="caution">${foreign(note)}</p>`);

/** Feed, brand, age and link of an entry. */
export const factsLine = (row: EntryRow, words: Page): Html => html`<p class="facts">
<a href="${feedPath(row.feed)}">${row.feed}</a> · brand ${row.brand} · seen ${moment(words, row.seenAt)}${row.link !== null && html` · ${away(row.link)}`}${row.postId !== null && html` · draft ${row.postId}`}
</p>`;

type CardNeeds = {
  words: Page;
  now: number;
  token: string;
  back: string;
  /** It can be selected for the form `selection`. */
  isSelectable?: boolean;
};

/** An entry in a list: its post as TikTok shows it, the reason for its state, and its buttons. */
export const entryCard = (
  row: EntryRow,
  { words, now, token, back, isSelectable = false }: CardNeeds,
): Html => {
  const id = idOf(row.key);
  const batch = heldInBatch(row);
  return html`<article class="entry" id="${id}" aria-labelledby="${id}-title">
<header>${isSelectable && html`<label class="tick"><input type="checkbox" id="${id}-select" name="key" value="${row.key}" form="selection" aria-label="Select ${titleOf(row)}"></label>`}<h2 id="${id}-title"><a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a></h2>${chip(row.state)}</header>
${factsLine(row, words)}
${postView(row.post, id, thumbnailOf(row))}
<div class="aside"><p class="why"><span class="unseen">Why: </span>${foreign(lastText(historyLines(row)))}</p>
${batch !== null && html`<p class="quiet">Batch <a href="${batchPath(batch)}">${batch}</a></p>`}
${moreView(row, now)}
<details class="past" id="${id}-past"><summary>History (${row.history.length})</summary>${historyView(row, words)}</details>
${movesView(row, id, { token, back })}</div>
</article>`;
};
