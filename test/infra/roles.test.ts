import { describe, expect, it } from 'vitest';
import { rightsOf, statementsOf } from '../support/rights.ts';
import { wholeTemplate } from '../support/whole-template.ts';

const { template, properties, ofType } = wholeTemplate();
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
    expect(rightsOf(template(), 'PollFeedsRole')).toEqual(
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
        EnrichQueue: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
        DashToken: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let ingestFeeds only register entries and wake them', () => {
    expect(rightsOf(template(), 'IngestFeedsRole')).toEqual(
      allowed({
        [log('ingestFeeds')]: logs,
        FeedsQueue: [...mapping, 'sqs:SendMessage'],
        DraftsQueue: ['sqs:SendMessage'],
        EnrichQueue: ['sqs:SendMessage'],
        FeedsTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        InboundSecrets: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let createDraft only claim and settle rows', () => {
    expect(rightsOf(template(), 'CreateDraftRole')).toEqual(
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
    expect(rightsOf(template(), 'ReceiveWebhookRole')).toEqual(
      allowed({
        [log('receiveWebhook')]: logs,
        FeedsTable: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        DraftsQueue: ['sqs:SendMessage'],
        EnrichQueue: ['sqs:SendMessage'],
        InboundSecrets: ['secretsmanager:GetSecretValue'],
      }),
    );
  });

  it('let sendAlerts only read, keep its flags and notify', () => {
    expect(rightsOf(template(), 'SendAlertsRole')).toEqual(
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
    expect(rightsOf(template(), 'ScheduleRole')).toEqual([
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
    ['ConsoleRole', 'lambda.amazonaws.com'],
    ['SendEventsRole', 'lambda.amazonaws.com'],
    ['DeliverEventsRole', 'lambda.amazonaws.com'],
    ['ScheduleRole', 'scheduler.amazonaws.com'],
  ])('%s trusts its service only, without wildcards', (role, service) => {
    expect(properties(role).AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    });
    for (const { Effect, Action, Resource } of statementsOf(template(), role)) {
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
      'ConsoleRole',
      'SendEventsRole',
      'DeliverEventsRole',
      'EnrichPostRole',
    ]);
  });
});
