import type { EntryRow, WaitingRow } from '../ledger/row.ts';
import { toType, type Where } from '../operator/cli-hints.ts';
import { timeFormat } from '../text/format-time.ts';
import { withStop } from '../text/sentence.ts';
import { batchOfAlert } from './alert.ts';
import { pageOfAlert } from './alert-page.ts';
import type { AlertKind, AlertRow } from './alert-row.ts';

/** The time zone of dates, the target that the printed command addresses, and the origin of the console, if it has one. */
export type AlertContext = { timezone: string; where: Where; console?: string | null };

/** An alert as text. `link`: the entry's web page, if it has one. */
export type Notice = {
  id: string;
  kind: AlertKind;
  state: 'began' | 'over';
  subject: string;
  since: number;
  endedAt: number | null;
  count: number | null;
  text: string;
  /** The command that shows more; null once it is over, when there is nothing left to show. */
  command: string | null;
  /** The page of the console that shows more; null without a console. */
  page: string | null;
  link: string | null;
};

/** The entry that an alert is about, as found in a list or by its key. */
export type AlertEntry = WaitingRow & Partial<Pick<EntryRow, 'post'>>;

type Subject = { row: AlertRow; entry: AlertEntry | null };
/** Sentences: what began, what is over, and the command; `when`: what its time means. */
type Texts = {
  began: (subject: Subject) => string;
  over: (subject: Subject) => string;
  command: (subject: Subject) => string;
  when?: string;
};

