import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { decide, type Question, type Statement } from '../support/iam-policy.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { statementsOf } from '../support/rights.ts';

/** The policies that allow a deployment: together they exceed the size of one. */
const allowing = ['deploy-policy.json', 'deploy-resources-policy.json'];

let template: Template;
let statements: Statement[];
beforeAll(async () => {
  template = await packagedTemplate();
  statements = (await Promise.all(allowing.map(fileOf))).flatMap(({ Statement }) => Statement);
}, 60_000);

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);
const actions = () => new Set(statements.flatMap(({ Action }) => list(Action)));

/** The actions CloudFormation performs for the deployer to create each type of resource. */
const makes: Record<string, string[]> = {
  'AWS::ApiGatewayV2::Api': ['apigateway:POST'],
  'AWS::ApiGatewayV2::Integration': ['apigateway:POST'],
  'AWS::ApiGatewayV2::Route': ['apigateway:POST'],
  'AWS::ApiGatewayV2::Stage': ['apigateway:POST'],
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard'],
  'AWS::DynamoDB::Table': [
    'dynamodb:CreateTable',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:UpdateTimeToLive',
  ],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PassRole'],
  'AWS::IAM::RolePolicy': ['iam:PutRolePolicy'],
  'AWS::Lambda::EventInvokeConfig': ['lambda:PutFunctionEventInvokeConfig'],
  'AWS::Lambda::EventSourceMapping': ['lambda:CreateEventSourceMapping'],
  'AWS::Lambda::Function': ['lambda:CreateFunction', 'iam:PassRole'],
  'AWS::Lambda::Permission': ['lambda:AddPermission'],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
  'AWS::S3::Bucket': ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', 's3:PutEncryptionConfiguration'],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy'],
  'AWS::SNS::Subscription': ['sns:Subscribe'],
  'AWS::SNS::Topic': ['sns:CreateTopic'],
  'AWS::SQS::Queue': ['sqs:CreateQueue'],
  'AWS::Scheduler::Schedule': ['scheduler:CreateSchedule', 'iam:PassRole'],
  'AWS::SecretsManager::Secret': ['secretsmanager:CreateSecret'],
};

/**
 * CloudFormation puts the stack's tags on each resource that supports them, which needs a permission of its own:
 * the action, and a part of the ARNs of such resources.
 */
const tags: Record<string, [action: string, named: string] | null> = {
  'AWS::ApiGatewayV2::Api': ['apigateway:TagResource', '::/apis/*'],
  'AWS::ApiGatewayV2::Integration': null,
  'AWS::ApiGatewayV2::Route': null,
  'AWS::ApiGatewayV2::Stage': ['apigateway:TagResource', '::/tags/*'],
  'AWS::CloudWatch::Alarm': ['cloudwatch:TagResource', ':alarm:'],
  'AWS::CloudWatch::Dashboard': null,
  'AWS::DynamoDB::Table': ['dynamodb:TagResource', ':table/'],
  'AWS::IAM::Role': ['iam:TagRole', ':role/'],
  'AWS::IAM::RolePolicy': null,
  'AWS::Lambda::EventInvokeConfig': null,
  'AWS::Lambda::EventSourceMapping': ['lambda:TagResource', ':event-source-mapping:'],
  'AWS::Lambda::Function': ['lambda:TagResource', ':function:'],
  'AWS::Lambda::Permission': null,
  'AWS::Logs::LogGroup': ['logs:TagResource', ':log-group:'],
  'AWS::S3::Bucket': ['s3:PutBucketTagging', ':::rss-drafts'],
  'AWS::S3::BucketPolicy': null,
  'AWS::SNS::Subscription': null,
  'AWS::SNS::Topic': ['sns:TagResource', ':sns:'],
  'AWS::SQS::Queue': ['sqs:TagQueue', ':sqs:'],
  'AWS::Scheduler::Schedule': null,
  'AWS::SecretsManager::Secret': ['secretsmanager:TagResource', ':secret:'],
};

