import type { ActivityRow } from '../lib/core/activity/activity-row.ts';
import { activityText } from '../lib/core/activity/activity-text.ts';
import { entryPath, feedPath, within } from './address.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { dateIn, dayName, timeIn } from './days.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { foreign, option } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const perPage = 50;
/** Activities that one person’s are looked for in; one request reads them. */
const maxSearched = 500;

type Chosen = { by: string; before: string };

type Found = {
  rows: ActivityRow[];
  /** Everyone among those that were read. */
  people: string[];
  /** Where older ones start; null if there are none. */
  next: string | null;
};

const read = async ({ target }: ConsoleContext, { by, before }: Chosen): Promise<Found> => {
  const limit = by === '' ? perPage + 1 : maxSearched;
  const all = await target.activities.latest({ limit, ...(before !== '' && { before }) });
  const matching = by === '' ? all : all.filter((row) => row.by === by);
  const rows = matching.slice(0, perPage);
  const last = matching.length > perPage ? rows.at(-1) : all.length === limit ? all.at(-1) : undefined;
  const people = [...new Set([...all.map((row) => row.by), ...(by === '' ? [] : [by])])].sort();
  return { rows, people, next: last?.id ?? null };
};

const path = (chosen: Partial<Chosen>): string => within('/activity', chosen);

const about = (row: ActivityRow): Html => {
  const { verb, before, about: it, text, more } = activityText(row);
  if (it.kind === 'entry') return html`${verb} <a href="${entryPath(it.key)}">${foreign(text)}</a>${more}`;
  if (it.kind === 'feed') return html`${verb} ${before}<a href="${feedPath(it.id)}">${text}</a>${more}`;
  return html`${verb} ${foreign(text)}${more}`;
};

/** It is written before anything is done, so after a crash it may have been done, or only in part. */
const unfinished = html` <span class="caution">It may not have been completed.</span>`;

/** An action takes at most as long as a request of the console. */
const longestMs = 30_000;

const line = ({ config, status }: Frame, row: ActivityRow): Html =>
  html`<li class="step"><time class="quiet" datetime="${new Date(row.at).toISOString()}">${timeIn(config.timezone)(row.at)}</time> <strong>${foreign(row.by)}</strong> ${about(row)}${row.endedAt === null && row.at < status.at - longestMs && unfinished}</li>`;

const dayView = (frame: Frame, day: string, rows: readonly ActivityRow[]): Html =>
  html`<section aria-labelledby="day-${day}"><h2 id="day-${day}">${dayName(day)}</h2><ul class="lines">${rows.map((row) => line(frame, row))}</ul></section>`;

const filter = ({ people }: Found, { by }: Chosen): Html | null =>
  people.length === 0
    ? null
    : html`<form id="filter" class="filter" method="get" action="/activity"><p><label for="filter-by">Person</label><select id="filter-by" name="by">${option('', 'Everyone', by)}${people.map((one) => option(one, one, by))}</select></p><p><button>Show</button></p></form>`;

const empty = ({ by, before }: Chosen, { next }: Found): Html => {
  if (by !== '')
    return html`<p class="empty">${next === null ? 'Nothing' : `Nothing in these ${maxSearched.toLocaleString('en')} actions`} by ${foreign(by)}. <a href="/activity">Show everyone</a></p>`;
  if (before !== '') return html`<p class="empty">Nothing older. <a href="/activity">Latest</a></p>`;
  return html`<p class="empty">Nobody has done anything yet. When someone approves, edits, releases or dismisses an entry, pauses posting or polls a feed, here or with a command, it is listed with their name. <a href="/entries?state=waits">See the entries that need a decision</a></p>`;
};

const pages = ({ by, before }: Chosen, { next }: Found): Html | null =>
  before === '' && next === null
    ? null
    : html`<nav class="pages" aria-label="Pages of the list">
${before !== '' && html`<a href="${path({ by })}">Latest</a>`}
${next !== null && html`<a href="${path({ by, before: next })}" rel="next">Older</a>`}
</nav>`;

const maxBy = 300;
const maxBefore = 100;

/** Who did what, the latest first, by day in the time zone of feeds.yml; of everyone, or of one person. */
export const activity = async (
  context: ConsoleContext,
  query: URLSearchParams,
  notice: Notice | null,
): Promise<ConsoleResponse> => {
  const chosen = {
    by: (query.get('by') ?? '').slice(0, maxBy),
    before: (query.get('before') ?? '').slice(0, maxBefore),
  };
  const [frame, found] = await Promise.all([readFrame(context), read(context, chosen)]);
  const dateOf = dateIn(frame.config.timezone);
  const days = Map.groupBy(found.rows, ({ at }) => dateOf(at));
  const body = html`<h1>Activity</h1>
<p class="lead">What people did here or with a command, in the last 90 days. Times are those of ${frame.config.timezone}.</p>
${filter(found, chosen)}
<div id="activity" data-live>${found.rows.length === 0 ? empty(chosen, found) : [...days].map(([day, rows]) => dayView(frame, day, rows))}
${pages(chosen, found)}</div>`;
  // A person's actions are looked for among many, which is not repeated every minute.
  const isLive = chosen.by === '';
  return page(layout(context, frame, { title: 'Activity', here: 'activity', body, notice, isLive }));
};
