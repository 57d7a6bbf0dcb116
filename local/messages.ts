import { styleText } from 'node:util';
import { circuitReasonText } from '../lib/core/circuit/token-problem.ts';
import type { AppEvent } from '../lib/core/events.ts';
import type { State } from '../lib/core/ledger/row.ts';
import { toType } from '../lib/core/operator/cli-hints.ts';
import { stateName } from '../lib/core/operator/explain.ts';
import type { Counts } from '../lib/core/polling/feed-row.ts';
import { formatRelative, timeFormat } from '../lib/core/text/format-time.ts';
import { logFile } from './log-file.ts';
import { plain } from './plain-text.ts';
import type { Fault } from './pump.ts';
import type { DraftResult, LedgerSums, RunResult } from './run-record.ts';

type Texts = { [N in AppEvent['event']]: (news: Extract<AppEvent, { event: N }>) => string | null };

const bad = (text: string) => styleText('red', text);
const odd = (text: string) => styleText('yellow', text);
const dim = (text: string) => styleText('dim', text);

const foundTexts = {
  found: 'the draft with an unknown outcome exists in Dash Social',
  absent: 'the draft with an unknown outcome does not exist; it is sent again',
  later: odd('the list of posts cannot be read now, so a draft with an unknown outcome is looked up later'),
  inconclusive: odd('the outcome of a draft is still unknown: look in Dash Social, then confirm or retry'),
};

const outcomeTexts = {
  queued: 'new, to be sent',
  review: 'new, to be reviewed',
  known: 'already known',
  held: odd('held, needs your decision'),
  filtered: 'filtered',
  baselined: 'not new',
};

const stopTexts = (scope: string): string =>
  scope === 'all' ? 'posting' : `posting for ${scope.replace('/', ' ')}`;

const counted = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;

const sweepText = (woken: number, expired: number): string =>
  [
    ...(woken > 0 ? [`${counted(woken, 'entry', 'entries')} due`] : []),
    ...(expired > 0
      ? [`${counted(expired, 'entry', 'entries')} left unfinished by the last run; checking`]
      : []),
  ].join('; ');

/** `at`: shows a time; `until`: shows how long it takes until then. */
type Times = { at: (time: number) => string; until: (time: number) => string };

