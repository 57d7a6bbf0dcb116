import { feedScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { readMemory } from '../lib/core/entries/memory/fact-memory.ts';
import { memoryTraits } from '../lib/core/entries/memory/format-memory.ts';
import type { OpenBatch } from '../lib/core/entries/open-batches.ts';
import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { historyLines } from '../lib/core/operator/explain.ts';
import type { FeedRow } from '../lib/core/polling/feed-row.ts';
import { readListed } from '../lib/jobs/operator/list-entries.ts';
import { type FeedStatus, readFeeds } from '../lib/jobs/operator/read-feeds.ts';
import { readBatches } from '../lib/jobs/operator/read-health.ts';
import { away, entryPath, feedPath, within } from './address.ts';
import { batchCard } from './batch-card.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { troubleWords } from './feeds-table.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import {
  button,
  chip,
  coming,
  fact,
  foreign,
  lastText,
  moment,
  plural,
  publishedAt,
  tile,
} from './pieces.ts';
import { pollsView } from './polls-view.ts';
import { feedSwitch } from './posting-panel.ts';
import { rateView } from './rate-view.ts';
import { type ConsoleResponse, page, seeOther } from './response.ts';
import { feedSettings, settingsView } from './settings-view.ts';

/** The page of one feed: its polls, its last entries and its actions. One that is not in feeds.yml has entries only. */
export const feed = async (
  context: ConsoleContext,
  id: string,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const config = frame.config.feeds.find((one) => one.id === id);
  if (!config) return seeOther(within('/entries', { feed: id }));
  const found = await readFeed(context, frame, config);
  const body = html`<h1>${id}</h1>
<div id="feed" data-live>${about(context, frame, found)}</div>
${batchesOf(context, frame, found)}
${settingsView('settings', feedSettings(config))}
<section id="learned" aria-labelledby="learned-title" data-live><h2 id="learned-title">What was learned about its entries</h2>${learned(frame, found)}</section>
<section id="window" aria-labelledby="window-title" data-live><h2 id="window-title">Entries now on the feed</h2>${lastWindow(frame, found)}</section>
<section id="rate" aria-labelledby="rate-title" data-live><h2 id="rate-title">Rate and interval</h2>${rateView(frame, found.status, found.row)}</section>
<section id="polls" aria-labelledby="polls-title" data-live><h2 id="polls-title">Polls</h2>${pollsView(context.readPolls?.(id) ?? null, { words: frame.words, now: frame.status.at })}</section>`;
  return page(layout(context, frame, { title: id, here: 'feeds', body, notice, isLive: true }));
};

/** What is read of one feed. `window`: entries of its last document, as far as its row remembers them. */
type FeedView = {
  config: FeedConfig;
  status: FeedStatus;
  row: FeedRow | null;
  batches: OpenBatch[];
  window: string[];
  known: EntryRow[];
};

/** Entries of the last document that are shown. */
const maxWindow = 100;

const windowOf = ({ url }: FeedConfig, row: FeedRow | null): string[] =>
  row !== null && row.url === url && row.facts !== null
    ? [...new Set(readMemory(row.facts).window.map(({ story }) => story))]
    : [];

const readFeed = async ({ target }: ConsoleContext, frame: Frame, config: FeedConfig): Promise<FeedView> => {
  const { ledger, feedStore } = target;
  const { at: now, lastTick } = frame.status;
  const [{ feeds }, row, batches] = await Promise.all([
    readFeeds(feedStore, { feeds: [config], lastTick, now, isRunning: target.isRunning }),
    feedStore.read(config.id),
    readBatches(ledger, feedStore),
  ]);
  const window = windowOf(config, row);
  const keys = window.slice(0, maxWindow).map((key) => ({ key }));
  return {
    config,
    status: feeds[0] as FeedStatus,
    row,
    batches: batches.filter(({ feed }) => feed === config.id),
    window,
    known: await readListed(ledger, keys),
  };
};

const about = (context: ConsoleContext, frame: Frame, { config, status }: FeedView): Html => {
  const { words } = frame;
  const path = feedPath(config.id);
  return html`<p class="lead">${chip(status.health)} ${away(config.url, config.url)} · brand ${config.brandId}</p>
${troubleWords(frame, status)}
<dl class="tiles">
${tile('last success', moment(words, status.lastSuccess), 'by schedule')}
${tile('last change', moment(words, status.changedAt))}
${tile('next poll', status.nextPoll === null ? (context.target.isRunning ? 'never' : '–') : coming(words, status.nextPoll), status.reason)}
</dl>
<div class="row">
${button(`${path}/preview`, context.token, { words: 'Preview', look: 'primary' })}
${context.target.isRunning && button(`${path}/poll`, context.token, { words: 'Poll now' })}
${feedSwitch(context, frame, feedScope(config.id), path)}
<a class="action" href="${within('/entries', { feed: config.id })}">Its entries</a>
</div>`;
};

const batchesOf = (
  { token }: ConsoleContext,
  { config, words }: Frame,
  { config: { id }, batches: held }: FeedView,
): Html | null => {
  const needs = { config, words, token, back: feedPath(id), level: 3 } as const;
  return held.length === 0
    ? null
    : html`<section id="held" aria-labelledby="held-title" data-live><h2 id="held-title">Held together</h2>${held.map((batch) => batchCard(batch, needs))}</section>`;
};

const learned = (frame: Frame, { status: { memory } }: FeedView): Html => {
  if (memory === null) return html`<p class="quiet">Nothing yet; the feed has not been polled.</p>`;
  const traits = memoryTraits(memory, frame.words.time);
  return html`<dl class="facts">${traits.map(({ name, text }) => fact(name, text))}</dl>`;
};

const windowRow = ({ words }: Frame, row: EntryRow): Html => html`<tr>
<th scope="row"><a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a></th>
<td data-label="published">${moment(words, publishedAt(row))}</td>
<td data-label="state">${chip(row.state)}</td>
<td data-label="why">${foreign(lastText(historyLines(row)))}</td>
</tr>`;

/** Entries of the last document that the ledger knows; the feed's row holds only their keys and hashes. */
const lastWindow = (frame: Frame, { config: { id }, row, window, known }: FeedView): Html => {
  if (row === null || window.length === 0)
    return html`<p class="quiet">${row?.facts ? 'Its last document had no entries.' : 'The feed has not been polled yet.'}</p>`;
  const shown = known.toSorted((a, b) => publishedAt(b) - publishedAt(a));
  const others = Math.max(0, Math.min(window.length, maxWindow) - known.length);
  const more = window.length - maxWindow;
  return html`<p>${plural(window.length, 'entry', 'entries')} at the last change, ${moment(frame.words, row.changedAt)}.</p>
${shown.length > 0 && html`<table class="cards"><thead><tr><th scope="col">entry</th><th scope="col">published</th><th scope="col">state</th><th scope="col">why</th></tr></thead><tbody>${shown.map((one) => windowRow(frame, one))}</tbody></table>`}
${others > 0 && html`<p class="quiet">${others} more ${others === 1 ? 'belongs' : 'belong'} to another feed of the brand or to a webhook, or ${others === 1 ? 'has' : 'have'} expired. <a href="${within('/entries', { feed: id })}">All entries of the feed</a></p>`}
${more > 0 && html`<p class="quiet">${more.toLocaleString('en')} older ones are not shown.</p>`}`;
};
