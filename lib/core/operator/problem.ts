import { countText } from './count-text.ts';

/** Everything that needs attention, the worst first: problems of one kind share their rank. */
export const problemKinds = [
  'not-running',
  'ticks-stopped',
  'posting-stopped',
  'brand-stopped',
  'not-as-configured',
  'paused',
  'outcome-unknown',
  'possible-duplicates',
  'feed-failing',
  'deliveries-refused',
  'entries-rejected',
  'entries-held',
  'batch-held',
  'entries-to-review',
  'article-changed',
  'rate-limited',
  'dead-letters',
  'clock-off',
  'alert',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** An entry that a problem is about. `title` and `why` may be text from a feed. */
export type ProblemEntry = { key: string; title: string; feed: string; why: string };

/** One thing that needs attention, in sentences for people. Times are epoch milliseconds. */
export type Problem = {
  kind: ProblemKind;
  /** `needs-you`: it lasts until a person acts. `resolves-itself`: it is tried again, or ends at a known time. */
  group: 'needs-you' | 'resolves-itself';
  /** `task`: everyday work that is not late, so that no check fails because of it. */
  level: 'fault' | 'task';
  /** What it is about: `all`, `brand/144`, `feed/newsroom`, `webhook/blog`, a batch or the ID of an alert. */
  subject: string;
  /** When it began; null where that is not recorded. */
  since: number | null;
  lastTriedAt: number | null;
  /** When it is tried again or ends without you; null when it needs you. */
  nextAt: number | null;
  /** Of entries or messages. */
  count: number | null;
  /** The first entries that it is about, with their reasons; empty where it is about something else. */
  entries: readonly ProblemEntry[];
  /** What it is in a few words, without a period. */
  title: string;
  cause: string;
  effect: string;
  remedy: string;
  /** What to type to see or end it. */
  command: string | null;
};

/** `1 entry`, `24 entries`, `1,000+ entries`. */
export const entriesText = (count: number): string =>
  `${countText(count)} ${count === 1 ? 'entry' : 'entries'}`;

/** `All posting`, `Brand 144`, `Feed newsroom`. */
export const scopeName = (scope: string): string => {
  if (scope === 'all') return 'All posting';
  const [kind, ...name] = scope.split('/');
  return `${kind === 'brand' ? 'Brand' : 'Feed'} ${name.join('/')}`;
};

/** What a problem is, in a few words. */
export const titleOf = (kind: ProblemKind, subject: string, count: number | null): string => {
  const name = subject.slice(subject.indexOf('/') + 1);
  switch (kind) {
    case 'not-running':
      return 'Not running';
    case 'ticks-stopped':
      return 'Feeds are not polled';
    case 'posting-stopped':
      return 'Posting is stopped';
    case 'brand-stopped':
      return `Posting for brand ${name} is stopped`;
    case 'not-as-configured':
      return `${entriesText(count ?? 0)} held, more public than feeds.yml allows`;
    case 'paused':
      return `${scopeName(subject)} is paused`;
    case 'rate-limited':
      return 'Waiting for the rate limit';
    case 'outcome-unknown':
      return `${entriesText(count ?? 0)} with unknown outcome`;
    case 'possible-duplicates':
      return `${countText(count ?? 0)} possible ${count === 1 ? 'duplicate' : 'duplicates'}`;
    case 'feed-failing':
      return `Feed ${name} is failing`;
    case 'deliveries-refused':
      return `Webhook ${name} is not accepting deliveries`;
    case 'entries-rejected':
      return `${entriesText(count ?? 0)} rejected by Dash Social`;
    case 'entries-held':
      return `${entriesText(count ?? 0)} held`;
    case 'batch-held':
      return count === 1 ? '1 entry held' : `${entriesText(count ?? 0)} held together`;
    case 'entries-to-review':
      return `${entriesText(count ?? 0)} to review`;
    case 'article-changed':
      return `${countText(count ?? 0)} ${count === 1 ? 'article' : 'articles'} changed after the draft`;
    case 'dead-letters':
      return `${count} ${count === 1 ? 'task' : 'tasks'} failed five times`;
    case 'clock-off':
      return 'A clock was wrong';
    case 'alert':
      return 'Entries may have been missed';
  }
};
