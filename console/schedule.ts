import { titleOf } from '../lib/core/entries/title-of.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { stopOf } from '../lib/core/operator/waiting.ts';
import { modeOf } from '../lib/core/posts/exceeds-publish.ts';
import { readListed } from '../lib/jobs/operator/list-entries.ts';
import { entryPath } from './address.ts';
import { type ConsoleContext, type Frame, readFrame } from './context.ts';
import { dateIn, dayName, timeIn } from './days.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import type { Notice } from './notices.ts';
import { chip, foreign, plural } from './pieces.ts';
import { type ConsoleResponse, page } from './response.ts';

const dayMs = 86_400_000;
const daysAhead = 7;
/** Entries that are looked at, of those waiting to be sent and of the latest drafts. */
const maxLooked = 200;
/** A draft may have been made so long before its time in the calendar. */
const draftedSinceMs = 30 * dayMs;

/** An entry at a time: when it is sent, or its time in Dash Social's calendar. */
type Planned = { row: EntryRow; at: number; isSent: boolean };

/** The time of a post in the calendar, in epoch milliseconds; null if it has none. */
const calendarTime = ({ post }: EntryRow): number | null => {
  const at = Date.parse(post?.timestamp ?? '');
  return Number.isNaN(at) ? null : at;
};

const plannedOf = (row: EntryRow, now: number): Planned[] => {
  if (row.state === 'drafted') {
    const at = calendarTime(row);
    return at === null ? [] : [{ row, at, isSent: true }];
  }
  return [{ row, at: Math.max(row.dueAt, now, calendarTime(row) ?? 0), isSent: false }];
};

type Plan = { planned: Planned[]; isCut: boolean };

const readPlan = async ({ target: { ledger } }: ConsoleContext, now: number): Promise<Plan> => {
  const [sending, drafted] = await Promise.all([
    ledger.listed({ group: 'sending', limit: maxLooked }),
    ledger.listed({ group: 'drafted', limit: maxLooked, since: now - draftedSinceMs }),
  ]);
  const rows = await readListed(ledger, [...sending.rows, ...drafted.rows]);
  return {
    planned: rows
      .flatMap((row) => plannedOf(row, now))
      .filter(({ at }) => at >= now && at < now + daysAhead * dayMs)
      .sort((a, b) => a.at - b.at || (a.row.key < b.row.key ? -1 : 1)),
    isCut: sending.next !== null || drafted.next !== null,
  };
};

/** What happens at its time. */
const planText = ({ post }: EntryRow, isSent: boolean): string => {
  const mode = (post && modeOf(post)) ?? 'draft';
  if (mode !== 'draft') return 'Will be published';
  return isSent ? 'Planned in Dash Social, as a draft' : 'Will be sent to Dash Social as a draft';
};

const plannedLine = (frame: Frame, { row, at, isSent }: Planned): Html => {
  const { config, status } = frame;
  const stop = isSent ? null : stopOf(row, { config, circuits: status.circuits, now: status.at });
  const when = !isSent && at <= status.at ? 'as soon as possible' : timeIn(config.timezone)(at);
  return html`<li class="step"><span class="quiet">${when}</span> <a href="${entryPath(row.key)}">${foreign(titleOf(row))}</a> ${chip(row.state, planText(row, isSent))} <span class="quiet">${row.feed} · brand ${row.brand}</span>${stop !== null && html`<p class="caution">It waits. ${stop.why}</p>`}</li>`;
};

const dayView = (frame: Frame, day: string, planned: readonly Planned[]): Html =>
  html`<section aria-labelledby="day-${day}"><h2 id="day-${day}">${dayName(day)}</h2><ul class="lines">${planned.map((one) => plannedLine(frame, one))}</ul></section>`;

/** The schedule: what goes out in the next seven days, by day in the time zone of feeds.yml. */
export const schedule = async (context: ConsoleContext, notice: Notice | null): Promise<ConsoleResponse> => {
  const frame = await readFrame(context);
  const { planned, isCut } = await readPlan(context, frame.status.at);
  const dateOf = dateIn(frame.config.timezone);
  const days = Map.groupBy(planned, ({ at }) => dateOf(at));
  const empty = html`<p class="empty">Nothing is planned for the next ${daysAhead} days. Entries that wait to be sent appear here, and drafts with a time in Dash Social's calendar.</p>`;
  const body = html`<h1>Schedule</h1>
<p class="lead">${plural(planned.length, 'entry', 'entries')} in the next ${daysAhead} days. Times are those of ${frame.config.timezone}. They can move: limits, quiet hours and pauses are applied when an entry is sent, and drafts can be changed in Dash Social.</p>
${isCut && html`<p class="caution">Only the latest ${maxLooked} waiting entries and ${maxLooked} drafts are shown.</p>`}
<div id="schedule" data-live>${planned.length === 0 ? empty : [...days].map(([day, some]) => dayView(frame, day, some))}</div>`;
  return page(layout(context, frame, { title: 'Schedule', here: 'schedule', body, notice, isLive: true }));
};
