import { permanent } from '../../lib/core/errors.ts';
import { stateWords } from '../../lib/core/explain.ts';
import { postBody } from '../../lib/core/post-body.ts';
import { postNotes } from '../../lib/core/posts/post-notes.ts';
import type { EntryRow } from '../../lib/core/row.ts';
import { linksIn, tiktokRules } from '../../lib/core/tiktok-rules.ts';
import { toType, type Where } from '../../lib/core/what-to-type.ts';
import { titleOf } from '../cli/entry-words.ts';
import { away, entryPath } from './address.ts';
import { factsLine, historyView, idOf, moreView } from './entry-card.ts';
import { type House, readSnapshot, type Snapshot } from './house.ts';
import { type Child, type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { movesView } from './moves-view.ts';
import type { Notice } from './notices.ts';
import { chip, foreign } from './pieces.ts';
import { notesView, postView, rulesView, thumbnailOf } from './post-view.ts';
import { page, type Reply } from './reply.ts';

/** One entry: all there is to know of it. Throws permanent `entry.unknown`. */
export const entry = async (house: House, key: string, notice: Notice | null): Promise<Reply> => {
  const snapshot = await readSnapshot(house);
  const row = snapshot.rows.find((one) => one.key === key);
  if (!row)
    throw permanent(
      'entry.unknown',
      'The ledger has no such entry: it was forgotten, or the address is cut.',
    );
  const title = titleOf(row);
  const body = html`<h1 dir="auto">${title}</h1><div id="entry" data-live>${about(house, snapshot, row)}</div>`;
  return page(layout(house, snapshot, { title, here: 'entries', body, notice, isLive: true }));
};

const about = ({ token, place }: House, { words, status }: Snapshot, row: EntryRow): Html => {
  const id = idOf(row.key);
  return html`<p class="lead">${chip(row.state)} ${stateWords[row.state]}</p>
${factsLine(row, words)}
${moreView(row, status.at)}
${movesView(row, id, { token, back: entryPath(row.key) })}
<div class="halves">
<section aria-labelledby="post-title"><h2 id="post-title">As TikTok would show it</h2>${postView(row.post, id, thumbnailOf(row))}${row.post && rulesView(tiktokRules(row.post, wholeLinks(row)))}${row.post && notesView(postNotes(row.post, null))}</section>
<section aria-labelledby="past-title"><h2 id="past-title">History</h2>${historyView(row, words)}</section>
</div>
${row.errors !== null && html`<section aria-labelledby="errors-title"><h2 id="errors-title">What Dash Social answered</h2><pre tabindex="0">${JSON.stringify(row.errors, null, 2)}</pre></section>`}
<section aria-labelledby="facts-title"><h2 id="facts-title">In the ledger</h2><dl class="facts">${facts(row, words.time, place.where)}</dl></section>
${row.post && html`<section aria-labelledby="body-title"><h2 id="body-title">Exactly what is sent</h2><pre tabindex="0">${JSON.stringify(JSON.parse(postBody(row.post)), null, 2)}</pre></section>`}`;
};

const wholeLinks = ({ link, title }: EntryRow): string[] => [
  ...(link === null ? [] : [link]),
  ...linksIn(title),
];

const fact = (name: string, value: Child): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const facts = (row: EntryRow, time: (at: number | null) => string, where: Where): Html[] => [
  fact('key', html`<code>${row.key}</code>`),
  fact('link', row.link === null ? '–' : away(row.link, row.link)),
  fact('published', foreign(row.published ?? '–')),
  fact('first seen', time(row.seenAt)),
  fact('not before', row.state === 'queued' ? time(row.dueAt) : '–'),
  fact('attempts', row.attempts),
  fact('when the answer is lost', row.whenUncertain.replace('_', ' ')),
  fact('command line', html`<code>${toType(`explain ${row.key}`, where)}</code>`),
];
