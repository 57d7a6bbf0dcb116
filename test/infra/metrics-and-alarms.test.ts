import { describe, expect, it } from 'vitest';
import { metrics, namespace } from '../../lib/lambda/metrics.ts';
import { ref, wholeTemplate } from '../support/whole-template.ts';

const { template, properties, ofType } = wholeTemplate();

describe('alarms', () => {
  it('all notify the one topic', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm');

    expect(alarms.map(([id]) => id)).toEqual([
      'ConsoleFailsAlarm',
      'EventsLateAlarm',
      'DeliveriesDeadLettersAlarm',
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

type Measure = { Namespace: string; MetricName: string };

const measuresIn = (node: unknown): Measure[] => {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'MetricName' in node ? [node as Measure] : [];
  return [...own, ...Object.values(node).flatMap(measuresIn)];
};

describe('metrics', () => {
  it('used by alarms are sent by the code', () => {
    const watched = measuresIn(template())
      .filter(({ Namespace }) => !Namespace.startsWith('AWS/'))
      .map(({ Namespace, MetricName }) => `${Namespace}/${MetricName}`);

    const sent = Object.keys(metrics).map((name) => `${namespace}/${name}`);
    expect(watched.length).toBeGreaterThan(5);
    expect(watched.filter((name) => !sent.includes(name))).toEqual([]);
  });
});
