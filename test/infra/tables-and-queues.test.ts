import { expect, test } from 'vitest';
import { readResources } from '../../local/embedded/cloudformation.ts';

const tables = readResources('tables.yml', 'AWS::DynamoDB::Table');
const queues = readResources('queues.yml', 'AWS::SQS::Queue');

test('There are two tables and two queues, each queue with its dead letters, and a place for lost ticks', () => {
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
  '%s survives the stack, is encrypted by the key that AWS owns, paid by use and can be put back in time',
  (_, table) => {
    expect(table).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(table.Properties).not.toHaveProperty('SSESpecification');
  },
);

test.each([...tables])('%s declares just the attributes its keys are made of', (_, { Properties = {} }) => {
  const schemaOf = (holder: unknown) => (holder as { KeySchema: { AttributeName: string }[] }).KeySchema;
  const indexes = (Properties.GlobalSecondaryIndexes ?? []) as unknown[];
  const used = [Properties, ...indexes].flatMap(schemaOf).map(({ AttributeName }) => AttributeName);
  const declared = (Properties.AttributeDefinitions as { AttributeName: string }[]).map(
    ({ AttributeName }) => AttributeName,
  );

  expect(declared.sort()).toEqual([...new Set(used)].sort());
});

test('Only the ledger forgets, by expiresAt', () => {
  expect(tables.get('LedgerTable')?.Properties).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  expect(tables.get('FeedsTable')?.Properties).not.toHaveProperty('TimeToLiveSpecification');
});

test('No table has a name of its own, so that two stages never meet', () => {
  for (const { Properties } of tables.values()) expect(Properties).not.toHaveProperty('TableName');
});

test.each([
  ['FeedsQueue', 'FeedsDeadLetters', 60, 'feeds'],
  ['DraftsQueue', 'DraftsDeadLetters', 150, 'drafts'],
])('%s outwaits its function six times and sends what fails to %s', (id, deadLetters, timeoutS, name) => {
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
      sourceQueueArns: [
        `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:\${AWS::StackName}-${name}`,
      ],
    },
  });
});
