import * as v from 'valibot';
import { type FeedStatus, readFeeds } from '../lib/jobs/operator/read-feeds.ts';
import { within } from './address.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { feedsTable } from './feeds-table.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { plural } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const perPage = 50;

const healths = ['failing', 'gone', 'paused', 'never polled', 'ok'] as const;
const sorts = ['health', 'name', 'next poll', 'last change'] as const;

/** Filter and order of the list. Parameters that cannot be read are ignored. */
type ChosenFeeds = {
  text: string;
  health: (typeof healths)[number] | '';
  sort: (typeof sorts)[number];
  page: number;
};

export const chosenFeeds = (query: URLSearchParams): ChosenFeeds => {
  const [health, sort] = [query.get('health') ?? '', query.get('sort') ?? ''];
  const at = Number(query.get('page') ?? '1');
  return {
    text: (query.get('text') ?? '').slice(0, 200),
    health: v.is(v.picklist(healths), health) ? health : '',
    sort: v.is(v.picklist(sorts), sort) ? sort : 'health',
    page: Number.isSafeInteger(at) && at > 0 ? at : 1,
  };
};

const never = Number.POSITIVE_INFINITY;

const orders: Record<ChosenFeeds['sort'], (feed: FeedStatus) => number> = {
  health: ({ health }) => healths.indexOf(health),
  name: () => 0,
  'next poll': ({ nextPoll }) => nextPoll ?? never,
  'last change': ({ changedAt }) => -(changedAt ?? -never),
};

/** Matching feeds in the given order, then by ID. */
export const chooseFeeds = (
  feeds: readonly FeedStatus[],
  { text, health, sort }: Omit<ChosenFeeds, 'page'>,
): FeedStatus[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const order = orders[sort];
  return feeds
    .filter((feed) => health === '' || feed.health === health)
    .filter(({ id, url }) => words.every((word) => `${id} ${url}`.toLowerCase().includes(word)))
    .sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));
};

/** The feeds page; failing feeds first. */
export const feeds = async (
  context: ConsoleContext,
  query: URLSearchParams,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const { at: now, lastTick } = frame.status;
  const read = await readFeeds(context.target.feedStore, { feeds: frame.config.feeds, lastTick, now });
  const chosen = chosenFeeds(query);
  const body = html`<h1>Feeds</h1>
<form id="filter" class="filter" method="get" action="/feeds" role="search">${filters(chosen)}</form>
<section id="results" aria-label="Feeds" data-live>${results(context, frame, { chosen, feeds: read.feeds })}</section>`;
  return page(layout(context, frame, { title: 'Feeds', here: 'feeds', body, notice, isLive: true }));
};

const select = (name: string, label: string, options: readonly string[], chosen: string): Html =>
  html`<p><label for="filter-${name}">${label}</label><select id="filter-${name}" name="${name}">${options.map((one) => (one === chosen ? html`<option value="${one}" selected>${one || 'any'}</option>` : html`<option value="${one}">${one || 'any'}</option>`))}</select></p>`;

const filters = ({ text, health, sort }: ChosenFeeds): Html =>
  html`<p><label for="filter-text">Search</label><input id="filter-text" type="search" name="text" value="${text}" autocomplete="off" placeholder="ID or address"></p>
${select('health', 'Health', ['', ...healths], health)}
${select('sort', 'Sort by', sorts, sort)}
<p><button>Show</button></p>`;

type View = { chosen: ChosenFeeds; feeds: readonly FeedStatus[] };

const results = (context: ConsoleContext, frame: Frame, { chosen, feeds: all }: View): Html => {
  const found = chooseFeeds(all, chosen);
  const last = Math.max(1, Math.ceil(found.length / perPage));
  const at = Math.min(chosen.page, last);
  const shown = found.slice((at - 1) * perPage, at * perPage);
  return html`<p id="found" class="quiet" role="status">${plural(found.length, 'feed')}${last > 1 && `, page ${at} of ${last}`}</p>
${feedsTable(context, frame, shown)}
${last > 1 && pager(chosen, at, last)}`;
};

const pager = (chosen: ChosenFeeds, at: number, last: number): Html => {
  const to = (page: number, text: string) =>
    html`<a href="${within('/feeds', { ...chosen, page })}">${text}</a>`;
  return html`<nav class="pages" aria-label="Pages of feeds">${at > 1 && to(at - 1, 'Previous')} ${at < last && to(at + 1, 'Next')}</nav>`;
};
