import { describe, expect, it } from 'vitest';
import type { AppError } from '../../lib/core/errors.ts';
import type { Report } from '../../lib/core/events.ts';
import { responseMarginMs } from '../../lib/lambda/http-handler.ts';
import { openTelemetry } from '../../lib/lambda/telemetry.ts';
import { consoleServices } from '../../lib/services/console.ts';
import { createDraftServices, draftWorkers } from '../../lib/services/create-draft.ts';
import { ingestFeedsServices } from '../../lib/services/ingest-feeds.ts';
import { pollFeedsServices } from '../../lib/services/poll-feeds.ts';
import { receiveWebhookServices } from '../../lib/services/receive-webhook.ts';
import { sendAlertsServices } from '../../lib/services/send-alerts.ts';
import { arnOf, ref, wholeTemplate } from '../support/whole-template.ts';

const { properties, ofType } = wholeTemplate();

describe('functions', () => {
  it.each([
    ['pollFeeds', 'poll-feeds', { MemorySize: 512, Timeout: 60 }],
    ['ingestFeeds', 'ingest-feeds', { MemorySize: 1024, Timeout: 60 }],
    ['createDraft', 'create-draft', { MemorySize: 512, Timeout: 150 }],
    ['enrichPost', 'enrich-post', { MemorySize: 512, Timeout: 90 }],
    ['receiveWebhook', 'receive-webhook', { MemorySize: 1024, Timeout: 10 }],
    ['sendAlerts', 'send-alerts', { MemorySize: 512, Timeout: 60 }],
    ['console', 'console', { MemorySize: 1024, Timeout: 15 }],
    ['sendEvents', 'send-events', { MemorySize: 512, Timeout: 60 }],
    ['deliverEvents', 'deliver-events', { MemorySize: 512, Timeout: 40 }],
  ])('%s has its own archive, role and limits', (name, archive, limits) => {
    const id = `${name[0]?.toUpperCase()}${name.slice(1)}`;

    expect(properties(`${id}LambdaFunction`)).toMatchObject({
      FunctionName: `rss-drafts-dev-${name}`,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: arnOf(`${id}Role`),
      Code: { S3Key: expect.stringMatching(new RegExp(`/${archive}\\.zip$`)) },
      ...limits,
    });
  });

  it('respond to a delivery within 8 s', () => {
    const { Timeout } = properties('ReceiveWebhookLambdaFunction') as { Timeout: number };

    expect(Timeout * 1_000 - responseMarginMs).toBeLessThanOrEqual(8_000);
  });

  it('are nine', () => {
    expect(ofType('AWS::Lambda::Function').map(([id]) => id)).toEqual([
      'PollFeedsLambdaFunction',
      'IngestFeedsLambdaFunction',
      'CreateDraftLambdaFunction',
      'EnrichPostLambdaFunction',
      'ReceiveWebhookLambdaFunction',
      'SendAlertsLambdaFunction',
      'ConsoleLambdaFunction',
      'SendEventsLambdaFunction',
      'DeliverEventsLambdaFunction',
    ]);
  });

  it('have their own log groups, kept for 30 days', () => {
    expect(ofType('AWS::Logs::LogGroup').map(([, group]) => group.Properties)).toEqual(
      [
        ...[
          'pollFeeds',
          'ingestFeeds',
          'createDraft',
          'enrichPost',
          'receiveWebhook',
          'sendAlerts',
          'console',
        ],
        ...['sendEvents', 'deliverEvents'],
      ].map((name) => ({
        LogGroupName: `/aws/lambda/rss-drafts-dev-${name}`,
        RetentionInDays: 30,
      })),
    );
  });
});

