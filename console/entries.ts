import { hasHooks } from '../lib/core/enrich/has-hooks.ts';
import { heldInBatch } from '../lib/core/entries/batch.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { groupOf, statesIn } from '../lib/core/ledger/list-place.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { countLimit, countText } from '../lib/core/operator/count-text.ts';
import { stateLabels } from '../lib/core/operator/explain.ts';
import { type Move, movesOf } from '../lib/core/operator/moves.ts';
import { readBatches } from '../lib/jobs/operator/read-health.ts';
import { type BatchNeeds, batchCard, batchPath } from './batch-card.ts';
import {
  type Chosen,
  type ChosenEntries,
  chooseEntries,
  chosenBy,
  chosenPath,
  type Kind,
  kinds,
} from './choose-entries.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { selectionForm } from './decide-many.ts';
import { entryCard } from './entry-card.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { hidden, option, plural } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const perPage = 25;

type Found = ChosenEntries & { batches: OpenBatch[]; total: number | null };

/** Entries, the latest first, filtered by feed, state, batch and text. */
export const entries = async (
  context: ConsoleContext,
  query: URLSearchParams,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const chosen = chosenBy(query);
  const [frame, found] = await Promise.all([readFrame(context), find(context, chosen)]);
  const body = html`<h1>Entries</h1>
<form id="filter" class="filter" method="get" action="/entries" role="search">${filters(frame, chosen)}</form>
<section id="results" aria-label="Results" data-live>${results(context, frame, { chosen, found })}</section>`;
  return page(layout(context, frame, { title: 'Entries', here: 'entries', body, notice, isLive: true }));
};

/** Lists of what is held show its batches, too. */
const batchesFor = async (
  { target: { ledger, feedStore } }: ConsoleContext,
  { state, batch }: Chosen,
): Promise<OpenBatch[]> => {
  if (batch === '' && state !== 'held' && state !== 'waits') return [];
  return readBatches(ledger, feedStore);
};

/** The number of entries in a state; null if another filter is on, or several states are listed together. */
const totalOf = async (
  { target: { ledger } }: ConsoleContext,
  { state, feed, batch, text }: Chosen,
): Promise<number | null> => {
  if (state === '' || state === 'waits' || state === 'duplicates' || state === 'changed') return null;
  const group = groupOf(state);
  const isFiltered = feed !== '' || batch !== '' || text !== '' || statesIn(group).length > 1;
  return isFiltered ? null : ledger.count(group, countLimit + 1);
};

const find = async (context: ConsoleContext, chosen: Chosen): Promise<Found> => {
  const [found, batches, total] = await Promise.all([
    chooseEntries(context, chosen, perPage),
    batchesFor(context, chosen),
    totalOf(context, chosen),
  ]);
  return { ...found, batches, total };
};

const names: Record<Kind, string> = {
  waits: 'Needs a decision',
  duplicates: 'Possible duplicates',
  changed: 'Article changed after the draft',
  ...stateLabels,
};

/** Where no feed has a hook, no entry waits for one. */
const kindsFor = (config: Frame['config'], state: Chosen['state']): Kind[] =>
  kinds.filter((kind) => kind !== 'enriching' || kind === state || hasHooks(config));

const filters = ({ config }: Frame, { feed, state, batch, text }: Chosen): Html => {
  const owners = [...config.feeds, ...config.webhooks].map(({ id }) => id);
  const feeds = [...new Set(feed === '' ? owners : [...owners, feed])];
  return html`<p><label for="filter-text">Search</label><input id="filter-text" type="search" name="text" value="${text}" autocomplete="off" placeholder="title, link, ID"></p>
<p><label for="filter-feed">Feed</label><select id="filter-feed" name="feed">${option('', 'Any', feed)}${feeds.map((id) => option(id, id, feed))}</select></p>
<p><label for="filter-state">State</label><select id="filter-state" name="state">${option('', 'Everything new', state)}${kindsFor(config, state).map((kind) => option(kind, names[kind], state))}</select></p>
<p><button>Show</button></p>${batch !== '' && hidden({ batch })}`;
};

