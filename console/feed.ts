import { titleOf } from '../cli/format-entry.ts';
import { feedScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { FeedConfig } from '../lib/core/config/config.ts';
import { readMemory } from '../lib/core/entries/memory/fact-memory.ts';
import { memoryTraits } from '../lib/core/entries/memory/format-memory.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { historyLines } from '../lib/core/operator/explain.ts';
import type { FeedRow } from '../lib/core/polling/feed-row.ts';
import type { FeedStatus } from '../lib/jobs/operator/read-status.ts';
import { away, entryPath, feedPath, within } from './address.ts';
import { batchCard } from './batch-card.ts';
import { type ConsoleContext, feedIn, readSnapshot, type Snapshot } from './context.ts';
import { troubleWords } from './feeds-table.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { button, chip, fact, foreign, lastText, moment, plural, publishedAt, sums, tile } from './pieces.ts';
import { pollsView } from './polls-view.ts';
import { feedSwitch } from './posting-panel.ts';
import { rateView } from './rate-view.ts';
import { type ConsoleResponse, page, seeOther } from './response.ts';

/** The page of one feed: its polls, its last entries and its actions. Throws permanent `feed.unknown`. */
export const feed = async (
  context: ConsoleContext,
  id: string,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  if (hasOnlyEntries(snapshot, id)) return seeOther(within('/entries', { feed: id }));
  const config = feedIn(snapshot, id);
  const row = await context.target.feedStore.read(id);
  const body = html`<h1>${id}</h1>
<div id="feed" data-live>${about(context, snapshot, config)}</div>
${batchesOf(context, snapshot, id)}
<section id="learned" aria-labelledby="learned-title" data-live><h2 id="learned-title">What was learned about its entries</h2>${learned(snapshot, config)}</section>
<section id="window" aria-labelledby="window-title" data-live><h2 id="window-title">Entries now on the feed</h2>${lastWindow(snapshot, config, row)}</section>
<section id="rate" aria-labelledby="rate-title" data-live><h2 id="rate-title">Rate and interval</h2>${rateView(snapshot, statusOf(snapshot, config), row)}</section>
<section id="polls" aria-labelledby="polls-title" data-live><h2 id="polls-title">Polls</h2>${pollsView(context.readPolls?.(id) ?? null, { words: snapshot.words, now: snapshot.status.at })}</section>`;
  return page(layout(context, snapshot, { title: id, here: 'feeds', body, notice, isLive: true }));
};

/** A webhook without a feed, or a feed that is no longer in feeds.yml, has entries only. */
const hasOnlyEntries = ({ config, rows }: Snapshot, id: string): boolean =>
  !config.feeds.some((one) => one.id === id) && rows.some((row) => row.feed === id);

const statusOf = ({ status }: Snapshot, { id }: FeedConfig): FeedStatus =>
  status.feeds.find((one) => one.id === id) as FeedStatus; // readStatus includes every feed of the config

const about = (context: ConsoleContext, snapshot: Snapshot, config: FeedConfig): Html => {
  const { words } = snapshot;
  const status = statusOf(snapshot, config);
  const path = feedPath(config.id);
  return html`<p class="lead">${chip(status.health)} ${away(config.url, config.url)} · brand ${config.brandId}</p>
${troubleWords(snapshot, status)}
<dl class="tiles">
${tile('last success', moment(words, status.lastSuccess), 'by schedule')}
${tile('last change', moment(words, status.changedAt))}
${tile('next poll', status.nextPoll === null ? 'never' : moment(words, status.nextPoll), status.reason)}
${tile('entries', html`<a href="${within('/entries', { feed: config.id })}">${Object.values(status.entries).reduce((all, one) => all + one, 0)}</a>`, sums(status.entries))}
</dl>
<div class="row">
${button(`${path}/preview`, context.token, { words: 'Preview', look: 'primary' })}
${context.target.isRunning && button(`${path}/poll`, context.token, { words: 'Poll now' })}
${feedSwitch(context, snapshot, feedScope(config.id), path)}
</div>`;
};

const batchesOf = ({ token }: ConsoleContext, { status, words }: Snapshot, id: string): Html | null => {
  const held = status.batches.filter(({ feed }) => feed === id);
  const needs = { words, token, back: feedPath(id), level: 3 } as const;
  return held.length === 0
    ? null
    : html`<section id="held" aria-labelledby="held-title" data-live><h2 id="held-title">Held together</h2>${held.map((batch) => batchCard(batch, needs))}</section>`;
};

const learned = (snapshot: Snapshot, config: FeedConfig): Html => {
  const { memory } = statusOf(snapshot, config);
  if (memory === null) return html`<p class="quiet">Nothing yet; the feed has not been polled.</p>`;
  const traits = memoryTraits(memory, snapshot.words.time);
  return html`<dl class="facts">${traits.map(({ name, text }) => fact(name, text))}</dl>`;
};

const windowRow = ({ words }: Snapshot, row: EntryRow): Html => html`<tr>
<th scope="row"><a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a></th>
<td data-label="published">${moment(words, publishedAt(row))}</td>
<td data-label="state">${chip(row.state)}</td>
<td data-label="why">${foreign(lastText(historyLines(row)))}</td>
</tr>`;

/** Entries of the last document that the ledger knows; the feed's row holds only their keys and hashes. */
const lastWindow = (snapshot: Snapshot, { id, url }: FeedConfig, row: FeedRow | null): Html => {
  const isRead = row !== null && row.url === url && row.facts !== null;
  if (!isRead) return html`<p class="quiet">The feed has not been polled yet.</p>`;
  const shown = new Set(readMemory(row.facts).window.map(({ story }) => story));
  const known = snapshot.rows
    .filter(({ key }) => shown.has(key))
    .sort((a, b) => publishedAt(b) - publishedAt(a));
  const others = Math.max(0, shown.size - known.length);
  return html`<p>${plural(shown.size, 'entry', 'entries')} at the last change, ${moment(snapshot.words, row.changedAt)}.</p>
${known.length > 0 && html`<table class="cards"><thead><tr><th scope="col">entry</th><th scope="col">published</th><th scope="col">state</th><th scope="col">why</th></tr></thead><tbody>${known.map((one) => windowRow(snapshot, one))}</tbody></table>`}
${others > 0 && html`<p class="quiet">${others} more ${others === 1 ? 'belongs' : 'belong'} to another feed of the brand or to a webhook, or ${others === 1 ? 'has' : 'have'} expired. <a href="${within('/entries', { feed: id })}">All entries of the feed</a></p>`}`;
};