const textsWith = ({ at, until }: Times): Texts => ({
  'tick.done': () => null,
  'tick.from-future': ({ at: tick, takenFor }) =>
    `a tick has a time in the future, ${at(tick)}, because a clock was wrong; ${at(takenFor)} is used instead`,
  'renewal.unfinished': () => null,
  'sweep.done': ({ woken, expiredLeases }) =>
    woken + expiredLeases > 0 ? dim(sweepText(woken, expiredLeases)) : null,
  'poll.unchanged': () => null,
  'poll.changed': ({ feed, counts, unsettled }) => {
    const rest = unsettled > 0 ? odd(`, ${unsettled} not registered yet`) : '';
    return `${label(feed)}${entries(counts)}${rest}`;
  },
  'poll.failed': ({ feed, code, message, nextAt }) =>
    `${label(feed)}${bad(`${code}: ${plain(message)}`)} ${dim(`· next try ${until(nextAt)}`)}`,
  'poll.recovered': ({ feed }) => `${label(feed)}can be read again`,
  'poll.deferred': ({ feed, message, until: next }) =>
    `${label(feed)}${dim(`${plain(message)} · next try ${until(next)}`)}`,
  'poll.moved': ({ feed, to }) =>
    `${label(feed)}${odd(`has moved permanently to ${plain(to)}, which is polled from now on; change its url in feeds.yml`)}`,
  'feed.failing': ({ feed, code, message, since, failures }) =>
    `${label(feed)}${bad(`${failures} polls have failed since ${at(since)}; last error ${code}: ${plain(message)}`)}`,
  'feed.working': ({ feed, since }) => `${label(feed)}works again; it had failed since ${at(since)}`,
  'poll.overtaken': () => null,
  'poll.wrong-304': ({ feed, until: end }) =>
    `${label(feed)}its server returned "not modified" although there were new entries; the whole feed is requested until ${at(end)}`,
  'poll.gap': ({ feed }) =>
    `${label(feed)}${odd('entries may have been missed: two polls had none in common. Poll it more often (every: in feeds.yml)')}`,
  'poll.batch-held': ({ feed, batch, entries: count }) =>
    `${label(feed)}${odd(`${count} entries look old rather than new and are held as batch ${batch}: release or dismiss them`)}`,
  'entry.unsettled': ({ feed, code, message }) =>
    `${label(feed)}${odd(`an entry is not registered yet (${code}): ${plain(message)}`)}`,
  'poll.count-mismatch': ({ feed, counts }) =>
    `${label(feed)}${bad(`the entry counts do not add up: ${JSON.stringify(counts)}`)}`,
  'draft.created': () => null, // shown with its post, by `draftLine`
  'draft.unwritten': ({ feed, outcome, postId, message }) =>
    `${label(feed)}${bad(`the outcome of a draft (${outcome}${postId === null ? '' : `, ${postId}`}) could not be stored: ${plain(message)}`)}`,
  'hook.asked': ({ feed, outcome, tookMs }) => {
    const after = dim(`after ${(tookMs / 1_000).toFixed(1)} s`);
    if (outcome === 'unusable') return `${label(feed)}${odd('its hook gave no usable answer')} ${after}`;
    return `${label(feed)}its hook ${outcome === 'skipped' ? 'refused an entry' : 'answered'} ${after}`;
  },
  'draft.withheld': ({ feed }) => `${label(feed)}${dim('a draft was not sent: this stage delivers nothing')}`,
  'draft.rejected': ({ feed, brand, message }) =>
    `${label(feed)}${bad(`Dash Social rejected a draft for brand ${brand}: ${plain(message)}`)}`,
  'draft.uncertain': ({ feed, code, message }) =>
    `${label(feed)}${odd(`unknown outcome, a draft may or may not exist (${code}): ${plain(message)}`)}`,
  'draft.deferred': ({ feed, code, message, dueAt }) =>
    `${label(feed)}${odd(`a draft waits until ${at(dueAt)} (${code}): ${plain(message)}`)}`,
  'draft.looked-up': ({ feed, found }) => `${label(feed)}${foundTexts[found]}`,
  'draft.media-unchecked': ({ feed, message }) =>
    `${label(feed)}${odd(`the video of a post could not be checked, so it is sent unchecked: ${plain(message)}`)}`,
  'article.changed': ({ feed, key }) => `${label(feed)}an article changed after its draft: ${key}`,
  'draft.updated': ({ feed, key, result }) =>
    `${label(feed)}${{ done: 'its draft was changed too', 'not-possible': 'its draft was not changed', later: 'its draft is changed later' }[result]}: ${key}`,
  'draft.held': ({ feed, code }) =>
    `${label(feed)}${odd(`an entry is held and needs your decision (${code})`)}`,
  'webhook.registered': ({ source, outcome }) => `${label(source)}webhook: ${outcomeTexts[outcome]}`,
  'webhook.ignored': ({ source, reason }) => `${label(source)}${dim(`webhook ignored: ${reason}`)}`,
  'webhook.refused': ({ source, status, message }) =>
    `${label(source ?? '')}${odd(`webhook refused with ${status}: ${plain(message)}`)}`,
  'webhook.failed': ({ source, status, code }) =>
    `${label(source ?? '')}${bad(`webhook failed with ${status} (${code})`)}`,
  'webhook.no-secret': ({ source, names }) =>
    `${label(source)}${bad(`every delivery is refused, because no secret ${names.join(', ')} is stored`)}`,
  'webhook.not-recorded': ({ source, code }) =>
    `${label(source)}the outcome of a delivery could not be stored (${code})`,
  'webhook.not-woken': ({ source, code }) =>
    `${label(source)}${odd(`an entry is sent a little later (${code})`)}`,
  'token.kept': ({ message }) => odd(`the previous token is still used: ${plain(message)}`),
  'circuit.opened': ({ scope, reason, until: next }) =>
    bad(
      `${stopTexts(scope)} stopped: ${circuitReasonText({ reason })}${next === null ? '' : ` · next try ${until(next)}`}`,
    ),
  'circuit.closed': ({ scope }) => styleText('green', `${stopTexts(scope)} resumed`),
  'alert.sent': ({ state, kind, text, command }) => {
    const line = `alert ${kind}: ${plain(text)}`;
    return `${state === 'over' ? styleText('green', line) : odd(line)}${command === null ? '' : ` ${dim(command)}`}`;
  },
  'alert.failed': ({ channel, message }) =>
    bad(`an alert could not be sent to ${channel}: ${plain(message)}`),
  'events.sent': () => null,
  'events.bus-failed': ({ events, code }) =>
    odd(`${counted(events, 'event')} could not be put on the event bus (${code}); sent again later`),
  'event.not-delivered': ({ to, message, nextAt }) =>
    odd(`an event could not be sent to ${plain(to)}: ${plain(message)} · next try ${until(nextAt)}`),
  'event.given-up': ({ to, message }) =>
    bad(`an event was given up after three days (${plain(to)}): ${plain(message)}. Send it: events replay`),
  'row.corrupt': ({ key, message }) => bad(`ledger row ${key} cannot be read: ${plain(message)}`),
});