/** Where osls has the code of `deploy`, `info` and `remove`, and permissions whose name differs from the operation. */
const oslsRoot = new URL('../../node_modules/osls/lib/plugins/aws/', import.meta.url);
const oslsParts = ['deploy', 'lib', 'info', 'remove'];
const rightsFor: Record<string, string> = {
  HeadBucket: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  DeleteObjects: 's3:DeleteObject',
  GetFunction: 'lambda:GetFunction',
};

/** Operations in osls that it does not call for a project like this. */
const neverCalled: Record<string, string> = {
  CreateChangeSet: 'deploymentMethod is direct',
  DescribeChangeSet: 'deploymentMethod is direct',
  ExecuteChangeSet: 'deploymentMethod is direct',
  DeleteChangeSet: 'deploymentMethod is direct',
  SetStackPolicy: 'there is no stackPolicy',
  DescribeSubscriptionFilters: 'no function subscribes to a log',
  DeleteSubscriptionFilter: 'no function subscribes to a log',
  DescribeRepositories: 'there are no images; when refused, it continues',
  DeleteRepository: 'there are no images',
  ListExports: 'the API belongs to this stack',
  GetApi: 'the API belongs to this stack',
  GetApiKey: 'there are no API keys',
  DescribeStackResources: 'there are no API keys',
};

/** The AWS operations in osls, by the SDK classes its files use. */
const oslsOperations = async (): Promise<string[]> => {
  const files = await Promise.all(
    oslsParts.map(async (part) => {
      const names = await readdir(new URL(`${part}/`, oslsRoot), { recursive: true });
      return names.filter((name) => name.endsWith('.js')).map((name) => new URL(`${part}/${name}`, oslsRoot));
    }),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/new ([A-Z]\w+)Command\(/g)].map(([, name]) => name as string),
  );
  return [...new Set(found)].toSorted();
};

/** Statements with a wildcard resource: AWS supports no narrower name, or a condition narrows them. */
const onEverything = ['NoNarrowerName', 'Mappings', 'MappingTags'];

