import { states } from '../../lib/core/row.ts';
import { type Chosen, chooseEntries, chosenBy, chosenPath } from './choose-entries.ts';
import { entryCard } from './entry-card.ts';
import { entryCounts, type Kind } from './entry-counts.ts';
import { type House, readSnapshot, type Snapshot } from './house.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { plural } from './pieces.ts';
import { page, type Reply } from './reply.ts';

const perPage = 25;

/** Entries: by feed, state and text, the newest first. */
export const entries = async (
  house: House,
  query: URLSearchParams,
  notice: Notice | null,
): Promise<Reply> => {
  const snapshot = await readSnapshot(house);
  const chosen = chosenBy(query);
  const body = html`<h1>Entries</h1>
<form id="filter" class="filter" method="get" action="/entries" role="search">${filters(snapshot, chosen)}</form>
<section id="results" aria-label="Results" data-live>${results(house, snapshot, chosen)}</section>`;
  return page(layout(house, snapshot, { title: 'Entries', here: 'entries', body, notice, isLive: true }));
};

const option = (value: string, words: string, chosen: string): Html =>
  value === chosen
    ? html`<option value="${value}" selected>${words}</option>`
    : html`<option value="${value}">${words}</option>`;

const kinds: Kind[] = ['waits', 'duplicates', ...states];
const names: Partial<Record<Kind, string>> = { waits: 'waits for you', duplicates: 'possible duplicates' };

const filters = ({ rows, config }: Snapshot, { feed, state, text }: Chosen): Html => {
  const counts = entryCounts(rows);
  const feeds = [...new Set([...config.feeds.map(({ id }) => id), ...rows.map((row) => row.feed)])];
  const name = (kind: Kind) => `${names[kind] ?? kind} (${counts[kind]})`;
  return html`<p><label for="filter-text">with the words</label><input id="filter-text" type="search" name="text" value="${text}" autocomplete="off" placeholder="title, caption, link, id"></p>
<p><label for="filter-feed">of the feed</label><select id="filter-feed" name="feed">${option('', 'any', feed)}${feeds.map((id) => option(id, id, feed))}</select></p>
<p><label for="filter-state">that are</label><select id="filter-state" name="state">${option('', 'anything', state)}${kinds.map((kind) => option(kind, name(kind), state))}</select></p>
<p><button>Show</button></p>`;
};

const results = ({ token }: House, { rows, words, status }: Snapshot, chosen: Chosen): Html => {
  const found = chooseEntries(rows, chosen);
  const last = Math.max(1, Math.ceil(found.length / perPage));
  const at = { ...chosen, page: Math.min(chosen.page, last) };
  const shown = found.slice((at.page - 1) * perPage, at.page * perPage);
  const needs = { words, now: status.at, token, back: chosenPath(at) };
  return html`<p id="found" class="quiet" role="status">${plural(found.length, 'entry', 'entries')}${last > 1 && `, page ${at.page} of ${last}`}</p>
${shown.map((row) => entryCard(row, needs))}
${last > 1 && pages(at, last)}`;
};

const pages = (at: Chosen, last: number): Html => html`<nav class="pages" aria-label="Pages of the list">
${at.page > 1 && html`<a href="${chosenPath({ ...at, page: at.page - 1 })}" rel="prev">Newer</a>`}
${at.page < last && html`<a href="${chosenPath({ ...at, page: at.page + 1 })}" rel="next">Older</a>`}
</nav>`;
