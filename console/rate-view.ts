import { span } from '../cli/page.ts';
import type { FeedRow } from '../lib/core/polling/feed-row.ts';
import { ratePerDay } from '../lib/core/polling/intervals/arrival-rate.ts';
import type { FeedStatus } from '../lib/jobs/operator/read-status.ts';
import { away } from './address.ts';
import { dayChart } from './chart.ts';
import type { Snapshot } from './context.ts';
import { daysOf } from './days.ts';
import { type Html, html } from './html.ts';

const chartDays = 30;

const expected = (row: FeedRow | null, now: number): Html =>
  row?.learned?.arrivals
    ? html`About <strong>${ratePerDay(row.learned.arrivals, now).toFixed(1)}</strong> entries a day are to be expected of it`
    : html`How much is to be expected of it a day is not known yet`;

/** What was learned of when to come back, and where to. */
const learnedWords = (
  { words }: Snapshot,
  { unconditionalUntil }: FeedStatus,
  row: FeedRow | null,
): Html[] => {
  const { plan = null, gapAt = null, moved = null } = row?.learned ?? {};
  const floorMs = plan?.floorMs ?? 0;
  return [
    ...(unconditionalUntil === null
      ? []
      : [
          html`<p class="caution">Its server answered “not modified” although it had new entries, so it is asked for the whole feed until ${words.time(unconditionalUntil)}.</p>`,
        ]),
    ...(floorMs > 0 ? [html`<p>Its server asks for ${span(floorMs)} between two polls.</p>`] : []),
    ...(gapAt === null
      ? []
      : [
          html`<p class="caution">Entries may have passed unseen, last ${words.since(gapAt)}: so many came between two polls that none was known.</p>`,
        ]),
    ...(moved === null
      ? []
      : [
          html`<p class="caution">Its server says that it has moved to ${away(moved.to, moved.to)}: write that into feeds.yml.</p>`,
        ]),
  ];
};

/** How much comes of a feed, how often it is read and why so. */
export const rateView = (snapshot: Snapshot, feed: FeedStatus, row: FeedRow | null): Html => {
  const { id, whyThen } = feed;
  const { at } = snapshot.status;
  const rows = snapshot.rows.filter((one) => one.feed === id);
  return html`<p>${expected(row, at)}; it is polled <strong>${whyThen}</strong>.</p>
${learnedWords(snapshot, feed, row)}
${dayChart(daysOf(rows, at, chartDays), 'rate-table')}`;
};
