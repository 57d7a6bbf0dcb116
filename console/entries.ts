import { heldInBatch } from '../lib/core/entries/batch.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { type EntryRow, states } from '../lib/core/ledger/row.ts';
import { type BatchNeeds, batchCard, batchPath } from './batch-card.ts';
import { type Chosen, chooseEntries, chosenBy, chosenPath } from './choose-entries.ts';
import { type ConsoleContext, readSnapshot, type Snapshot } from './context.ts';
import { entryCard } from './entry-card.ts';
import { entryCounts, type Kind } from './entry-counts.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { hidden, plural } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const perPage = 25;

/** Entries, newest first, filtered by feed, state, batch and text. */
export const entries = async (
  context: ConsoleContext,
  query: URLSearchParams,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  const chosen = chosenBy(query);
  const body = html`<h1>Entries</h1>
<form id="filter" class="filter" method="get" action="/entries" role="search">${filters(snapshot, chosen)}</form>
<section id="results" aria-label="Results" data-live>${results(context, snapshot, chosen)}</section>`;
  return page(layout(context, snapshot, { title: 'Entries', here: 'entries', body, notice, isLive: true }));
};

const option = (value: string, words: string, chosen: string): Html =>
  value === chosen
    ? html`<option value="${value}" selected>${words}</option>`
    : html`<option value="${value}">${words}</option>`;

const kinds: Kind[] = ['waits', 'duplicates', ...states];
const names: Partial<Record<Kind, string>> = { waits: 'needs a decision', duplicates: 'possible duplicates' };

const filters = ({ rows, config }: Snapshot, { feed, state, batch, text }: Chosen): Html => {
  const counts = entryCounts(rows);
  const feeds = [...new Set([...config.feeds.map(({ id }) => id), ...rows.map((row) => row.feed)])];
  const name = (kind: Kind) => `${names[kind] ?? kind} (${counts[kind]})`;
  return html`<p><label for="filter-text">Search</label><input id="filter-text" type="search" name="text" value="${text}" autocomplete="off" placeholder="title, caption, link, ID"></p>
<p><label for="filter-feed">Feed</label><select id="filter-feed" name="feed">${option('', 'any', feed)}${feeds.map((id) => option(id, id, feed))}</select></p>
<p><label for="filter-state">State</label><select id="filter-state" name="state">${option('', 'anything', state)}${kinds.map((kind) => option(kind, name(kind), state))}</select></p>
<p><button>Show</button></p>${batch !== '' && hidden({ batch })}`;
};

/** An entry, or a held batch. */
type Item = { row: EntryRow } | { batch: OpenBatch };

/** A held batch is one item, unless the list is filtered by text or batch. */
const itemsOf = (found: EntryRow[], { status }: Snapshot, { batch, text }: Chosen): Item[] => {
  if (batch !== '' || text !== '') return found.map((row) => ({ row }));
  const batches = new Map(status.batches.map((one) => [one.id, one]));
  return found.flatMap((row): Item[] => {
    const id = heldInBatch(row);
    if (id === null) return [{ row }];
    const open = batches.get(id);
    return open && batches.delete(id) ? [{ batch: open }] : [];
  });
};

const counted = (found: EntryRow[], items: Item[]): string => {
  const batches = items.filter((item) => 'batch' in item).length;
  const entries = plural(found.length, 'entry', 'entries');
  return batches === 0 ? entries : `${entries}, ${plural(batches, 'batch', 'batches')} among them`;
};

const results = ({ token }: ConsoleContext, snapshot: Snapshot, chosen: Chosen): Html => {
  const { rows, words, status } = snapshot;
  const found = chooseEntries(rows, chosen);
  const items = itemsOf(found, snapshot, chosen);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const at = { ...chosen, page: Math.min(chosen.page, last) };
  const shown = items.slice((at.page - 1) * perPage, at.page * perPage);
  const needs = { words, now: status.at, token, back: chosenPath(at), level: 2 } as const;
  return html`${chosen.batch !== '' && ofBatch(snapshot, chosen.batch, needs)}
<p id="found" class="quiet" role="status">${counted(found, items)}${last > 1 && `, page ${at.page} of ${last}`}</p>
${shown.map((item) => ('row' in item ? entryCard(item.row, needs) : batchCard(item.batch, needs)))}
${last > 1 && pages(at, last)}`;
};

/** The batch whose entries are listed; links to the open batches when it holds nothing. */
const ofBatch = ({ status: { batches } }: Snapshot, id: string, needs: BatchNeeds): Html => {
  const batch = batches.find((one) => one.id === id);
  if (batch) return batchCard(batch, { ...needs, isOpen: true });
  const open = batches.map((one) => html` <a href="${batchPath(one.id)}">${one.id}</a>`);
  return html`<p class="lead">Batch ${id} holds no entries. ${open.length === 0 ? 'No batch is open.' : html`Open batches:${open}`}</p>`;
};

const pages = (at: Chosen, last: number): Html => html`<nav class="pages" aria-label="Pages of the list">
${at.page > 1 && html`<a href="${chosenPath({ ...at, page: at.page - 1 })}" rel="prev">Newer</a>`}
${at.page < last && html`<a href="${chosenPath({ ...at, page: at.page + 1 })}" rel="next">Older</a>`}
</nav>`;