describe('events', () => {
  it('tick every minute and check alerts every five, with few retries', () => {
    expect(ofType('AWS::Scheduler::Schedule').map(([, schedule]) => schedule.Properties)).toEqual([
      {
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: arnOf('PollFeedsLambdaFunction'),
          RoleArn: arnOf('ScheduleRole'),
          Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
          RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
          DeadLetterConfig: { Arn: arnOf('ScheduleDeadLetterQueue') },
        },
      },
      {
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: arnOf('SendAlertsLambdaFunction'),
          RoleArn: arnOf('ScheduleRole'),
          Input: '{}',
          RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 300 },
          DeadLetterConfig: { Arn: arnOf('ScheduleDeadLetterQueue') },
        },
      },
    ]);
    expect(properties('PollFeedsLambdaEvConf')).toMatchObject({
      FunctionName: ref('PollFeedsLambdaFunction'),
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('send each queue to its function, with partial batch responses', () => {
    const ofQueues = ofType('AWS::Lambda::EventSourceMapping').filter(([id]) => id.includes('SQS'));

    expect(ofQueues.map(([, mapping]) => mapping.Properties)).toEqual([
      {
        EventSourceArn: arnOf('FeedsQueue'),
        FunctionName: arnOf('IngestFeedsLambdaFunction'),
        Enabled: true,
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 20 },
      },
      {
        EventSourceArn: arnOf('DraftsQueue'),
        FunctionName: arnOf('CreateDraftLambdaFunction'),
        Enabled: true,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: draftWorkers },
      },
      {
        EventSourceArn: arnOf('EnrichQueue'),
        FunctionName: arnOf('EnrichPostLambdaFunction'),
        Enabled: true,
        BatchSize: 5,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 4 },
      },
      {
        EventSourceArn: arnOf('DeliveriesQueue'),
        FunctionName: arnOf('DeliverEventsLambdaFunction'),
        Enabled: true,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 10 },
      },
    ]);
  });
});

/** A deployed function's variables, with dummy values and an address for queues. */
const givenTo = (fn: string): Record<string, string> => {
  const { Variables } = properties(`${fn}LambdaFunction`).Environment as {
    Variables: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.keys(Variables).map((name) => [
      name,
      name.endsWith('_URL') ? 'https://sqs.example.com/1/q' : 'INFO',
    ]),
  );
};

/** The variables that `work` reads when only `given` is set, and the error it throws. */
const readBy = (given: Record<string, string>, work: () => void) => {
  const names = new Set<string>();
  const real = process.env;
  process.env = new Proxy(given, {
    get: (all, name) => {
      names.add(String(name));
      return all[String(name)];
    },
  });
  try {
    work();
    return { names, error: null };
  } catch (error) {
    return { names, error: error as AppError };
  } finally {
    process.env = real;
  }
};

describe('environment', () => {
  it.each([
    ['PollFeeds', pollFeedsServices],
    ['IngestFeeds', ingestFeedsServices],
    ['CreateDraft', createDraftServices],
    ['ReceiveWebhook', receiveWebhookServices],
    ['SendAlerts', sendAlertsServices],
    ['Console', consoleServices],
  ])(
    'of %s has all required variables, and none that is not read',
    (fn, services: (report: Report) => unknown) => {
      const given = givenTo(fn);

      const { names, error } = readBy(given, () => services(() => {}));

      expect(error?.code).toBe('config.missing'); // only the packed feeds are missing, no variable
      const own = Object.keys(given).filter((name) => !name.startsWith('POWERTOOLS_'));
      expect(own.filter((name) => !names.has(name))).toEqual([]);
    },
  );

  it('includes the stage for every function', () => {
    for (const [, fn] of ofType('AWS::Lambda::Function'))
      expect(fn.Properties.Environment).toMatchObject({ Variables: { STAGE: 'dev' } });
  });

  it('has only Powertools variables that Powertools reads', () => {
    const given = givenTo('PollFeeds');

    const { names } = readBy(given, openTelemetry);

    const powertools = Object.keys(given).filter((name) => name.startsWith('POWERTOOLS_'));
    expect(powertools).toEqual(['POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_LOG_LEVEL']);
    expect(powertools.filter((name) => !names.has(name))).toEqual([]);
  });
});
