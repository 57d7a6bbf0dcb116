import { styleText } from 'node:util';
import type { AppEvent } from '../lib/core/events.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import type { Counts } from '../lib/core/polling/feed-row.ts';
import { logFile } from './log-file.ts';
import { plain } from './plain-text.ts';
import type { Fault } from './pump.ts';
import type { DraftResult, LedgerSums, RunResult } from './run-record.ts';

type Words = { [N in AppEvent['event']]: (news: Extract<AppEvent, { event: N }>) => string | null };

const bad = (text: string) => styleText('red', text);
const odd = (text: string) => styleText('yellow', text);
const dim = (text: string) => styleText('dim', text);

const time = (at: number) => new Date(at).toLocaleTimeString('en-GB');

const foundWords = {
  found: 'a draft that might not exist has been found in Dash Social',
  absent: 'a draft that might exist has not been found in Dash Social: it is made again',
  'cannot-tell': odd('whether a draft exists could not be found out: a person decides'),
};

const admittedWords = {
  queued: 'to become a draft',
  known: 'known already, nothing to do',
  held: odd('held for a person to decide'),
  filtered: 'filtered',
  baselined: 'already there',
};

const words: Words = {
  'tick.done': () => null,
  'tick.from-future': ({ at, takenFor }) =>
    `a tick bears the time ${new Date(at).toISOString()}, which is still to come: a clock was wrong; it is taken for ${new Date(takenFor).toISOString()}`,
  'renewal.unfinished': () => null,
  'sweep.done': ({ woken, expiredLeases }) =>
    woken + expiredLeases > 0
      ? dim(`woke ${woken} that waited, took back ${expiredLeases} that were left in mid-air`)
      : null,
  'poll.unchanged': () => null,
  'poll.changed': ({ feed, counts, unsettled }) => {
    const rest = unsettled > 0 ? odd(`, ${unsettled} not settled yet`) : '';
    return `${label(feed)}${entries(counts)}${rest}`;
  },
  'poll.failed': ({ feed, code, message, nextAt }) =>
    `${label(feed)}${bad(`${code}: ${plain(message)}`)} ${dim(`· next try ${time(nextAt)}`)}`,
  'poll.recovered': ({ feed }) => `${label(feed)}can be read again`,
  'poll.deferred': ({ feed, message, until }) =>
    `${label(feed)}${dim(`${plain(message)}; next try ${time(until)}`)}`,
  'poll.moved': ({ feed, to }) =>
    `${label(feed)}${odd(`has moved for good: it is asked at ${plain(to)} from now on; write that into feeds.yml`)}`,
  'feed.failing': ({ feed, code, message, since, failures }) =>
    `${label(feed)}${bad(`has failed ${failures} times since ${time(since)}, the last time by ${code}: ${plain(message)}`)}`,
  'feed.working': ({ feed, since }) => `${label(feed)}works again, after failing since ${time(since)}`,
  'poll.overtaken': () => null,
  'poll.wrong-304': ({ feed }) =>
    `${feed}: its server answered "not modified" although it had new entries; it is asked for the whole feed for 30 days`,
  'poll.gap': ({ feed }) =>
    `${label(feed)}${odd('nothing in it is known from last time: entries may have come and gone between two polls')}`,
  'poll.batch-held': ({ feed, batch, entries: count }) =>
    `${label(feed)}${odd(`${count} entries may be old rather than new: held as batch ${batch}, release or dismiss it`)}`,
  'entry.unsettled': ({ feed, code, message }) =>
    `${label(feed)}${odd(`an entry is not settled yet (${code}): ${plain(message)}`)}`,
  'poll.count-mismatch': ({ feed, counts }) =>
    `${label(feed)}${bad(`the sum is wrong: ${JSON.stringify(counts)}`)}`,
  'draft.created': () => null, // shown with its post, by `draftLine`
  'draft.unwritten': ({ feed, outcome, postId, message }) =>
    `${label(feed)}${bad(`a draft is ${outcome}${postId === null ? '' : ` as ${postId}`}, but its row could not be written: ${plain(message)}`)}`,
  'draft.withheld': ({ feed }) =>
    `${label(feed)}${dim('a draft would have been sent: this stage delivers nothing')}`,
  'draft.rejected': ({ feed, brand, message }) =>
    `${label(feed)}${bad(`Dash Social rejected a draft for brand ${brand}: ${plain(message)}`)}`,
  'draft.uncertain': ({ feed, code, message }) =>
    `${label(feed)}${odd(`a draft may or may not exist (${code}): ${plain(message)}`)}`,
  'draft.deferred': ({ feed, code, message, dueAt }) =>
    `${label(feed)}${odd(`a draft waits until ${time(dueAt)} (${code}): ${plain(message)}`)}`,
  'draft.looked-up': ({ feed, found }) => `${label(feed)}${foundWords[found]}`,
  'draft.held': ({ feed, code }) =>
    `${label(feed)}${odd(`an entry is held for a person to decide (${code})`)}`,
  'webhook.admitted': ({ source, outcome }) => `${label(source)}webhook: ${admittedWords[outcome]}`,
  'webhook.ignored': ({ source, reason }) => `${label(source)}${dim(`webhook ignored: ${reason}`)}`,
  'webhook.refused': ({ source, status, message }) =>
    `${label(source ?? '')}${odd(`webhook refused with ${status}: ${plain(message)}`)}`,
  'webhook.failed': ({ source, status, code }) =>
    `${label(source ?? '')}${bad(`webhook failed with ${status} (${code})`)}`,
  'webhook.no-secret': ({ source, names }) =>
    `${label(source)}${bad(`every delivery is refused: no secret called ${names.join(', ')}`)}`,
  'webhook.not-noted': ({ source, code }) =>
    `what became of a delivery to ${source} could not be noted (${code})`,
  'webhook.not-woken': ({ source, code }) =>
    `${label(source)}${odd(`an entry is made a draft a little later (${code})`)}`,
  'token.kept': ({ message }) => odd(`the token in hand is used on: ${plain(message)}`),
  'circuit.opened': ({ scope, reason, until }) =>
    bad(
      `nothing is posted (${scope}): ${reason}${until === null ? '' : `, until ${time(until)} at the least`}`,
    ),
  'circuit.closed': ({ scope }) => styleText('green', `posting again (${scope})`),
  'alert.told': ({ state, kind, text, command }) => {
    const line = `alert ${kind}: ${plain(text)}`;
    return `${state === 'over' ? styleText('green', line) : odd(line)} ${dim(command)}`;
  },
  'alert.failed': ({ channel, message }) =>
    bad(`an alert could not be sent to ${channel}: ${plain(message)}`),
  'row.corrupt': ({ key, message }) => bad(`the ledger's row ${key} cannot be read: ${plain(message)}`),
};

