import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagedTemplate } from '../support/packaged.ts';
import { arnOf, ref, wholeTemplate } from '../support/whole-template.ts';

const { template, resource, properties, ofType } = wholeTemplate();

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
        { IndexName: 'list', KeySchema: [hash('listGroup'), range('listAt')] },
        { IndexName: 'link', KeySchema: [hash('linkName')] },
        { IndexName: 'post', KeySchema: [hash('postName')] },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});

describe('secrets', () => {
  it('have no value in the template', () => {
    const secrets = ofType('AWS::SecretsManager::Secret');

    expect(secrets.map(([id]) => id)).toEqual(['DashToken', 'InboundSecrets', 'ConsoleSecret']);
    for (const [, secret] of secrets) expect(Object.keys(secret.Properties)).toEqual(['Name', 'Description']);
  });

  it('are named after their stage, and outlive the stack once created', () => {
    const secrets = ofType('AWS::SecretsManager::Secret').map(([, secret]) => secret);

    expect(secrets.map(({ Properties }) => Properties.Name)).toEqual([
      '/rss-drafts/dev/dash-token',
      '/rss-drafts/dev/inbound',
      '/rss-drafts/dev/console',
    ]);
    for (const secret of secrets)
      expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

const list = <T>(one: T | T[]) => (Array.isArray(one) ? one : [one]);

/** Whatever is there without a console, too. */
const withoutConsole = (type: string) =>
  ofType(type).filter(([, { Condition }]) => Condition !== 'HasConsole');

describe('the webhook API', () => {
  it('has one route for webhooks, which starts only receiveWebhook', () => {
    expect(withoutConsole('AWS::ApiGatewayV2::Route').map(([, route]) => route.Properties)).toEqual([
      expect.objectContaining({ RouteKey: 'POST /hooks/{source}' }),
    ]);
    expect(withoutConsole('AWS::ApiGatewayV2::Integration').map(([, one]) => one.Properties)).toEqual([
      expect.objectContaining({
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('ReceiveWebhookLambdaFunction'),
        PayloadFormatVersion: '2.0',
      }),
    ]);
    expect(withoutConsole('AWS::Lambda::Permission').map(([, one]) => one.Properties)).toEqual([
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
  'AWS::DynamoDB::Table': ['Arn', 'StreamArn'],
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
    expect(Object.keys(template().Outputs ?? {})).toEqual(expect.arrayContaining(named));
  });

  it('uses only attributes that CloudFormation returns', () => {
    const asked = [...new Set(attributes(template()))].map((one) => one.split('.') as [string, string]);

    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(([id, attribute]) => !returnValues[resource(id).Type]?.includes(attribute))).toEqual(
      [],
    );
  });

  it('defines exactly the conditions it uses', () => {
    expect([...new Set(conditions(template()))].toSorted()).toEqual(
      Object.keys(template().Conditions ?? {}).toSorted(),
    );
  });

  it('refers only to existing resources', () => {
    const missing = referred(template()).filter(
      (name) => !name.startsWith('AWS::') && !template().Resources[name],
    );

    expect(missing).toEqual([]);
  });

  it('contains no account ID and no unresolved variable', () => {
    const text = JSON.stringify(template());

    expect(text.match(/\b\d{12}\b/g)).toBeNull();
    expect(text.match(/\$\{(param|self|file|sls|env|opt):/g)).toBeNull();
  });
});
