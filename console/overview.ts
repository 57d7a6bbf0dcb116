import { titleOf } from '../cli/format-entry.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { historyLines } from '../lib/core/operator/explain.ts';
import { entryPath, within } from './address.ts';
import { dayChart } from './chart.ts';
import { type ConsoleContext, readSnapshot, type Snapshot } from './context.ts';
import { daysOf } from './days.ts';
import { entryCounts, waitsForPerson } from './entry-counts.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { chip, foreign, lastText, moment, tile } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const chartDays = 14;
const shownRows = 5;
const day = 86_400_000;
const hour = 3_600_000;

/** The overview: figures, entries per day and the latest drafts. */
export const overview = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const snapshot = await readSnapshot(context);
  const { rows, status } = snapshot;
  const body = html`<h1>Overview</h1>
<section id="figures" aria-label="Figures" data-live><dl class="tiles">${tiles(snapshot)}</dl></section>
<section id="chart" aria-labelledby="chart-title" data-live><h2 id="chart-title">Entries per day</h2>${dayChart(daysOf(rows, status.at, chartDays), 'chart-table')}</section>
<section id="latest" aria-labelledby="latest-title" data-live><h2 id="latest-title">Latest drafts</h2>${latest(snapshot)}</section>`;
  return page(layout(context, snapshot, { title: 'Overview', here: 'overview', body, notice, isLive: true }));
};

const draftedAt = (row: EntryRow): number =>
  row.history.findLast(({ state }) => state === 'drafted')?.at ?? row.seenAt;

const draftsSince = (rows: EntryRow[], at: number): number =>
  rows.filter((row) => row.state === 'drafted' && draftedAt(row) > at).length;

const tiles = ({ rows, status, words }: Snapshot): Html[] => {
  const counts = entryCounts(rows);
  const { queues, oldestQueuedAt, ratePerMinute, at } = status;
  const dead = queues ? queues.feedsDeadLetters + queues.draftsDeadLetters : 0;
  const onWay = counts.queued + counts.drafting;
  return [
    tile('drafts in a day', draftsSince(rows, at - day), `${counts.drafted.toLocaleString('en')} in all`),
    tile(
      'need a decision',
      counts.waits > 0 ? html`<a href="${within('/entries', { state: 'waits' })}">${counts.waits}</a>` : '0',
      counts.waits > 0 ? 'held, rejected or unknown' : 'nothing to decide',
    ),
    tile(
      'in progress',
      onWay,
      oldestQueuedAt === null ? 'nothing waits' : html`oldest ${moment(words, oldestQueuedAt)}`,
    ),
    tile(
      'queued messages',
      queues ? queues.feeds + queues.drafts : '–',
      queues ? html`${queues.feeds} to poll · ${queues.drafts} to send` : 'not running',
    ),
    tile(
      'dead letters',
      queues ? dead : '–',
      dead > 0 ? html`<span class="alarm">messages failed five times</span>` : 'none failed five times',
    ),
    tile(
      'drafts in an hour',
      draftsSince(rows, at - hour),
      `at most ${ratePerMinute.toLocaleString('en')} a minute`,
    ),
  ];
};

const rowLine = ({ words }: Snapshot, row: EntryRow): Html => html`<li>
<a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a> ${chip(row.state)}
<span class="quiet">${row.feed} · ${moment(words, row.history.at(-1)?.at ?? row.seenAt)}</span>
${waitsForPerson(row) && html`<p>${foreign(lastText(historyLines(row)))}</p>`}
</li>`;

const latest = (snapshot: Snapshot): Html => {
  const rows = snapshot.rows
    .filter(({ state }) => state === 'drafted')
    .sort((a, b) => draftedAt(b) - draftedAt(a));
  if (rows.length === 0) return html`<p class="quiet">None yet.</p>`;
  return html`<ul class="lines">${rows.slice(0, shownRows).map((row) => rowLine(snapshot, row))}</ul>`;
};
