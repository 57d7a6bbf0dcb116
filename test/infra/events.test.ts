import { beforeAll, describe, expect, it } from 'vitest';
import { deployJson } from '../../cli/deploy-json.ts';
import { readConfig } from '../../lib/config.ts';
import { deliverForMs, deliveryBackOff } from '../../lib/core/change-events/delivery.ts';
import { resolved } from '../support/console-condition.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf } from '../support/rights.ts';
import { arnOf, ref, wholeTemplate } from '../support/whole-template.ts';

const { template, resource, properties } = wholeTemplate();

/** Everything that exists for events alone. */
const ours = [
  'SendEventsLogGroup',
  'DeliverEventsLogGroup',
  'SendEventsLambdaFunction',
  'DeliverEventsLambdaFunction',
  'SendEventsEventSourceMappingDynamodbLedgerTable',
  'SendEventsEventSourceMappingDynamodbFeedsTable',
  'DeliverEventsEventSourceMappingSQSDeliveriesQueue',
  'DeliveriesQueue',
  'DeliveriesDeadLetters',
  'SendEventsRole',
  'DeliverEventsRole',
  'EventsLateAlarm',
  'DeliveriesDeadLettersAlarm',
];

const settingsFor = (...lines: string[]): Record<string, string> =>
  JSON.parse(deployJson(readConfig(['feeds: {}', ...lines].join('\n'), 'feeds.yml')));

describe('events on AWS', () => {
  let on: Template;
  const busArn = settingsFor('events: { event_bus: news }').eventBus as string;
  beforeAll(async () => {
    on = await packagedTemplate('--param=events=on', `--param=eventBus=${busArn}`);
  }, 60_000);

  it('are off by default: no function, queue, role or alarm, and no stream', () => {
    expect(template().Conditions).toMatchObject({
      HasEvents: { 'Fn::Equals': ['off', 'on'] },
      HasEventBus: { 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] },
    });
    for (const id of ours) expect([id, resource(id).Condition]).toEqual([id, 'HasEvents']);
    const off = resolved(template(), false).Resources;
    for (const table of ['LedgerTable', 'FeedsTable'])
      expect(off[table]?.Properties.StreamSpecification).toEqual(ref('AWS::NoValue'));
    expect(Object.keys(off).filter((id) => ours.includes(id))).toEqual([]);
    expect(JSON.stringify(off)).not.toContain('StreamArn');
  });

  it('are switched on by events: in feeds.yml, with the ARN of a bus that may be in another account', () => {
    const bus = 'arn:aws:events:eu-central-1:210987654321:event-bus/news';

    expect(settingsFor()).toMatchObject({ events: 'off', eventBus: '' });
    expect(settingsFor(`events: { event_bus: "${bus}" }`)).toMatchObject({ events: 'on', eventBus: bus });
    expect(
      settingsFor('events: { web_addresses: [{ url: "https://a.example", secret_name: one }] }'),
    ).toMatchObject({
      events: 'on',
      eventBus: '',
    });
    expect(on.Conditions).toMatchObject({ HasEvents: { 'Fn::Equals': ['on', 'on'] } });
  });

  it('come from the streams of both tables, with both images', () => {
    for (const table of ['LedgerTable', 'FeedsTable'])
      expect(properties(table).StreamSpecification).toEqual({
        'Fn::If': ['HasEvents', { StreamViewType: 'NEW_AND_OLD_IMAGES' }, ref('AWS::NoValue')],
      });
  });

  it('start the function only for rows that can be events', () => {
    const patternsOf = (table: string) => {
      const { FilterCriteria } = properties(`SendEventsEventSourceMappingDynamodb${table}`) as {
        FilterCriteria: { Filters: { Pattern: string }[] };
      };
      return FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern));
    };
    const reported = { trouble: { M: { reported: { BOOL: [{ exists: true }] } } } };

    expect(patternsOf('LedgerTable')).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { type: { S: ['entry'] } } } },
    ]);
    expect(patternsOf('FeedsTable')).toEqual([
      { dynamodb: { Keys: { pk: { S: ['circuit'] } } } },
      { dynamodb: { NewImage: reported } },
      { eventName: ['MODIFY'], dynamodb: { OldImage: reported } },
    ]);
  });

  it.each(['LedgerTable', 'FeedsTable'])(
    'miss no change of %s and retry until it leaves the stream',
    (table) => {
      const mapping = properties(`SendEventsEventSourceMappingDynamodb${table}`);

      expect(mapping).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
      for (const limit of ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'])
        expect(mapping).not.toHaveProperty(limit);
    },
  );

  it('wait in a queue for a day longer than they are tried, and are hidden no longer than SQS allows', () => {
    expect(properties('DeliveriesQueue')).toMatchObject({
      VisibilityTimeout: 6 * (properties('DeliverEventsLambdaFunction').Timeout as number),
      RedrivePolicy: { deadLetterTargetArn: arnOf('DeliveriesDeadLetters'), maxReceiveCount: 100 },
    });
    expect((properties('DeliveriesQueue').MessageRetentionPeriod as number) * 1000).toBe(
      deliverForMs + 24 * 3_600_000,
    );
    expect(deliveryBackOff.maxMs).toBeLessThan(12 * 3_600_000);
  });

  it('reach only the bus of feeds.yml, and only where there is one', () => {
    for (const role of ['SendEvents', 'DeliverEvents']) {
      expect(resource(`${role}BusPolicy`).Condition).toBe('HasEventBus');
      expect(rightsOf(on, `${role}Role`).filter((right) => right.endsWith('events:PutEvents'))).toEqual([
        `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/news: events:PutEvents`,
      ]);
    }
  });

  it('raise an alarm when they are an hour late, and when one was given up', () => {
    expect(properties('EventsLateAlarm')).toMatchObject({
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: { 'Fn::Sub': `\${AWS::StackName}-sendEvents` } }],
      Threshold: 3_600_000,
    });
    expect(properties('DeliveriesDeadLettersAlarm')).toMatchObject({
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeliveriesDeadLetters', 'QueueName'] } }],
      Threshold: 0,
    });
  });
});
