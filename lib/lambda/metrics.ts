import type { AppEvent } from '../core/events.ts';

/** The CloudWatch namespace; the only dimension is `service`, which includes the stage. */
export const namespace = 'RssDrafts';

/**
 * Every metric with its unit. No dimension ever contains a feed, a brand or an error code, because each distinct
 * value is billed. Counts of an invocation are summed, milliseconds are sent individually.
 */
export const metrics = {
  Ticks: 'Count',
  FeedsDue: 'Count',
  FeedMessages: 'Count',
  RowsWoken: 'Count',
  LeasesExpired: 'Count',
  OldestWaitingMs: 'Milliseconds',
  PollsUnchanged: 'Count',
  PollsChanged: 'Count',
  PollsFailed: 'Count',
  PollsOvertaken: 'Count',
  PollsDeferred: 'Count',
  FeedsFailing: 'Count',
  FeedsMoved: 'Count',
  PollGaps: 'Count',
  CountMismatches: 'Count',
  BatchesHeld: 'Count',
  EntriesKnown: 'Count',
  EntriesBaselined: 'Count',
  EntriesFiltered: 'Count',
  EntriesHeld: 'Count',
  EntriesForReview: 'Count',
  EntriesQueued: 'Count',
  EntriesUnsettled: 'Count',
  DraftsCreated: 'Count',
  DraftsWithheld: 'Count',
  DraftDelayMs: 'Milliseconds',
  DraftsRejected: 'Count',
  DraftsUncertain: 'Count',
  DraftsLookedUp: 'Count',
  DraftsDelayed: 'Count',
  DraftsHeld: 'Count',
  WebhooksRegistered: 'Count',
  WebhooksIgnored: 'Count',
  WebhooksRefused: 'Count',
  WebhooksFailed: 'Count',
  WebhookSecretMissing: 'Count',
  ConsoleRefused: 'Count',
  CircuitOpened: 'Count',
  CircuitThrottled: 'Count',
  CircuitClosed: 'Count',
  AlertsSent: 'Count',
  AlertsFailed: 'Count',
  RowsCorrupt: 'Count',
  MessagesFailed: 'Count',
  ErrorsConfig: 'Count',
  ErrorsUnexpected: 'Count',
} as const satisfies Record<string, 'Count' | 'Milliseconds'>;

export type MetricName = keyof typeof metrics;
export type Measured = Partial<Record<MetricName, number>>;

const entriesBy = {
  known: 'EntriesKnown',
  baselined: 'EntriesBaselined',
  filtered: 'EntriesFiltered',
  held: 'EntriesHeld',
  review: 'EntriesForReview',
  queued: 'EntriesQueued',
} as const satisfies Record<string, MetricName>;

type Table = { [N in AppEvent['event']]: (news: Extract<AppEvent, { event: N }>) => Measured };

const measures: Table = {
  'tick.done': (news) => ({
    Ticks: 1,
    FeedsDue: news.due,
    FeedMessages: news.messages,
  }),
  'tick.from-future': () => ({}), // status shows it while it lasts
  'renewal.unfinished': () => ({}), // a hundred days are left to continue
  'sweep.done': (news) => ({
    RowsWoken: news.woken,
    LeasesExpired: news.expiredLeases,
    // Null: nothing is waiting, not even behind an open circuit. A metric that is not sent costs nothing.
    ...(news.oldestWaitingMs !== null && { OldestWaitingMs: news.oldestWaitingMs }),
  }),
  'poll.unchanged': () => ({ PollsUnchanged: 1 }),
  'poll.changed': ({ counts, unsettled }) => ({
    PollsChanged: 1,
    EntriesKnown: counts.known,
    EntriesBaselined: counts.baselined,
    EntriesFiltered: counts.filtered,
    EntriesHeld: counts.held,
    EntriesForReview: counts.review,
    EntriesQueued: counts.queued,
    EntriesUnsettled: unsettled,
  }),
  'entry.unsettled': () => ({}), // counted by its poll
  'poll.failed': () => ({ PollsFailed: 1 }),
  'poll.recovered': () => ({}),
  'poll.deferred': () => ({ PollsDeferred: 1 }),
  'poll.wrong-304': () => ({}), // shown by status
  'poll.moved': () => ({ FeedsMoved: 1 }),
  'feed.failing': () => ({ FeedsFailing: 1 }),
  'feed.working': () => ({}),
  'poll.overtaken': () => ({ PollsOvertaken: 1 }),
  'poll.gap': () => ({ PollGaps: 1 }),
  'poll.batch-held': () => ({ BatchesHeld: 1 }),
  'poll.count-mismatch': () => ({ CountMismatches: 1 }),
  'draft.created': ({ delayMs }) => ({
    DraftsCreated: 1,
    ...(delayMs !== null && { DraftDelayMs: delayMs }),
  }),
  'draft.unwritten': () => ({}), // counted as uncertain if its lease expires
  'hook.asked': () => ({}), // a hook that keeps failing holds its entries, which raises an alert
  'draft.withheld': () => ({ DraftsWithheld: 1 }),
  'draft.rejected': () => ({ DraftsRejected: 1 }),
  'draft.uncertain': () => ({ DraftsUncertain: 1 }),
  'draft.looked-up': () => ({ DraftsLookedUp: 1 }),
  'article.changed': () => ({}),
  'draft.updated': () => ({}),
  'draft.deferred': () => ({ DraftsDelayed: 1 }),
  'draft.media-unchecked': () => ({}), // recorded in its row's history
  'draft.held': () => ({ DraftsHeld: 1 }),
  'webhook.registered': ({ outcome }) => ({ WebhooksRegistered: 1, [entriesBy[outcome]]: 1 }),
  'webhook.ignored': () => ({ WebhooksIgnored: 1 }),
  'webhook.refused': () => ({ WebhooksRefused: 1 }),
  'webhook.failed': () => ({ WebhooksFailed: 1 }),
  'webhook.no-secret': () => ({ WebhookSecretMissing: 1 }),
  'webhook.not-recorded': () => ({}), // informational; the delivery itself continued
  'webhook.not-woken': () => ({}), // the sweep wakes it: RowsWoken
  'token.kept': () => ({}), // has no effect
  // A throttled circuit closes automatically and needs no attention.
  'circuit.opened': ({ reason }) => (reason === 'throttled' ? { CircuitThrottled: 1 } : { CircuitOpened: 1 }),
  'circuit.closed': () => ({ CircuitClosed: 1 }),
  'alert.sent': () => ({ AlertsSent: 1 }),
  'alert.failed': ({ alerts }) => ({ AlertsFailed: alerts }),
  'events.sent': () => ({}), // the queue has metrics of its own
  'events.bus-failed': () => ({}), // sent again from the queue
  'event.not-delivered': () => ({}), // sent again
  'event.given-up': () => ({}), // a dead letter, which has an alarm
  'row.corrupt': () => ({ RowsCorrupt: 1 }),
};

/** The metrics of an event. */
export const measure = (news: AppEvent): Measured =>
  // The table's type pairs each event with its function, but the compiler cannot follow an index by a union.
  (measures[news.event] as (news: AppEvent) => Measured)(news);