describe('the deployer’s policy', () => {
  it('allows creating every type of resource in the template', () => {
    const needed = Object.values(template.Resources).flatMap(({ Type }) => makes[Type] ?? [`? ${Type}`]);

    expect([...new Set(needed)].filter((action) => !actions().has(action))).toEqual([]);
  });

  it('allows tagging every type of resource that has the stack’s tags', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    const allows = (action: string, named: string) =>
      statements.some(
        ({ Action, Resource }) =>
          list(Action).includes(action) && list(Resource).some((one) => one.includes(named)),
      );

    expect([...types].filter((type) => !(type in tags))).toEqual([]);
    const missing = [...types].filter((type) => tags[type] && !allows(...tags[type]));
    expect(missing).toEqual([]);
  });

  it('allows every operation in osls except those it does not call', async () => {
    const asked = await oslsOperations();

    expect(asked).toContain('CreateStack');
    expect(asked).toContain('DeleteStack');
    const needed = asked
      .filter((name) => !neverCalled[name])
      .map((name) => rightsFor[name] ?? `cloudformation:${name}`);
    expect(needed.filter((action) => !actions().has(action))).toEqual([]);
    expect(Object.keys(neverCalled).filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('allows no action by wildcard', () => {
    for (const action of actions()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });

  it('covers only resources named after this service and stage, except those listed', () => {
    const named = /rss-drafts-STAGE|secret:\/rss-drafts\/STAGE\/[a-z-]+-\?{6}$|:\/(apis|tags)(\/\*)?$/;
    const wide = statements.filter(({ Resource }) => list(Resource).some((one) => !named.test(one)));

    expect(wide.map(({ Sid }) => Sid)).toEqual(onEverything);
  });

  it('cannot read secrets, rows or messages, or delete tables', () => {
    const data =
      /GetSecretValue|PutSecretValue|:(Get|Put|Update|Delete)Item|Query|Scan|ReceiveMessage|DeleteTable/;

    expect([...actions()].filter((action) => data.test(action))).toEqual([]);
  });

  it('allows only roles within the boundary, passed to two services', () => {
    const byAction = (action: string) => statements.filter(({ Action }) => list(Action).includes(action));

    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy'])
      for (const { Condition } of byAction(action))
        expect(Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': 'BOUNDARY_ARN' } });
    expect(byAction('iam:PassRole').map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
    ]);
  });
});

const fileOf = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../infra/${name}`, import.meta.url), 'utf8')) as {
    Statement: Statement[];
  };

describe('the roles’ permissions boundary', () => {
  it('allows exactly the actions that some role allows', async () => {
    const { Statement } = await fileOf('boundary-policy.json');
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    const used = roles.flatMap(([role]) =>
      statementsOf(template, role).flatMap(({ Action }) => list(Action)),
    );

    const bound = Statement.flatMap(({ Action }) => list(Action));
    expect(bound.toSorted()).toEqual([...new Set(used)].toSorted());
  });

  it('covers only resources named after this service and stage, and the event bus', async () => {
    const { Statement } = await fileOf('boundary-policy.json');

    for (const one of Statement.flatMap(({ Resource }) => list(Resource)))
      expect(one).toMatch(/rss-drafts-STAGE-\*$|secret:\/rss-drafts\/STAGE\/[a-z-]+-\?{6}$|^EVENT_BUS_ARN$/);
  });
});

const filled = async (name: string): Promise<Statement[]> => {
  const { Statement } = await fileOf(name);
  const text = JSON.stringify(Statement)
    .replaceAll('BOUNDARY_ARN', 'arn:aws:iam::123456789012:policy/rss-drafts-prod-boundary')
    .replaceAll('REGION', 'eu-central-1')
    .replaceAll('ACCOUNT', '123456789012')
    .replaceAll('STAGE', 'prod');
  return JSON.parse(text);
};

const arn = (service: string, name: string) => `arn:aws:${service}:eu-central-1:123456789012:${name}`;
const role = 'arn:aws:iam::123456789012:role/rss-drafts-prod-CreateDraftRole-AbC';
const table = arn('dynamodb', 'table/rss-drafts-prod-LedgerTable-AbC');
const queue = arn('sqs', 'rss-drafts-prod-drafts');
const topic = arn('sns', 'rss-drafts-prod-Alarms-AbC');
const fn = arn('lambda', 'function:rss-drafts-prod-createDraft');
const token = arn('secretsmanager', 'secret:/rss-drafts/prod/dash-token-AbCdEf');
const api = 'arn:aws:apigateway:eu-central-1::/apis/abc123';
const stackTag = 'aws:ResourceTag/aws:cloudformation:stack-name';
const ourTags = { [stackTag]: 'rss-drafts-prod' };

describe('a deployer', () => {
  const ask = async (question: Question) =>
    decide((await Promise.all([...allowing, 'deploy-denials.json'].map(filled))).flat(), question);

  /** Denied even if another policy of the deployer allows it. */
  it.each<[string, string]>([
    ['iam:UpdateAssumeRolePolicy', role],
    ['iam:AttachRolePolicy', role],
    ['iam:DeleteRolePermissionsBoundary', role],
    ['secretsmanager:GetSecretValue', token],
    ['secretsmanager:BatchGetSecretValue', token],
    ['secretsmanager:PutSecretValue', token],
    ['secretsmanager:UpdateSecret', token],
    ['secretsmanager:UpdateSecretVersionStage', token],
    ['secretsmanager:PutResourcePolicy', token],
    ['secretsmanager:ReplicateSecretToRegions', token],
    ['dynamodb:BatchGetItem', table],
    ['dynamodb:BatchWriteItem', table],
    ['dynamodb:DeleteItem', table],
    ['dynamodb:DeleteTable', table],
    ['dynamodb:ExportTableToPointInTime', table],
    ['dynamodb:GetItem', table],
    ['dynamodb:PutItem', table],
    ['dynamodb:PutResourcePolicy', table],
    ['dynamodb:Query', table],
    ['dynamodb:Scan', table],
    ['dynamodb:UpdateItem', table],
    ['lambda:CreateFunctionUrlConfig', fn],
    ['lambda:InvokeFunction', fn],
    ['sns:AddPermission', topic],
    ['sns:Publish', topic],
    ['sns:SetTopicAttributes', topic],
    ['sqs:AddPermission', queue],
    ['sqs:ReceiveMessage', queue],
    ['sqs:SendMessage', queue],
    ['sqs:SetQueueAttributes', queue],
  ])('is denied %s explicitly', async (action, resource) => {
    const anything: Statement = { Sid: 'Admin', Effect: 'Allow', Action: '*', Resource: '*' };
    const denials = await filled('deploy-denials.json');

    expect(decide([anything, ...denials], { action, resource })).toBe('denied explicitly');
    expect(await ask({ action, resource })).toBe('denied explicitly');
  });

  it('has every explicit denial tested above', async () => {
    const denials = await filled('deploy-denials.json');
    const unconditional = denials.filter(({ Condition }) => !Condition);

    expect(unconditional.flatMap(({ Action }) => list(Action))).toHaveLength(30);
    expect(denials.filter(({ Condition }) => Condition).map(({ Sid }) => Sid)).toEqual(['NeverGoneAtOnce']);
  });

  it.each<[string, Question]>([
    [
      "another stage's secret",
      {
        action: 'secretsmanager:DeleteSecret',
        resource: arn('secretsmanager', 'secret:/rss-drafts/dev/dash-token-AbCdEf'),
      },
    ],
    [
      'a secret with our prefix',
      {
        action: 'secretsmanager:DeleteSecret',
        resource: arn('secretsmanager', 'secret:/rss-drafts/prod/dash-token-of-another-AbCdEf'),
      },
    ],
    [
      "another stage's function",
      { action: 'lambda:UpdateFunctionCode', resource: fn.replace('-prod-', '-dev-') },
    ],
    ['an API of another stack', { action: 'apigateway:PATCH', resource: api }],
    [
      "another stage's API",
      { action: 'apigateway:DELETE', resource: api, context: { [stackTag]: 'rss-drafts-dev' } },
    ],
    [
      'tagging another API as ours',
      {
        action: 'apigateway:TagResource',
        resource: 'arn:aws:apigateway:eu-central-1::/tags/other',
        context: { 'aws:RequestTag/application': 'rss-drafts' },
      },
    ],
    [
      'letting anyone invoke a function',
      { action: 'lambda:AddPermission', resource: fn, context: { 'lambda:Principal': '*' } },
    ],
    ['a role without the boundary', { action: 'iam:CreateRole', resource: role }],
  ])('is not allowed %s', async (_, question) => {
    expect(await ask(question)).toBe('denied');
  });

  it('may delete a secret with recovery, but not without', async () => {
    const action = 'secretsmanager:DeleteSecret';
    const forced = { 'secretsmanager:ForceDeleteWithoutRecovery': 'true' };

    expect(await ask({ action, resource: token })).toBe('allowed');
    expect(await ask({ action, resource: token, context: forced })).toBe('denied explicitly');
  });

  it.each<[string, Question]>([
    ['the API, by its tags', { action: 'apigateway:PATCH', resource: api, context: ourTags }],
    [
      'a new API',
      {
        action: 'apigateway:POST',
        resource: 'arn:aws:apigateway:eu-central-1::/apis',
        context: { 'aws:RequestTag/application': 'rss-drafts' },
      },
    ],
    [
      'the API as invoker',
      {
        action: 'lambda:AddPermission',
        resource: fn,
        context: { 'lambda:Principal': 'apigateway.amazonaws.com' },
      },
    ],
    ['creating a secret', { action: 'secretsmanager:CreateSecret', resource: token }],
    ['new code', { action: 'lambda:UpdateFunctionCode', resource: fn }],
  ])('is allowed %s', async (_, question) => {
    expect(await ask(question)).toBe('allowed');
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
test.each([...allowing, 'deploy-denials.json', 'boundary-policy.json'])(
  '%s fits a managed policy, with room for more',
  async (name) => {
    const filled = JSON.stringify(await fileOf(name))
      .replaceAll('REGION', 'ap-southeast-2')
      .replaceAll('ACCOUNT', '123456789012')
      .replaceAll('STAGE', 'production')
      .replaceAll('BOUNDARY_ARN', 'arn:aws:iam::123456789012:policy/rss-drafts-production-boundary');

    expect(filled.length).toBeLessThan(5_000); // of 6,144
  },
);
