import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppEvent } from '../../lib/core/events.ts';
import { type MetricName, metrics } from '../../lib/lambda/metrics.ts';
import { telemetry } from '../../lib/lambda/telemetry.ts';
import { type Printed, takePrinted } from '../support/printed.ts';

const counts = { seen: 12, known: 4, baselined: 1, filtered: 1, held: 1, review: 3, queued: 2 };
const row = { key: 'k', feed: 'newsroom', brand: 144 };

const events: [AppEvent, Partial<Record<MetricName, number>>][] = [
  [
    { event: 'tick.done', due: 3, messages: 1 },
    { Ticks: 1, FeedsDue: 3, FeedMessages: 1 },
  ],
  [{ event: 'tick.done', due: 0, messages: 0 }, { Ticks: 1 }],
  [
    { event: 'sweep.done', woken: 2, expiredLeases: 1, oldestWaitingMs: 60_000 },
    { RowsWoken: 2, LeasesExpired: 1, OldestWaitingMs: 60_000 },
  ],
  [{ event: 'sweep.done', woken: 0, expiredLeases: 0, oldestWaitingMs: 0 }, { OldestWaitingMs: 0 }],
  [{ event: 'sweep.done', woken: 0, expiredLeases: 0, oldestWaitingMs: null }, {}],
  [{ event: 'poll.unchanged', feed: 'newsroom', status: 304, bytes: 0 }, { PollsUnchanged: 1 }],
  [
    { event: 'poll.changed', feed: 'newsroom', counts, unsettled: 0, bytes: 2_048 },
    {
      PollsChanged: 1,
      EntriesKnown: 4,
      EntriesBaselined: 1,
      EntriesFiltered: 1,
      EntriesHeld: 1,
      EntriesForReview: 3,
      EntriesQueued: 2,
    },
  ],
  [
    { event: 'poll.changed', feed: 'newsroom', counts: { ...counts, seen: 13 }, unsettled: 1, bytes: 9 },
    {
      PollsChanged: 1,
      EntriesKnown: 4,
      EntriesBaselined: 1,
      EntriesFiltered: 1,
      EntriesHeld: 1,
      EntriesForReview: 3,
      EntriesQueued: 2,
      EntriesUnsettled: 1,
    },
  ],
  [{ event: 'poll.batch-held', feed: 'newsroom', batch: 'newsroom.3', entries: 12 }, { BatchesHeld: 1 }],
  [
    { event: 'poll.failed', feed: 'newsroom', code: 'feed.dns', message: 'no', failures: 2, nextAt: 1 },
    { PollsFailed: 1 },
  ],
  [{ event: 'entry.unsettled', feed: 'newsroom', code: 'ledger.contended', message: 'no rest' }, {}],
  [{ event: 'poll.gap', feed: 'newsroom' }, { PollGaps: 1 }],
  [
    { event: 'poll.deferred', feed: 'newsroom', code: 'feed.host-paused', message: 'later', until: 5 },
    { PollsDeferred: 1 },
  ],
  [{ event: 'poll.moved', feed: 'newsroom', to: 'https://www.example.com/new' }, { FeedsMoved: 1 }],
  [
    { event: 'feed.failing', feed: 'newsroom', code: 'feed.gone', message: '410', since: 1, failures: 1 },
    { FeedsFailing: 1 },
  ],
  [{ event: 'poll.recovered', feed: 'newsroom' }, {}],
  [{ event: 'poll.overtaken', feed: 'newsroom' }, { PollsOvertaken: 1 }],
  [{ event: 'poll.count-mismatch', feed: 'newsroom', counts, unsettled: 0 }, { CountMismatches: 1 }],
  [
    { event: 'draft.created', ...row, postId: 7, delayMs: 90_000 },
    { DraftsCreated: 1, DraftDelayMs: 90_000 },
  ],
  [{ event: 'draft.created', ...row, postId: 7, delayMs: null }, { DraftsCreated: 1 }],
  [{ event: 'draft.withheld', ...row }, { DraftsWithheld: 1 }],
  [{ event: 'draft.looked-up', ...row, found: 'absent' }, { DraftsLookedUp: 1 }],
  [{ event: 'draft.rejected', ...row, message: 'text is too long' }, { DraftsRejected: 1 }],
  [{ event: 'draft.uncertain', ...row, code: 'dash.timeout', message: 'no answer' }, { DraftsUncertain: 1 }],
  [{ event: 'draft.deferred', ...row, code: 'dash.busy', message: 'later', dueAt: 1 }, { DraftsDelayed: 1 }],
  [{ event: 'draft.media-unchecked', ...row, code: 'dash.timeout', message: 'no answer' }, {}],
  [{ event: 'draft.held', ...row, code: 'caption.empty' }, { DraftsHeld: 1 }],
  [
    { event: 'webhook.registered', source: 'blog', feed: 'newsroom', key: 'k', outcome: 'held', code: 'x.y' },
    { WebhooksRegistered: 1, EntriesHeld: 1 },
  ],
  [{ event: 'webhook.ignored', source: 'blog', reason: 'draft' }, { WebhooksIgnored: 1 }],
  [
    { event: 'webhook.refused', source: null, status: 404, code: 'webhook.unknown-source', message: 'no' },
    { WebhooksRefused: 1 },
  ],
  [{ event: 'webhook.failed', source: 'blog', status: 503, code: 'store.throttled' }, { WebhooksFailed: 1 }],
  [{ event: 'webhook.no-secret', source: 'blog', names: ['blog'] }, { WebhookSecretMissing: 1 }],
  [{ event: 'webhook.not-recorded', source: 'blog', code: 'store.unreachable', message: 'no' }, {}],
  [{ event: 'webhook.not-woken', source: 'blog', key: 'k', code: 'queue.down', message: 'no' }, {}],
  [{ event: 'circuit.opened', scope: 'all', reason: 'unauthorized', until: null }, { CircuitOpened: 1 }],
  [{ event: 'circuit.opened', scope: 'all', reason: 'throttled', until: 1 }, { CircuitThrottled: 1 }],
  [{ event: 'circuit.closed', scope: 'brand/144' }, { CircuitClosed: 1 }],
  [
    {
      event: 'alert.sent',
      alert: 'a',
      kind: 'dead-letters',
      state: 'began',
      text: 'Two.',
      command: 'status',
    },
    { AlertsSent: 1 },
  ],
  [
    { event: 'alert.failed', channel: 'slack', alerts: 3, code: 'alert.not-now', message: 'answered 503' },
    { AlertsFailed: 3 },
  ],
  [{ event: 'row.corrupt', key: 'k', message: 'no state' }, { RowsCorrupt: 1 }],
];

