import { beforeAll, describe, expect, it } from 'vitest';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf, statementsOf } from '../support/rights.ts';
import { arnOf, ref, wholeTemplate } from '../support/whole-template.ts';

const { template, resource, properties, ofType } = wholeTemplate();

/** Everything that exists for hooks alone. */
const ours = [
  'EnrichPostLogGroup',
  'EnrichPostLambdaFunction',
  'EnrichPostEventSourceMappingSQSEnrichQueue',
  'EnrichQueue',
  'EnrichPostRole',
  'EnrichPostInvokes',
];
const arns = [
  'arn:aws:lambda:eu-central-1:111122223333:function:enrich',
  'arn:aws:lambda:eu-central-1:111122223333:function:translate:live',
];

describe('the hooks on AWS', () => {
  let on: Template;
  beforeAll(async () => {
    on = await packagedTemplate('--param=enrich=on', `--param=enrichFunctions=${arns.join(',')}`);
  }, 60_000);

  it('are off by default, with their function, role and queue', () => {
    expect(template().Conditions).toMatchObject({ HasEnrich: { 'Fn::Equals': ['off', 'on'] } });
    expect(on.Conditions).toMatchObject({ HasEnrich: { 'Fn::Equals': ['on', 'on'] } });
    for (const id of ours)
      expect([id, resource(id).Condition]).toEqual([
        id,
        id === 'EnrichPostInvokes' ? 'HasEnrichFunctions' : 'HasEnrich',
      ]);
  });

  it('leave nothing else depending on them, but what names their queue where there is one', () => {
    const others = Object.entries(template().Resources).filter(([id]) => !ours.includes(id));
    const withoutIf = (part: unknown) =>
      JSON.stringify(part, (_, value) => (value?.['Fn::If']?.[0] === 'HasEnrich' ? null : value));
    const refers = others.filter(([, one]) => ours.some((id) => withoutIf(one).includes(`"${id}"`)));

    expect(refers.map(([id]) => id)).toEqual([]);
  });

  it('have a queue that hides a message for six time-outs, with the dead letters of drafts', () => {
    expect(properties('EnrichQueue')).toEqual({
      QueueName: { 'Fn::Sub': `\${AWS::StackName}-enrich` },
      VisibilityTimeout: 6 * (properties('EnrichPostLambdaFunction').Timeout as number),
      MessageRetentionPeriod: 24 * 3600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: arnOf('DraftsDeadLetters'), maxReceiveCount: 5 },
    });
    expect(JSON.stringify(properties('DraftsDeadLetters').RedriveAllowPolicy)).toContain('-enrich');
  });

  it('may invoke exactly the functions named in feeds.yml', () => {
    const invoking = (from: Template, role: string) =>
      statementsOf(from, role).filter(({ Action }) => Action === 'lambda:InvokeFunction');

    expect(invoking(on, 'EnrichPostRole')).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: { 'Fn::Split': [',', arns.join(',')] },
      },
    ]);
    expect(on.Conditions).toMatchObject({
      HasEnrichFunctions: { 'Fn::Not': [{ 'Fn::Equals': [arns.join(','), ''] }] },
    });
    const others = ofType('AWS::IAM::Role').filter(
      ([id]) => !['EnrichPostRole', 'ScheduleRole'].includes(id),
    );
    for (const [id] of others) expect([id, invoking(on, id)]).toEqual([id, []]);
  });

  it('let enrichPost only read rows and pauses, keep answers, and wake drafts', () => {
    expect(rightsOf(template(), 'EnrichPostRole').filter((right) => !right.includes(':logs:'))).toEqual([
      'DraftsQueue: sqs:SendMessage',
      'EnrichQueue: sqs:DeleteMessage',
      'EnrichQueue: sqs:GetQueueAttributes',
      'EnrichQueue: sqs:ReceiveMessage',
      'FeedsTable: dynamodb:Query',
      'InboundSecrets: secretsmanager:GetSecretValue',
      'LedgerTable: dynamodb:BatchGetItem',
      'LedgerTable: dynamodb:GetItem',
      'LedgerTable: dynamodb:PutItem',
      'hooks: lambda:InvokeFunction',
    ]);
  });

  it('are reached by the functions that register entries or sweep', () => {
    const url = { 'Fn::If': ['HasEnrich', ref('EnrichQueue'), ref('AWS::NoValue')] };
    const named = ofType('AWS::Lambda::Function').filter(
      ([, { Properties }]) =>
        'ENRICH_QUEUE_URL' in (Properties.Environment as { Variables: object }).Variables,
    );

    expect(named.map(([id]) => id)).toEqual([
      'PollFeedsLambdaFunction',
      'IngestFeedsLambdaFunction',
      'ReceiveWebhookLambdaFunction',
    ]);
    for (const [, { Properties }] of named)
      expect(Properties).toMatchObject({ Environment: { Variables: { ENRICH_QUEUE_URL: url } } });
  });
});
