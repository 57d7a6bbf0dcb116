import type { Page } from '../cli/page.ts';
import { type Html, html } from './html.ts';
import { chip, foreign, moment, size } from './pieces.ts';
import type { Poll } from './read-polls.ts';

const outcome = (poll: Poll): Html => {
  switch (poll.kind) {
    case 'unchanged':
      return html`${chip('unchanged', String(poll.status))} ${poll.status === 304 ? 'not modified' : 'same document'}`;
    case 'changed':
      return html`${chip('changed', '200')} ${poll.seen} entries, ${poll.isNew} new here`;
    case 'put-off':
      return html`${chip('unchanged', 'deferred')} ${foreign(poll.message)}`;
    case 'failed':
      return html`${chip('failing', poll.code)} ${foreign(poll.message)}`;
  }
};

const row = (poll: Poll, words: Page): Html =>
  html`<tr><th scope="row">${moment(words, poll.at)}</th><td>${outcome(poll)}</td><td class="number">${'bytes' in poll ? size(poll.bytes) : '–'}</td></tr>`;

const [width, height, pad] = [720, 64, 10];
const hour = 3_600_000;

const signOf = ({ kind }: Poll): number => ({ unchanged: 44, changed: 22, failed: 32, 'put-off': 48 })[kind];

/** A timeline of polls; tall marks are polls with new entries. */
const strip = (polls: readonly Poll[], now: number): Html => {
  const span = Math.max(hour, now - Math.min(...polls.map(({ at }) => at)));
  const x = (at: number) => pad + (1 - (now - at) / span) * (width - 2 * pad);
  const mark = (poll: Poll) =>
    html`<line class="${poll.kind}" x1="${x(poll.at).toFixed(1)}" x2="${x(poll.at).toFixed(1)}" y1="${signOf(poll)}" y2="52"/>`;
  const hours = span / hour;
  const reach = hours < 48 ? `${Math.round(hours)} h ago` : `${Math.round(hours / 24)} days ago`;
  return html`<svg class="strip" viewBox="0 0 ${width} ${height}" role="img" aria-label="${polls.length} polls in time; tall marks are polls with new entries"><line class="grid" x1="${pad}" x2="${width - pad}" y1="52" y2="52"/>${polls.map(mark)}<text class="scale" x="${pad}" y="12">${reach}</text><text class="scale" x="${width - pad}" y="12" text-anchor="end">now</text></svg>`;
};

const share = (polls: readonly Poll[]): string => {
  const unmodified = polls.filter((poll) => poll.kind === 'unchanged' && poll.status === 304).length;
  const bytes = polls.reduce((sum, poll) => sum + ('bytes' in poll ? poll.bytes : 0), 0);
  return `${unmodified} of the last ${polls.length} returned 304 (not modified); the others transferred ${size(bytes)} of documents.`;
};

const shown = 12;

const table = (
  polls: readonly Poll[],
  words: Page,
): Html => html`<div class="scroll" tabindex="0" role="region" aria-label="The last polls"><table>
<thead><tr><th scope="col">when</th><th scope="col">response</th><th scope="col" class="number">document</th></tr></thead>
<tbody>${polls.map((poll) => row(poll, words))}</tbody></table></div>`;

const limit = (isLocal: boolean): Html =>
  isLocal
    ? html`<p class="quiet">From the last two megabytes of <code>log.jsonl</code>. Sizes are of the uncompressed document.</p>`
    : html`<p class="quiet">A stage does not record single polls, because a poll that finds nothing new writes nothing. Polls are in the CloudWatch log of <code>ingest-feeds</code>, unchanged ones only with <code>logLevel: DEBUG</code>.</p>`;

/** The recorded polls of a feed; null where polls are not recorded. */
export const pollsView = (
  polls: readonly Poll[] | null,
  { words, now }: { words: Page; now: number },
): Html => {
  if (polls === null) return limit(false);
  if (polls.length === 0) return html`<p class="quiet">None yet in the log.</p>${limit(true)}`;
  return html`<p>${share(polls)}</p>${strip(polls, now)}${table(polls.slice(0, shown), words)}${limit(true)}`;
};