/** Formats events as lines for people, with times in a zone; null for an event that is not worth a line. */
export const newsLines = (timezone: string, clock: () => number) => {
  const { time } = timeFormat(timezone);
  const texts = textsWith({
    at: (moment) => time(moment, clock()),
    until: (moment) => formatRelative(moment, clock()),
  });
  return (news: AppEvent): string | null => (texts[news.event] as (news: AppEvent) => string | null)(news);
};
/** The line for an error that a function threw; the log has the details. */
export const failureLine = ({ code, message }: { code: string; message: string }): string =>
  bad(`${code}: ${plain(message)}`);

/** The line for a failed function, whose messages are retried. */
export const faultLine = ({ fn, messages, error }: Fault): string =>
  bad(
    `${fn} failed${messages > 0 ? ` with ${messages} of its messages, which are retried` : ''}: ${plain(error.message)}`,
  );

/** Post ID, brand, `creation_source` and first line of the caption. */
export function draftLine({ feed, postId, post }: DraftResult): string {
  const firstLine = plain((post.text ?? '').split('\n', 1)[0] ?? '');
  const id = postId === null ? '(unknown ID)' : String(postId);
  return `${label(feed)}${styleText('green', `draft ${id}`)} ${dim(`brand ${post.brand_id} ${post.creation_source}`)} ${firstLine}`;
}

/** The number of rows in each state. */
export function ledgerLine(sums: LedgerSums): string {
  const parts = Object.entries(sums).map(([state, count]) => `${count} ${stateName(state as State)}`);
  return dim(`ledger: ${parts.length > 0 ? parts.join(' · ') : 'empty'}`);
}

/** A feed without any event in this run. */
export const quietLine = (feed: string, polled: boolean): string =>
  label(feed) + dim(polled ? 'nothing new' : 'not polled (paused or not due)');

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
  `${styleText('bold', 'rss-drafts')} ${where.once ? 'polls every feed once.' : 'is running on this machine. Stop it with Ctrl-C; the next start continues from there.'}
  feeds    ${where.feeds}
  drafts   ${where.drafts}${where.alerts === null ? '' : `\n  alerts   ${where.alerts}`}
  data     ${where.data} ${dim(`(the log is in ${logFile})`)}${where.console === null ? '' : `\n  console  ${where.console}`}
`;

/** Why no draft was made, and how to get one; null if there was one, or no entry at all. */
export function nothingLine({ feeds, drafts, ledger }: RunResult, data: string): string | null {
  const there =
    feeds.reduce((most, { known, baselined }) => most + known + baselined, 0) || (ledger.baselined ?? 0);
  const coming = feeds.some(({ queued }) => queued > 0) || (ledger.queued ?? 0) > 0;
  if (drafts.length > 0 || coming || there === 0) return null;
  const feed = feeds.find(({ known, baselined }) => known + baselined > 0)?.id ?? 'FEED';
  const backfill = plain(toType(`backfill ${feed} --last 1`, { data }));
  return `${styleText('bold', '0 drafts')}: ${there === 1 ? '1 entry was' : `${there} entries were`} already on the feed. New entries become drafts. To draft the newest one now: ${backfill}`;
}

const label = (feed: string) => `${styleText('cyan', plain(feed).padEnd(12))} `;

function entries(counts: Counts): string {
  if (counts.seen === 0) return dim('no entries');
  const parts = [
    [counts.queued, 'new'],
    [counts.review, 'to review'],
    [counts.known, 'known'],
    [counts.baselined, 'existing'],
    [counts.filtered, 'filtered'],
    [counts.held, 'held'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${counts.seen} ${counts.seen === 1 ? 'entry' : 'entries'}: ${shown.join(', ')}`;
}
