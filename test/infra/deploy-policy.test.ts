import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedTemplate, type Template } from '../support/packaged.ts';

type Statement = {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: unknown;
};

let template: Template;
let statements: Statement[];
beforeAll(async () => {
  template = await packagedTemplate();
  const file = new URL('../../infra/deploy-policy.json', import.meta.url);
  statements = JSON.parse(await readFile(file, 'utf8')).Statement;
}, 60_000);

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);
const actions = () => new Set(statements.flatMap(({ Action }) => list(Action)));

/** What CloudFormation does in the deployer's name to make a resource of each type there may be. */
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

/** Statements on everything: AWS gives these no narrower name, or a condition narrows them. */
const onEverything = [
  'TemplatesHaveNoNameBeforeTheyAreAStack',
  'MappingsAreNamedByAws',
  'LogGroupsAreFoundByListing',
];

describe('the policy of whoever deploys', () => {
  it('allows making every kind of resource that the template has', () => {
    const needed = Object.values(template.Resources).flatMap(({ Type }) => makes[Type] ?? [`? ${Type}`]);

    expect([...new Set(needed)].filter((action) => !actions().has(action))).toEqual([]);
  });

  it('allows no action by a wildcard', () => {
    for (const action of actions()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });

  it('reaches only what bears the name of this service and its stage, but for what is listed', () => {
    const named = /rss-drafts-STAGE|secret:(DashToken|InboundSecrets)-\*|:\/(apis|tags)(\/\*)?$/;
    const wide = statements.filter(({ Resource }) => list(Resource).some((one) => !named.test(one)));

    expect(wide.map(({ Sid }) => Sid)).toEqual(onEverything);
  });

  it('can neither read a secret, nor a row, nor a message, nor empty a table', () => {
    const data =
      /GetSecretValue|PutSecretValue|:(Get|Put|Update|Delete)Item|Query|Scan|ReceiveMessage|DeleteTable/;

    expect([...actions()].filter((action) => data.test(action))).toEqual([]);
  });

  it('makes no role that the boundary does not bound, and hands roles to two services only', () => {
    const byAction = (action: string) => statements.filter(({ Action }) => list(Action).includes(action));

    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy'])
      for (const { Condition } of byAction(action))
        expect(Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': 'BOUNDARY_ARN' } });
    expect(byAction('iam:PassRole').map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
    ]);
  });
});