const isInOpenBatch = (row: EntryRow, batches: readonly OpenBatch[]): boolean =>
  batches.some(({ id }) => id === heldInBatch(row));

const counted = ({ rows, exact, next, total, searched, batches }: Found, shown: number): Html => {
  if (total !== null && total > 0) return html`${countText(total)} ${total === 1 ? 'entry' : 'entries'}`;
  const found = plural(rows.length + exact.length, 'entry', 'entries');
  const more =
    batches.length > 0 && shown < rows.length && `, ${plural(batches.length, 'batch', 'batches')} among them`;
  if (searched !== null)
    return html`${found} in the latest ${searched.toLocaleString('en')}${next !== null && '; older ones were not searched'}`;
  return next === null ? html`${found}${more}` : html`The latest ${found}${more}`;
};

/** Explains an empty list: nothing matches, or there is nothing yet. */
const empty = ({ feed, state, batch, text, after }: Chosen): Html | null => {
  if (batch !== '' || after !== '') return null;
  if (feed + state + text !== '')
    return html`<p class="empty">No entry matches. <a href="/entries">Show all entries</a></p>`;
  return html`<p class="empty">No entries yet. When something new appears on one of your feeds, it is listed here with its post, and becomes a draft in Dash Social. What was already on a feed when it was added is left out.</p>`;
};

const isGone = ({ feeds, webhooks }: Frame['config'], { feed }: Chosen): boolean =>
  feed !== '' && ![...feeds, ...webhooks].some(({ id }) => id === feed);

/** The decisions that at least one of the entries allows. */
const movesOn = (rows: readonly EntryRow[]): Move[] => [...new Set(rows.flatMap(movesOf))];

type View = { chosen: Chosen; found: Found };

const results = (
  context: ConsoleContext,
  { config, words, status }: Frame,
  { chosen, found }: View,
): Html => {
  const { token } = context;
  const needs = { config, words, now: status.at, token, back: chosenPath(chosen), level: 2 } as const;
  const batches = chosen.batch === '' && chosen.after === '' && chosen.text === '' ? found.batches : [];
  const alone = chosen.batch === '' ? found.rows.filter((row) => !isInOpenBatch(row, batches)) : found.rows;
  const { after: _, ...filter } = chosen;
  const selection = selectionForm(context, { moves: movesOn(alone), filter, path: needs.back });
  return html`${chosen.batch !== '' && ofBatch(found, chosen.batch, needs)}
${isGone(config, chosen) && html`<p class="caution">feeds.yml has no feed ${chosen.feed}. If it had one before, its entries are listed here.</p>`}
<p id="found" class="quiet" role="status">${counted(found, alone.length)}</p>
${found.exact.length > 0 && html`<h2>Exactly this</h2>${found.exact.map((row) => entryCard(row, needs))}<h2>Titles and links</h2>`}
${batches.map((batch) => batchCard(batch, needs))}
${alone.length > 0 && selection}
${alone.map((row) => entryCard(row, { ...needs, isSelectable: selection !== null }))}
${found.rows.length + found.exact.length + found.batches.length === 0 && empty(chosen)}
${pages(chosen, found)}`;
};

/** The batch whose entries are listed; links to the open batches when it holds nothing. */
const ofBatch = ({ batches }: Found, id: string, needs: BatchNeeds): Html => {
  const batch = batches.find((one) => one.id === id);
  if (batch) return batchCard(batch, { ...needs, isOpen: true });
  const open = batches.map((one) => html` <a href="${batchPath(one.id)}">${one.id}</a>`);
  return html`<p class="lead">Batch ${id} holds no entries. ${open.length === 0 ? 'No batch is open.' : html`Open batches:${open}`}</p>`;
};

const pages = (chosen: Chosen, { next }: Found): Html | null =>
  chosen.after === '' && next === null
    ? null
    : html`<nav class="pages" aria-label="Pages of the list">
${chosen.after !== '' && html`<a href="${chosenPath({ ...chosen, after: '' })}">Latest</a>`}
${next !== null && html`<a href="${chosenPath({ ...chosen, after: next })}" rel="next">Older</a>`}
</nav>`;
