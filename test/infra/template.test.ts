import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../lib/core/errors.ts';
import type { Report } from '../../lib/core/events.ts';
import { responseMarginMs } from '../../lib/lambda/http-handler.ts';
import { metrics, namespace } from '../../lib/lambda/metrics.ts';
import { telemetry } from '../../lib/lambda/telemetry.ts';
import { createDraftServices, draftWorkers } from '../../lib/services/create-draft.ts';
import { ingestFeedsServices } from '../../lib/services/ingest-feeds.ts';
import { pollFeedsServices } from '../../lib/services/poll-feeds.ts';
import { receiveWebhookServices } from '../../lib/services/receive-webhook.ts';
import { sendAlertsServices } from '../../lib/services/send-alerts.ts';
import { packagedTemplate, type Resource, type Template } from '../support/packaged.ts';
import { rightsOf, statementsOf } from '../support/rights.ts';

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
}, 60_000);

const resource = (id: string): Resource => {
  const found = template.Resources[id];
  if (!found) throw new Error(`no resource ${id}; there are ${Object.keys(template.Resources).join(', ')}`);
  return found;
};
const properties = (id: string) => resource(id).Properties;
const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const ref = (id: string) => ({ Ref: id });

describe('functions', () => {
  it.each([
    ['pollFeeds', 'poll-feeds', { MemorySize: 512, Timeout: 60 }],
    ['ingestFeeds', 'ingest-feeds', { MemorySize: 1024, Timeout: 60 }],
    ['createDraft', 'create-draft', { MemorySize: 512, Timeout: 150 }],
    ['receiveWebhook', 'receive-webhook', { MemorySize: 1024, Timeout: 10 }],
    ['sendAlerts', 'send-alerts', { MemorySize: 512, Timeout: 60 }],
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

  it('are five', () => {
    expect(ofType('AWS::Lambda::Function').map(([id]) => id)).toEqual([
      'PollFeedsLambdaFunction',
      'IngestFeedsLambdaFunction',
      'CreateDraftLambdaFunction',
      'ReceiveWebhookLambdaFunction',
      'SendAlertsLambdaFunction',
    ]);
  });

  it('have their own log groups, kept for 30 days', () => {
    expect(ofType('AWS::Logs::LogGroup').map(([, group]) => group.Properties)).toEqual(
      ['pollFeeds', 'ingestFeeds', 'createDraft', 'receiveWebhook', 'sendAlerts'].map((name) => ({
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
    expect(ofType('AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping.Properties)).toEqual([
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

    const { names } = readBy(given, telemetry);

    const powertools = Object.keys(given).filter((name) => name.startsWith('POWERTOOLS_'));
    expect(powertools).toEqual(['POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_LOG_LEVEL']);
    expect(powertools.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('queues', () => {
  it.each([
    ['FeedsQueue', 'FeedsDeadLetters', 'IngestFeedsLambdaFunction', 'feeds'],
    ['DraftsQueue', 'DraftsDeadLetters', 'CreateDraftLambdaFunction', 'drafts'],
  ])('%s hides a message for six time-outs and gives up after five tries', (queue, deadLetters, fn, name) => {
    expect(properties(queue)).toEqual({
      QueueName: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
      VisibilityTimeout: 6 * (properties(fn).Timeout as number),
      MessageRetentionPeriod: 24 * 3600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: arnOf(deadLetters), maxReceiveCount: 5 },
    });
    expect(properties(deadLetters)).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
      RedriveAllowPolicy: { redrivePermission: 'byQueue' },
    });
  });
});

describe('tables', () => {
  it.each(['LedgerTable', 'FeedsTable'])('%s is on demand, recoverable and retained', (table) => {
    expect(resource(table)).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it('have these keys and indexes', () => {
    const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
    const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });

    expect(properties('FeedsTable')).toMatchObject({ KeySchema: [hash('pk'), range('sk')] });
    expect(properties('FeedsTable')).not.toHaveProperty('GlobalSecondaryIndexes');
    expect(properties('LedgerTable')).toMatchObject({
      KeySchema: [hash('key')],
      GlobalSecondaryIndexes: [
        { IndexName: 'wake', KeySchema: [hash('wakeShard'), range('wakeAt')] },
        { IndexName: 'queue', KeySchema: [hash('queueFeed'), range('queueAt')] },
        { IndexName: 'person', KeySchema: [hash('personShard'), range('personAt')] },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});

describe('secrets', () => {
  it('have no value in the template', () => {
    const secrets = ofType('AWS::SecretsManager::Secret');

    expect(secrets.map(([id]) => id)).toEqual(['DashToken', 'InboundSecrets']);
    for (const [, secret] of secrets) expect(Object.keys(secret.Properties)).toEqual(['Name', 'Description']);
  });

  it('are named after their stage, and outlive the stack once created', () => {
    const secrets = ofType('AWS::SecretsManager::Secret').map(([, secret]) => secret);

    expect(secrets.map(({ Properties }) => Properties.Name)).toEqual([
      '/rss-drafts/dev/dash-token',
      '/rss-drafts/dev/inbound',
    ]);
    for (const secret of secrets)
      expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

const list = <T>(one: T | T[]) => (Array.isArray(one) ? one : [one]);
const log = (name: string) =>
  `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/\${AWS::StackName}-${name}:*`;
const allowed = (rights: Record<string, string[]>) =>
  Object.entries(rights)
    .flatMap(([where, actions]) => actions.map((action) => `${where}: ${action}`))
    .toSorted();

const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const mapping = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

describe('roles', () => {
  it('let pollFeeds only read schedules, wake rows, expire leases and update circuits', () => {
    expect(rightsOf(template, 'PollFeedsRole')).toEqual(
      allowed({
        [log('pollFeeds')]: logs,
        FeedsTable: [
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        '${LedgerTable.Arn}/index/wake': ['dynamodb:Query'],
        '${LedgerTable.Arn}/index/person': ['dynamodb:Query'],
        FeedsQueue: ['sqs:SendMessage'],
        DraftsQueue: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
        DashToken: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let ingestFeeds only register entries and wake them', () => {
    expect(rightsOf(template, 'IngestFeedsRole')).toEqual(
      allowed({
        [log('ingestFeeds')]: logs,
        FeedsQueue: [...mapping, 'sqs:SendMessage'],
        DraftsQueue: ['sqs:SendMessage'],
        FeedsTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        InboundSecrets: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let createDraft only claim and settle rows', () => {
    expect(rightsOf(template, 'CreateDraftRole')).toEqual(
      allowed({
        [log('createDraft')]: logs,
        DraftsQueue: mapping,
        FeedsTable: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        '${LedgerTable.Arn}/index/queue': ['dynamodb:Query'],
        DashToken: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let receiveWebhook only register and wake entries and read webhook secrets', () => {
    expect(rightsOf(template, 'ReceiveWebhookRole')).toEqual(
      allowed({
        [log('receiveWebhook')]: logs,
        FeedsTable: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        DraftsQueue: ['sqs:SendMessage'],
        InboundSecrets: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let sendAlerts only read, keep its flags and notify', () => {
    expect(rightsOf(template, 'SendAlertsRole')).toEqual(
      allowed({
        [log('sendAlerts')]: logs,
        FeedsTable: [
          'dynamodb:BatchGetItem',
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:DeleteItem',
        ],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
        '${LedgerTable.Arn}/index/person': ['dynamodb:Query'],
        FeedsDeadLetters: ['sqs:GetQueueAttributes'],
        DraftsDeadLetters: ['sqs:GetQueueAttributes'],
        InboundSecrets: ['secretsmanager:GetSecretValue'],
        Alarms: ['sns:Publish'],
      }),
    );
  });

  it('let the schedule only start pollFeeds and sendAlerts and store failures', () => {
    expect(rightsOf(template, 'ScheduleRole')).toEqual([
      'PollFeedsLambdaFunction: lambda:InvokeFunction',
      'ScheduleDeadLetterQueue: sqs:SendMessage',
      'SendAlertsLambdaFunction: lambda:InvokeFunction',
    ]);
  });

  it.each([
    ['PollFeedsRole', 'lambda.amazonaws.com'],
    ['IngestFeedsRole', 'lambda.amazonaws.com'],
    ['CreateDraftRole', 'lambda.amazonaws.com'],
    ['ReceiveWebhookRole', 'lambda.amazonaws.com'],
    ['SendAlertsRole', 'lambda.amazonaws.com'],
    ['ScheduleRole', 'scheduler.amazonaws.com'],
  ])('%s trusts its service only, without wildcards', (role, service) => {
    expect(properties(role).AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    });
    for (const { Effect, Action, Resource } of statementsOf(template, role)) {
      expect(Effect).toBe('Allow');
      expect(list(Action).join()).not.toContain('*');
      expect(list(Resource)).not.toContain('*');
    }
  });

  it('are the only ones in the template', () => {
    expect(ofType('AWS::IAM::Role').map(([id]) => id)).toEqual([
      'PollFeedsRole',
      'IngestFeedsRole',
      'CreateDraftRole',
      'ReceiveWebhookRole',
      'SendAlertsRole',
      'ScheduleRole',
    ]);
  });
});

describe('alarms', () => {
  it('all notify the one topic', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm');

    expect(alarms.map(([id]) => id)).toEqual([
      'FeedsDeadLettersAlarm',
      'DraftsDeadLettersAlarm',
      'NoTicksAlarm',
      'PostingStoppedAlarm',
      'OldestWaitingAlarm',
      'ErrorsAlarm',
      'NeedsAttentionAlarm',
      'PollsFailAlarm',
      'FeedsWaitAlarm',
      'WebhooksFailAlarm',
      'WebhooksThrottledAlarm',
      'WebhookSecretAlarm',
      'FunctionsFailAlarm',
    ]);
    for (const [, alarm] of alarms) expect(alarm.Properties.AlarmActions).toEqual([ref('Alarms')]);
    expect(ofType('AWS::SNS::Topic')).toHaveLength(1);
  });

  it('fire after 15 minutes without a tick, even when the metric is missing', () => {
    const { Period, EvaluationPeriods, MetricName, Threshold, TreatMissingData, OKActions } =
      properties('NoTicksAlarm');

    expect(MetricName).toBe('Ticks');
    expect((Period as number) * (EvaluationPeriods as number)).toBe(15 * 60);
    expect([Threshold, TreatMissingData]).toEqual([1, 'breaching']);
    expect(OKActions).toEqual([ref('Alarms')]);
  });

  it('include the command that shows more', () => {
    for (const id of ['NoTicksAlarm', 'FeedsDeadLettersAlarm', 'DraftsDeadLettersAlarm'])
      expect(properties(id).AlarmDescription).toMatch(/npm run -s cli -- status --stage dev$/);
  });
});

describe('the webhook API', () => {
  it('has one route, which starts only receiveWebhook', () => {
    expect(ofType('AWS::ApiGatewayV2::Route').map(([, route]) => route.Properties)).toEqual([
      expect.objectContaining({ RouteKey: 'POST /hooks/{source}' }),
    ]);
    expect(ofType('AWS::ApiGatewayV2::Integration').map(([, one]) => one.Properties)).toEqual([
      expect.objectContaining({
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('ReceiveWebhookLambdaFunction'),
        PayloadFormatVersion: '2.0',
      }),
    ]);
    expect(ofType('AWS::Lambda::Permission').map(([, one]) => one.Properties)).toEqual([
      expect.objectContaining({
        FunctionName: arnOf('ReceiveWebhookLambdaFunction'),
        Principal: 'apigateway.amazonaws.com',
      }),
    ]);
  });

  it('has no stage in its address, and is throttled', () => {
    expect(properties('HttpApiStage')).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 50 },
    });
  });

  it('can be throttled differently by parameters', async () => {
    const other = await packagedTemplate('--param=webhookRatePerSecond=5', '--param=webhookBurst=7');

    expect(other.Resources.HttpApiStage?.Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: '5',
      ThrottlingBurstLimit: '7',
    });
  });

  it('has an alarm for 5xx responses', () => {
    expect(properties('WebhooksFailAlarm')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [{ Name: 'ApiId', Value: ref('HttpApi') }],
    });
  });
});

type Measure = { Namespace: string; MetricName: string };
const measuresIn = (node: unknown): Measure[] => {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'MetricName' in node ? [node as Measure] : [];
  return [...own, ...Object.values(node).flatMap(measuresIn)];
};

describe('metrics', () => {
  it('used by alarms are sent by the code', () => {
    const watched = measuresIn(template)
      .filter(({ Namespace }) => !Namespace.startsWith('AWS/'))
      .map(({ Namespace, MetricName }) => `${Namespace}/${MetricName}`);

    const sent = Object.keys(metrics).map((name) => `${namespace}/${name}`);
    expect(watched.length).toBeGreaterThan(5);
    expect(watched.filter((name) => !sent.includes(name))).toEqual([]);
  });
});

/** Every name in `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`. */
const referred = (node: unknown): string[] => {
  if (Array.isArray(node)) return node.flatMap(referred);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'Ref') return [value as string];
    if (key === 'Fn::GetAtt') return [(value as string[])[0] as string];
    if (key === 'Fn::Sub')
      return [...String(value).matchAll(/\$\{([^}.]+)/g)].map(([, name]) => name as string);
    if (key === 'DependsOn') return list(value as string);
    return referred(value);
  });
};

/** Every attribute in `Fn::GetAtt` and `Fn::Sub`, for example `LedgerTable.Arn`. */
const attributes = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'Fn::GetAtt') return [(value as string[]).join('.')];
    if (key === 'Fn::Sub')
      return [...JSON.stringify(value).matchAll(/\$\{(\w+\.\w+)\}/g)].map(([, name]) => name as string);
    return attributes(value);
  });
};
/** The attributes used here that CloudFormation returns (Template Reference, "Return values"). */
const returnValues: Record<string, string[]> = {
  'AWS::DynamoDB::Table': ['Arn'],
  'AWS::IAM::Role': ['Arn'],
  'AWS::Lambda::Function': ['Arn'],
  'AWS::SQS::Queue': ['Arn', 'QueueName'],
};

/** Every condition used on a resource, on an output or in `Fn::If`. */
const conditions = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'Condition' && typeof value === 'string') return [value];
    return key === 'Fn::If' ? [value[0], ...conditions(value)] : conditions(value);
  });
};

describe('the template', () => {
  it('has the outputs named in the docs', () => {
    const pages = ['aws.md', 'webhooks/README.md'].map((name) =>
      readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'),
    );
    const named = pages.flatMap((page) => page.match(/(?<=`)[A-Z]\w+(?:Address|Url|Secret)(?=`)/g) ?? []);

    expect(named).toEqual(expect.arrayContaining(['DashboardAddress', 'HttpApiUrl', 'InboundSecretsSecret']));
    expect(Object.keys(template.Outputs ?? {})).toEqual(expect.arrayContaining(named));
  });

  it('uses only attributes that CloudFormation returns', () => {
    const asked = [...new Set(attributes(template))].map((one) => one.split('.') as [string, string]);

    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(([id, attribute]) => !returnValues[resource(id).Type]?.includes(attribute))).toEqual(
      [],
    );
  });

  it('defines exactly the conditions it uses', () => {
    expect([...new Set(conditions(template))].toSorted()).toEqual(
      Object.keys(template.Conditions ?? {}).toSorted(),
    );
  });

  it('refers only to existing resources', () => {
    const missing = referred(template).filter(
      (name) => !name.startsWith('AWS::') && !template.Resources[name],
    );

    expect(missing).toEqual([]);
  });

  it('contains no account ID and no unresolved variable', () => {
    const text = JSON.stringify(template);

    expect(text.match(/\b\d{12}\b/g)).toBeNull();
    expect(text.match(/\$\{(param|self|file|sls|env|opt):/g)).toBeNull();
  });
});