/** The line for an event; null if it is not shown. */
export const newsLine = (news: AppEvent): string | null =>
  (words[news.event] as (news: AppEvent) => string | null)(news);

/** The line for an error that a function threw; the log has the details. */
export const failureLine = ({ code, message }: { code: string; message: string }): string =>
  bad(`${code}: ${plain(message)}`);

/** The line for a failed function, whose messages are retried. */
export const faultLine = ({ fn, messages, error }: Fault): string =>
  bad(
    `${fn} failed${messages > 0 ? ` with ${messages} of its messages, which come again` : ''}: ${plain(error.message)}`,
  );

/** Post ID, brand, `creation_source` and first line of the caption. */
export function draftLine({ feed, postId, post }: DraftResult): string {
  const firstLine = plain((post.text ?? '').split('\n', 1)[0] ?? '');
  const id = postId === null ? 'with an unknown id' : String(postId);
  return `${label(feed)}${styleText('green', `draft ${id}`)} ${dim(`brand ${post.brand_id} ${post.creation_source}`)} ${firstLine}`;
}

/** The number of rows in each state. */
export function ledgerLine(sums: LedgerSums): string {
  const parts = Object.entries(sums).map(([state, count]) => `${count} ${state}`);
  return dim(`ledger: ${parts.length > 0 ? parts.join(' · ') : 'empty'}`);
}

/** A feed without any event in this run. */
export const quietLine = (feed: string, polled: boolean): string =>
  label(feed) + dim(polled ? 'nothing new' : 'not polled: paused, or not due yet');

type Whereabouts = {
  once: boolean;
  feeds: string;
  drafts: string;
  alerts: string | null;
  data: string;
  console: string | null;
};

/** The addresses and files of a run, shown at its start. */
export const introduction = (where: Whereabouts): string =>
  `${styleText('bold', 'rss-drafts')} ${where.once ? 'polls every feed once' : 'runs on this machine: Ctrl-C stops it, and it goes on from there when started again'}
  feeds    ${where.feeds}
  drafts   ${where.drafts}${where.alerts === null ? '' : `\n  alerts   ${where.alerts}`}
  kept in  ${where.data} ${dim(`(${logFile} has every line that the functions logged)`)}${where.console === null ? '' : `\n  console  ${where.console}`}
`;

/** Why no draft was made, and how to get one; null if there was one, or no entry at all. */
export function nothingLine({ feeds, drafts, ledger }: RunResult, data: string): string | null {
  const there =
    feeds.reduce((most, { known, baselined }) => most + known + baselined, 0) || (ledger.baselined ?? 0);
  const coming = feeds.some(({ queued }) => queued > 0) || (ledger.queued ?? 0) > 0;
  if (drafts.length > 0 || coming || there === 0) return null;
  const feed = feeds.find(({ known, baselined }) => known + baselined > 0)?.id ?? 'FEED';
  const backfill = plain(toType(`backfill ${feed} --last 1`, { data }));
  return `${styleText('bold', '0 drafts')}: ${there === 1 ? '1 entry was' : `${there} entries were`} already there; what is published from now on becomes drafts. For a draft of the newest one: ${backfill}`;
}

const label = (feed: string) => `${styleText('cyan', plain(feed).padEnd(12))} `;

function entries(counts: Counts): string {
  if (counts.seen === 0) return dim('no entries');
  const parts = [
    [counts.queued, 'to become drafts'],
    [counts.known, 'known'],
    [counts.baselined, 'already there'],
    [counts.filtered, 'filtered'],
    [counts.held, 'held'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${counts.seen} ${counts.seen === 1 ? 'entry' : 'entries'}: ${told.join(', ')}`;
}
