import type { EntryRow, WaitingRow } from '../ledger/row.ts';
import { toType, type Where } from '../operator/cli-hints.ts';
import { batchOfAlert } from './alert.ts';
import type { AlertKind, AlertRow } from './alert-row.ts';

/** The time zone of dates, and the target that the printed command addresses. */
export type AlertContext = { timezone: string; where: Where };

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
  /** The command that shows more. */
  command: string;
  link: string | null;
};

/** The entry that an alert is about, as found in a list or by its key. */
export type AlertEntry = WaitingRow & Partial<Pick<EntryRow, 'post'>>;

type Told = { row: AlertRow; entry: AlertEntry | null };
type Words = { began: (told: Told) => string; over: (told: Told) => string; command: (told: Told) => string };

const mostUnits = 200;
/** Control characters and marks that change the direction of the following text. */
const unsafe = /[\s\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** Text from a feed, on one line and bounded. */
const said = (text: string): string => {
  const line = text.replaceAll(unsafe, ' ').trim().toWellFormed();
  return line.length <= mostUnits
    ? line
    : `${line.slice(0, mostUnits).toWellFormed().replace('\uFFFD', '')}…`;
};

const scopeWords = (scope: string): string => {
  const [kind = '', name = ''] = scope.split(/\/(.*)/s);
  return scope === 'all' ? 'nothing is posted' : `nothing of ${kind} ${name} is posted`;
};

const many = (count: number | null, one: string, more: string): string =>
  count === 1 ? `1 ${one}` : `${count ?? 'some'} ${more}`;

const because = ({ row }: Told): string => (row.detail === null ? '' : `: ${said(row.detail)}`);

const words: Record<AlertKind, Words> = {
  'token-refused': {
    began: (told) => `nothing is posted${because(told)}. Entries wait, none is lost`,
    over: () => 'Dash Social takes the token again',
    command: () => 'doctor',
  },
  'posting-stopped': {
    began: (told) => `${scopeWords(told.row.subject)}${because(told)}. Entries wait, none is lost`,
    over: ({ row }) => `posting goes on (${row.subject.replace('/', ' ')})`,
    command: () => 'status',
  },
  'feed-failing': {
    began: (told) => `the feed ${told.row.subject} cannot be read${because(told)}`,
    over: ({ row }) => `the feed ${row.subject} can be read again`,
    command: () => 'status',
  },
  'uncertain-parked': {
    began: ({ row }) =>
      `${many(row.count, 'entry', 'entries')} of ${row.subject} may or may not be in Dash Social: look there, then confirm or retry`,
    over: ({ row }) => `no entry of ${row.subject} is uncertain any more`,
    command: ({ row }) => `list --state uncertain --feed ${row.subject}`,
  },
  'possible-duplicates': {
    began: ({ row }) =>
      `${many(row.count, 'entry', 'entries')} of ${row.subject} may have two drafts in Dash Social: look there, delete one, then confirm`,
    over: ({ row }) => `no entry of ${row.subject} may have two drafts any more`,
    command: ({ row }) => `list --possible-duplicates --feed ${row.subject}`,
  },
  'dead-letters': {
    began: ({ row }) =>
      `${many(row.count, 'message', 'messages')} of the queue of ${row.subject} failed again and again and lie in its dead-letter queue`,
    over: ({ row }) => `the dead-letter queue of ${row.subject} is empty`,
    command: () => 'status',
  },
  'nothing-polled': {
    began: () => 'no feed is polled and nothing that waits is woken: the tick does not run',
    over: () => 'feeds are polled again',
    command: () => 'status',
  },
  'entry-held': {
    began: (told) =>
      `${many(told.row.count, 'entry', 'entries')} of ${told.row.subject} ${told.row.count === 1 ? 'is' : 'are'} held, nothing was sent${latestHeld(told)}`,
    over: ({ row }) => `no single entry of ${row.subject} is held any more`,
    command: ({ row }) =>
      row.count === 1 && row.entryKey !== null
        ? `explain ${row.entryKey}`
        : `list --state held --feed ${row.subject}`,
  },
  'batch-held': {
    began: ({ row }) =>
      `${many(row.count, 'entry', 'entries')} of ${row.subject} may be old rather than new: held, nothing was sent; release or dismiss them`,
    over: ({ row }) => `the held entries of ${row.subject} have been decided`,
    command: ({ row }) => `list --state held --batch ${batchOfAlert(row.id)}`,
  },
  'possible-gap': {
    began: ({ row }) =>
      `nothing in ${row.subject} was known from the last poll: entries may have come and gone in between. Poll it more often (every: in feeds.yml)`,
    over: ({ row }) => `${row.subject} is known again`,
    command: ({ row }) => `list --feed ${row.subject}`,
  },
  'not-as-configured': {
    began: (told) =>
      `an entry of ${told.row.subject} was held, because its post would go further than feeds.yml allows${because(told)}`,
    over: ({ row }) => `the held entry of ${row.subject} has been decided`,
    command: ({ row }) => `explain ${row.entryKey}`,
  },
  'draft-made': {
    began: ({ row, entry }) => `a draft of ${row.subject} is in Dash Social${ofDraft(entry)}`,
    over: ({ row }) => `a draft of ${row.subject} is gone`,
    command: ({ row }) => `explain ${row.entryKey}`,
  },
};

const latestHeld = ({ row: { count, detail } }: Told): string =>
  detail === null ? '' : `${count === 1 ? '' : '; the latest'}: ${said(detail)}`;

const ofDraft = (entry: AlertEntry | null): string => {
  if (entry === null) return '';
  const id = entry.postId === null ? '' : ` (${entry.postId})`;
  return `${id}: ${said(entry.title ?? entry.post?.text ?? 'without a title')}`;
};

/** `28 Nov 2026, 17:38 CET`, with its zone, because a time alone is ambiguous. */
const timeIn = (timezone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (at: number) => format.format(at);
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const webPage = (link: string | null | undefined): string | null => {
  const url = URL.parse(link ?? '');
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
};

/** States what happened (or is over), since when, and the command that shows more. */
export const alertNotice = (told: Told, { timezone, where }: AlertContext): Notice => {
  const { row, entry } = told;
  const { id, kind, subject, since, endedAt, count } = row;
  const time = timeIn(timezone);
  const { began, over, command } = words[kind];
  const text =
    endedAt === null
      ? `${began(told)}. Since ${time(since)}.`
      : `Over: ${over(told)}. It began ${time(since)} and ended ${time(endedAt)}.`;
  return {
    id,
    kind,
    state: endedAt === null ? 'began' : 'over',
    subject,
    since,
    endedAt,
    count,
    text: capital(text),
    command: toType(command(told), where),
    link: webPage(entry?.link),
  };
};