const maxUnits = 200;
/** Control characters and marks that change the direction of the following text. */
const unsafe = /[\s\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** Text from a feed, on one line and bounded. */
const bounded = (text: string): string => {
  const line = text.replaceAll(unsafe, ' ').trim().toWellFormed();
  return line.length <= maxUnits ? line : `${line.slice(0, maxUnits).toWellFormed().replace('\uFFFD', '')}…`;
};

/** ` for brand 144`; nothing for everything. */
const forScope = (scope: string): string => (scope === 'all' ? '' : ` for ${scope.replace('/', ' ')}`);

const counted = (count: number | null, one: string, more: string): string =>
  count === 1 ? `1 ${one}` : `${count ?? 'some'} ${more}`;
const entries = ({ count }: AlertRow): string => counted(count, 'entry', 'entries');

/** The end of a sentence that a reason may follow. */
const because = ({ row: { detail } }: Subject): string =>
  detail === null ? '.' : `: ${withStop(bounded(detail))}`;

const texts: Record<AlertKind, Texts> = {
  'token-refused': {
    began: (subject) =>
      `Nothing is posted${because(subject)} Entries wait; none is lost. Your admin has to store a valid token.`,
    over: () => 'Dash Social accepts the token again.',
    command: () => 'doctor',
  },
  'posting-stopped': {
    began: (subject) =>
      `Posting${forScope(subject.row.subject)} has stopped${because(subject)} Entries wait; none is lost. End a pause when you are ready; an outage ends without you.`,
    over: ({ row }) => `Posting${forScope(row.subject)} has resumed.`,
    command: () => 'status',
  },
  'feed-failing': {
    began: (subject) =>
      `Feed ${subject.row.subject} cannot be read${because(subject)} No new entries arrive from it. It is polled again automatically; if its website has moved, ask your admin to correct its address.`,
    over: ({ row }) => `Feed ${row.subject} can be read again.`,
    command: () => 'status',
  },
  'outcome-unknown': {
    began: ({ row }) =>
      `${entries(row)} of ${row.subject} ${row.count === 1 ? 'has' : 'have'} an unknown outcome: the draft may or may not exist. Look in Dash Social, then confirm or retry.`,
    over: ({ row }) => `No entry of ${row.subject} has an unknown outcome anymore.`,
    command: ({ row }) => `list --state uncertain --feed ${row.subject}`,
  },
  'possible-duplicates': {
    began: ({ row }) =>
      `${entries(row)} of ${row.subject} may have two drafts. Look in Dash Social, keep one draft of each, then confirm.`,
    over: ({ row }) => `No possible duplicates of ${row.subject} are left.`,
    command: ({ row }) => `list --possible-duplicates --feed ${row.subject}`,
  },
  'dead-letters': {
    began: ({ row }) =>
      `${counted(row.count, 'message', 'messages')} of the ${row.subject} queue failed repeatedly and ${row.count === 1 ? 'is' : 'are'} in its dead-letter queue. No entry is lost. Ask your admin to look in the log.`,
    over: ({ row }) => `The dead-letter queue of ${row.subject} is empty.`,
    command: () => 'status',
  },
  'ticks-stopped': {
    began: () =>
      'No feed is polled and no waiting entry is sent, because the scheduled tick does not run. Ask your admin to check its schedule.',
    over: () => 'Feeds are polled again.',
    command: () => 'status',
  },
  'entries-to-review': {
    began: ({ row }) =>
      `${entries(row)} ${row.count === 1 ? 'waits' : 'wait'} for your review before anything is sent.`,
    over: () => 'No entry waits for review.',
    command: () => 'list --state review',
  },
  'entries-held': {
    began: (subject) =>
      `${entries(subject.row)} of ${subject.row.subject} ${subject.row.count === 1 ? 'is' : 'are'} held and ${subject.row.count === 1 ? 'was' : 'were'} not sent.${latestHeld(subject)} Look, then release or dismiss.`,
    over: ({ row }) => `No individual entry of ${row.subject} is held anymore.`,
    command: ({ row }) =>
      row.count === 1 && row.entryKey !== null
        ? `explain ${row.entryKey}`
        : `list --state held --feed ${row.subject}`,
  },
  'article-changed': {
    began: (subject) =>
      `${counted(subject.row.count, 'article', 'articles')} of ${subject.row.subject} changed after ${subject.row.count === 1 ? 'its draft was' : 'their drafts were'} made.${latestHeld(subject)} Compare, then change the draft or keep it.`,
    over: ({ row }) => `No changed article of ${row.subject} waits for your decision anymore.`,
    command: ({ row }) =>
      row.count === 1 && row.entryKey !== null
        ? `explain ${row.entryKey}`
        : `list --changed --feed ${row.subject}`,
  },
  'batch-held': {
    began: ({ row }) =>
      row.count === 1
        ? `1 entry of ${row.subject} looks old rather than new, so it is held and was not sent. Release or dismiss it.`
        : `${entries(row)} of ${row.subject} look old rather than new, so they are held and were not sent. Release or dismiss them.`,
    over: ({ row }) => `No entry of this ${row.subject} batch is held anymore.`,
    command: ({ row }) => `list --state held --batch ${batchOfAlert(row.id)}`,
  },
  'possible-gap': {
    began: ({ row }) =>
      `Entries of ${row.subject} may have been missed, because two polls had none in common. Poll it more often (every: in feeds.yml).`,
    over: ({ row }) => `Polls of ${row.subject} have entries in common again.`,
    command: ({ row }) => `list --feed ${row.subject}`,
  },
  'not-as-configured': {
    began: (subject) =>
      `An entry of ${subject.row.subject} is held, because its post goes further than feeds.yml allows${because(subject)} Dismiss it, or ask your admin to change \`publish\` and then release it.`,
    over: ({ row }) => `The entry of ${row.subject} is no longer held.`,
    command: ({ row }) => `explain ${row.entryKey}`,
  },
  'draft-made': {
    began: ({ row, entry }) => `A draft of ${row.subject} is in Dash Social${ofDraft(entry)}`,
    over: ({ row }) => `A draft of ${row.subject} is gone.`,
    command: ({ row }) => `explain ${row.entryKey}`,
    when: 'Sent',
  },
};

const latestHeld = ({ row: { count, detail } }: Subject): string =>
  detail === null ? '' : ` ${count === 1 ? '' : 'Latest: '}${withStop(bounded(detail))}`;

const ofDraft = (entry: AlertEntry | null): string => {
  if (entry === null) return '.';
  const id = entry.postId === null ? '' : ` (${entry.postId})`;
  return `${id}: ${withStop(bounded(entry.title ?? entry.post?.text ?? 'without a title'))}`;
};

const webPage = (link: string | null | undefined): string | null => {
  const url = URL.parse(link ?? '');
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
};

/** States what happened (or is over), since when, and the command that shows more. */
export const alertNotice = (about: Subject, context: AlertContext): Notice => {
  const { timezone, where, console: origin = null } = context;
  const { row, entry } = about;
  const { id, kind, subject, since, endedAt, count } = row;
  const { dateTime } = timeFormat(timezone);
  const { began, over, command, when = 'Since' } = texts[kind];
  const text =
    endedAt === null
      ? `${began(about)} ${when} ${dateTime(since)}.`
      : `Resolved: ${over(about)} It began ${dateTime(since)} and ended ${dateTime(endedAt)}.`;
  return {
    id,
    kind,
    state: endedAt === null ? 'began' : 'over',
    subject,
    since,
    endedAt,
    count,
    text,
    command: endedAt === null ? toType(command(about), where) : null,
    page: origin === null ? null : `${origin}${pageOfAlert(row)}`,
    link: webPage(entry?.link),
  };
};
