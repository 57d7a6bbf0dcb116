import type { FeedRow } from '../lib/core/polling/feed-row.ts';
import { ratePerDay } from '../lib/core/polling/intervals/arrival-rate.ts';
import { formatDuration } from '../lib/core/text/format-time.ts';
import type { FeedStatus } from '../lib/jobs/operator/read-feeds.ts';
import { away } from './address.ts';
import type { Frame } from './context.ts';
import { type Html, html } from './html.ts';

const expected = (row: FeedRow | null, now: number): Html =>
  row?.learned?.arrivals
    ? html`About <strong>${ratePerDay(row.learned.arrivals, now).toFixed(1)}</strong> entries per day expected`
    : html`The number of entries per day is not known yet`;

/** What was learned about the polling of a feed. */
const learnedWords = ({ words }: Frame, { unconditionalUntil }: FeedStatus, row: FeedRow | null): Html[] => {
  const { plan = null, gapAt = null, moved = null } = row?.learned ?? {};
  const floorMs = plan?.floorMs ?? 0;
  return [
    ...(unconditionalUntil === null
      ? []
      : [
          html`<p class="caution">Its server returned “not modified” although there were new entries, so the whole feed is fetched until ${words.time(unconditionalUntil)}.</p>`,
        ]),
    ...(floorMs > 0
      ? [html`<p>Its server requests at least ${formatDuration(floorMs)} between polls.</p>`]
      : []),
    ...(gapAt === null
      ? []
      : [
          html`<p class="caution">Entries may have been missed, last ${words.since(gapAt)}: no entry of a poll was known from the one before.</p>`,
        ]),
    ...(moved === null
      ? []
      : [
          html`<p class="caution">The feed has moved to ${away(moved.to, moved.to)}: update url in feeds.yml.</p>`,
        ]),
  ];
};

/** The expected entries and the polling interval of a feed, and why. */
export const rateView = (frame: Frame, feed: FeedStatus, row: FeedRow | null): Html =>
  html`<p>${expected(row, frame.status.at)}; next poll: <strong>${feed.reason}</strong>.</p>
${learnedWords(frame, feed, row)}`;
