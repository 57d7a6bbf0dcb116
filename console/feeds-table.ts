import { withStop } from '../lib/core/text/sentence.ts';
import type { FeedStatus } from '../lib/jobs/operator/read-feeds.ts';
import { feedPath } from './address.ts';
import type { ConsoleContext, Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { button, chip, coming, foreign, moment, nextTry } from './pieces.ts';

/** The failure of a feed: message, since when, how often, next try. */
export const troubleWords = ({ words }: Frame, { trouble }: FeedStatus): Html | null =>
  trouble &&
  html`<p class="trouble">${foreign(withStop(trouble.message))} <span class="quiet">Failing since ${words.time(trouble.since)}, ${trouble.failures === 1 ? 'once' : `${trouble.failures} times in a row`}${trouble.nextAt !== null && html`; ${nextTry(words, trouble.nextAt)}`}.</span></p>`;

const row = ({ token, target }: ConsoleContext, frame: Frame, feed: FeedStatus): Html => {
  const { words } = frame;
  return html`<tr>
<th scope="row"><a href="${feedPath(feed.id)}">${feed.id}</a>${troubleWords(frame, feed)}</th>
<td data-label="health">${chip(feed.health)}</td>
<td data-label="last success">${moment(words, feed.lastSuccess)}</td>
<td data-label="last change">${moment(words, feed.changedAt)}</td>
<td data-label="next poll">${feed.nextPoll === null ? html`<span class="quiet">${target.isRunning ? 'never' : '–'}</span>` : coming(words, feed.nextPoll)} <span class="why">${feed.reason}</span></td>
<td>${target.isRunning && button(`${feedPath(feed.id)}/poll`, token, { words: html`Poll now<span class="unseen"> (${feed.id})</span>`, fields: { back: '/feeds' }, look: 'small' })}</td>
</tr>`;
};

/** Feeds with their health. On narrow screens each row is a card. */
export const feedsTable = (context: ConsoleContext, frame: Frame, feeds: readonly FeedStatus[]): Html => {
  if (frame.config.feeds.length === 0)
    return html`<p class="empty">No feeds yet. A feed is the list of new articles that a website publishes (RSS, Atom or JSON Feed). Each new entry on it becomes a draft in Dash Social.</p>
<details class="admin" id="empty-admin"><summary>For your admin</summary><p>Add a feed with <code>npm run -s cli -- init</code>.</p></details>`;
  if (feeds.length === 0) return html`<p class="empty">No feed matches.</p>`;
  return html`<table class="cards">
<thead><tr><th scope="col">feed</th><th scope="col">health</th><th scope="col">last success</th><th scope="col">last change</th><th scope="col">next poll</th><th scope="col"><span class="unseen">actions</span></th></tr></thead>
<tbody>${feeds.map((feed) => row(context, frame, feed))}</tbody>
</table>`;
};
