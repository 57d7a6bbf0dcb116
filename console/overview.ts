import { titleOf } from '../lib/core/entries/title-of.ts';
import { type ListGroup, listGroups, placeAt } from '../lib/core/ledger/list-place.ts';
import type { EntryRow, ListedRow } from '../lib/core/ledger/row.ts';
import { countLimit, countText } from '../lib/core/operator/count-text.ts';
import { readListed } from '../lib/jobs/operator/list-entries.ts';
import type { QueueDepths } from '../lib/jobs/operator/read-health.ts';
import { entryPath, within } from './address.ts';
import { dayChart } from './chart.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { daysOf } from './days.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { chip, foreign, moment, tile } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const chartDays = 14;
const shownRows = 5;
const day = 86_400_000;

type Figures = {
  /** Entries first seen in the days of the chart, and all that are on their way. */
  rows: ListedRow[];
  sending: ListedRow[];
  drafts: EntryRow[];
  drafted: number;
  queues: QueueDepths | null;
};

const readFigures = async ({ target }: ConsoleContext, now: number): Promise<Figures> => {
  const { ledger, queueDepths } = target;
  const since = now - chartDays * day;
  const limit = countLimit + 1;
  const groups: ListGroup[] = listGroups.filter((group) => group !== 'baselined');
  const [pages, queues] = await Promise.all([
    Promise.all(
      groups.map((group) => ledger.listed({ group, limit, ...(group !== 'sending' && { since }) })),
    ),
    queueDepths(),
  ]);
  const of = (wanted: ListGroup) => pages[groups.indexOf(wanted)]?.rows ?? [];
  return {
    rows: pages.flatMap(({ rows }) => rows),
    sending: of('sending'),
    drafts: await readListed(ledger, of('drafted').slice(0, shownRows)),
    drafted: of('drafted').filter(({ listAt }) => listAt >= placeAt(now - day)).length,
    queues,
  };
};

/** The overview: figures, entries per day and the latest drafts. */
export const overview = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const { at } = frame.status;
  const figures = await readFigures(context, at);
  const body = html`<h1>Overview</h1>
<section id="figures" aria-label="Figures" data-live><dl class="tiles">${tiles(frame, figures)}</dl></section>
${adminNote}
<section id="chart" aria-labelledby="chart-title" data-live><h2 id="chart-title">Entries per day</h2>${dayChart(daysOf(figures.rows, { now: at, days: chartDays, timeZone: frame.config.timezone }), 'chart-table')}<p class="quiet">Days are those of ${frame.config.timezone}.</p>${figures.rows.length > countLimit && html`<p class="quiet">Of each state, at most the latest ${countLimit.toLocaleString('en')} entries are counted.</p>`}</section>
<section id="latest" aria-labelledby="latest-title" data-live><h2 id="latest-title">Latest drafts</h2>${latest(frame, figures)}</section>`;
  return page(layout(context, frame, { title: 'Overview', here: 'overview', body, notice, isLive: true }));
};

/** The terms of the queues, for those who look there. */
const adminNote = html`<details class="admin" id="figures-admin"><summary>For your admin</summary><p>Tasks are messages in the queues for feeds and drafts; those given up are in the dead-letter queues. <code>status</code> shows both.</p></details>`;

const oldestOf = (rows: readonly ListedRow[]): number | null =>
  rows.length === 0 || rows.length > countLimit
    ? null
    : rows.reduce((oldest, { seenAt }) => Math.min(oldest, seenAt), Number.POSITIVE_INFINITY);

const tiles = ({ config, words }: Frame, { sending, drafted, queues }: Figures): Html[] => {
  const dead = queues ? queues.feedsDeadLetters + queues.draftsDeadLetters : 0;
  const oldest = oldestOf(sending);
  return [
    tile(
      'drafts in a day',
      countText(drafted),
      `at most ${config.dash.ratePerMinute.toLocaleString('en')} a minute`,
    ),
    tile(
      'in progress',
      html`<a href="${within('/entries', { state: 'queued' })}">${countText(sending.length)}</a>`,
      oldest === null ? (sending.length > 0 ? null : 'nothing waits') : html`oldest ${moment(words, oldest)}`,
    ),
    tile(
      'tasks waiting',
      queues ? queues.feeds + queues.drafts : '–',
      queues ? html`${queues.feeds} to read feeds · ${queues.drafts} to send` : 'not running',
    ),
    tile(
      'tasks given up',
      queues ? dead : '–',
      dead > 0 ? html`<span class="alarm">each failed five times</span>` : 'none failed five times',
    ),
  ];
};

const rowLine = ({ words }: Frame, row: EntryRow): Html => html`<li>
<a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a> ${chip(row.state)}
<span class="quiet">${row.feed} · ${moment(words, row.history.at(-1)?.at ?? row.seenAt)}</span>
</li>`;

const latest = (frame: Frame, { drafts }: Figures): Html =>
  drafts.length === 0
    ? html`<p class="quiet">No drafts yet. When a new entry appears on a feed, it becomes a draft in Dash Social and is listed here.</p>`
    : html`<ul class="lines">${drafts.map((row) => rowLine(frame, row))}</ul>`;