describe('telemetry', () => {
  let printed: Printed;
  beforeEach(() => {
    printed = takePrinted();
  });
  afterEach(() => {
    telemetry().flush(); // drops what this test left behind
    vi.restoreAllMocks();
  });

  it.each(events)('measures %o', (reported, measured) => {
    telemetry().report(reported);
    telemetry().flush();

    expect(printed.metrics()).toEqual(Object.keys(measured).length > 0 ? [measured] : []);
  });

  it.each(events.filter(([{ event }]) => event !== 'poll.unchanged'))(
    'writes one log line for %o',
    (reported) => {
      telemetry().report(reported);

      const { event, ...data } = reported;
      expect(printed.logs()).toMatchObject([{ message: event, data }]);
    },
  );

  it('adds up counts, sends every duration, and starts over after each flush', () => {
    for (const oldestWaitingMs of [5, 9, 7]) {
      telemetry().report({ event: 'tick.done', due: 2, messages: 1 });
      telemetry().report({ event: 'sweep.done', woken: 0, expiredLeases: 0, oldestWaitingMs });
    }

    const measured = telemetry().measured();
    telemetry().flush();
    telemetry().flush();

    expect(measured).toMatchObject({ FeedsDue: 6, OldestWaitingMs: 9 });
    expect(printed.metrics()).toEqual([
      { Ticks: 3, FeedsDue: 6, FeedMessages: 3, OldestWaitingMs: [5, 9, 7] },
    ]);
  });

  it('has no metric dimension other than the service, whatever the events contain', () => {
    for (const [reported] of events) telemetry().report(reported);
    telemetry().flush();

    const emf = printed
      .text()
      .split('\n')
      .find((line) => line.includes('_aws')) as string;
    const { _aws: aws, ...values } = JSON.parse(emf);
    expect(aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'RssDrafts', Dimensions: [['service']] }]);
    expect(Object.keys(values).toSorted()).toEqual(
      ['service', ...aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name)].toSorted(),
    );
    expect(emf).not.toContain('newsroom');
  });

  it('sends every metric for some event, except those for errors', () => {
    const sent = new Set(events.flatMap(([, measured]) => Object.keys(measured)));
    const byErrors = ['MessagesFailed', 'ErrorsConfig', 'ErrorsUnexpected']; // see queue-handler.test.ts

    const byPages = ['ConsoleRefused']; // see page-handler.test.ts
    const never = Object.keys(metrics).filter(
      (name) => !sent.has(name) && ![...byErrors, ...byPages].includes(name),
    );
    expect(never).toEqual([]);
  });

  it('redacts values under keys that may contain a secret', () => {
    const answer = {
      headers: { authorization: 'Bearer hunter2' },
      request: { Authorization: 'Bearer hunter2', 'set-cookie': 'a=hunter2', apiToken: 'hunter2' },
      body: '<rss>hunter2</rss>',
      DASH_SECRET: 'hunter2',
      password: ['hunter2'],
      status: 401,
    };

    const error = Object.assign(new Error('no'), {
      $response: answer,
      cause: Object.assign(new Error(), answer),
    });
    telemetry().log.error('dash.refused', { answer, error });

    expect(printed.text()).not.toContain('hunter2');
    expect(printed.logs()).toMatchObject([{ answer: { status: 401, body: '[redacted]' } }]);
  });
});
