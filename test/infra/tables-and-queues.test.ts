import { expect, test } from 'vitest';
import { readResources } from '../../local/embedded/cloudformation.ts';

const tables = readResources('tables.yml', 'AWS::DynamoDB::Table');
const queues = readResources('queues.yml', 'AWS::SQS::Queue');

test('there are two tables, two queues with dead-letter queues, and one for lost ticks', () => {
  expect([...tables.keys()]).toEqual(['LedgerTable', 'FeedsTable']);
  expect([...queues.keys()].sort()).toEqual([
    'DraftsDeadLetters',
    'DraftsQueue',
    'FeedsDeadLetters',
    'FeedsQueue',
    'ScheduleDeadLetterQueue',
  ]);
});

test.each([...tables])(
  '%s is retained, encrypted with the AWS owned key, on demand and recoverable',
  (_, table) => {
    expect(table).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(table.Properties).not.toHaveProperty('SSESpecification');
  },
);

test.each([...tables])('%s declares only its key attributes', (_, { Properties = {} }) => {
  const schemaOf = (holder: unknown) => (holder as { KeySchema: { AttributeName: string }[] }).KeySchema;
  const indexes = (Properties.GlobalSecondaryIndexes ?? []) as unknown[];
  const used = [Properties, ...indexes].flatMap(schemaOf).map(({ AttributeName }) => AttributeName);
  const declared = (Properties.AttributeDefinitions as { AttributeName: string }[]).map(
    ({ AttributeName }) => AttributeName,
  );

  expect(declared.sort()).toEqual([...new Set(used)].sort());
});

test.each([...tables])('%s removes rows by their time to live, in expiresAt', (_, { Properties }) => {
  expect(Properties).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
});

test('no table has a fixed name, so that stages are separate', () => {
  for (const { Properties } of tables.values()) expect(Properties).not.toHaveProperty('TableName');
});

const nameOf = (queue: string) =>
  `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:\${AWS::StackName}-${queue}`;

test.each([
  ['FeedsQueue', 'FeedsDeadLetters', 60, 'feeds', []],
  ['DraftsQueue', 'DraftsDeadLetters', 150, 'drafts', [['HasEnrich', nameOf('enrich'), 'AWS::NoValue']]],
])(
  '%s has six times its function’s time-out and sends failures to %s',
  (id, deadLetters, timeoutS, name, others) => {
    expect(queues.get(id)?.Properties).toMatchObject({
      QueueName: `\${AWS::StackName}-${name}`,
      VisibilityTimeout: 6 * timeoutS,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: `${deadLetters}.Arn`, maxReceiveCount: 5 },
    });
    expect(queues.get(deadLetters)?.Properties).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      SqsManagedSseEnabled: true,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [nameOf(name), ...others],
      },
    });
  },
);
