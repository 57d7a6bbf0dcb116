import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MetricName, metrics, namespace } from '../../lib/lambda/metrics.ts';
import { resolved } from '../support/console-condition.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';

let template: Template;
beforeAll(async () => {
  template = resolved(await packagedTemplate(), true);
}, 60_000);

type Measure = { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] };
type Query = { Id: string; Expression?: string; MetricStat?: { Metric: Measure; Stat: string } };
type Alarm = Partial<Measure> & {
  AlarmDescription: string;
  Metrics?: Query[];
  Period?: number;
  EvaluationPeriods: number;
  Threshold?: number;
};

const alarms = (): [string, Alarm][] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => [id, Properties as unknown as Alarm]);
const measuresOf = (alarm: Alarm): Measure[] =>
  alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [alarm as Measure];
const ours = () =>
  alarms().flatMap(([, alarm]) => measuresOf(alarm).filter((one) => one.Namespace === namespace));

/** Metrics that no alarm watches, with the reason. */
const quiet: Partial<Record<MetricName, string>> = {
  FeedsDue: 'work done',
  FeedMessages: 'work done',
  RowsWoken: 'work done; what waits too long has an alarm by its age',
  LeasesExpired: 'each becomes DraftsUncertain, which has an alarm',
  PollsOvertaken: 'two polls of one feed at once: the second is repeated',
  PollsDeferred: 'to rest its host; polled again automatically',
  FeedsMoved: 'followed automatically, and logged',
  PollGaps: 'a feed that publishes more between two polls than it lists; has an alert',
  EntriesKnown: 'work done',
  EntriesBaselined: 'as configured',
  EntriesFiltered: 'as configured',
  EntriesHeld: 'where it is not as configured it comes with BatchesHeld or DraftsHeld',
  EntriesForReview: 'as configured; they are shown in the console, and in status after 24 hours',
  EntriesQueued: 'work done',
  EntriesUnsettled: 'its poll is repeated, and fails for good as a dead letter, which has an alarm',
  DraftsCreated: 'the purpose of it all',
  DraftsWithheld: 'as configured: this stage delivers nothing',
  DraftDelayMs: 'half of it is how often a feed is polled; OldestWaitingMs has an alarm for the rest',
  DraftsLookedUp: 'comes after DraftsUncertain, which has an alarm',
  DraftsDelayed: 'retried automatically; OldestWaitingMs has an alarm if that takes too long',
  WebhooksRegistered: 'work done',
  WebhooksIgnored: 'as documented',
  WebhooksFailed:
    "counted by the API's 5xx, which has an alarm that also covers a function that cannot start",
  CircuitThrottled: 'closes automatically',
  CircuitClosed: 'a recovery',
  AlertsSent: 'work done',
  MessagesFailed: 'retried, and becomes a dead letter, which has an alarm',
};

describe('every metric', () => {
  it('is either watched by an alarm or has a reason here why not', () => {
    const watched = new Set(ours().map(({ MetricName }) => MetricName));

    const names = Object.keys(metrics);
    expect(names.filter((name) => !watched.has(name) && !(name in quiet))).toEqual([]);
    expect([...watched].filter((name) => !names.includes(name))).toEqual([]);
    expect(Object.keys(quiet).filter((name) => watched.has(name) || !names.includes(name))).toEqual([]);
  });
});

type Values = Record<string, number | undefined>;

/** Evaluates metric math for values, some of which are missing. */
const evaluate = (expression: string, values: Values): number => {
  const names = [...new Set(expression.match(/\b[a-z]+\b/g))];
  const math = new Function('IF', 'FILL', ...names, `return ${expression}`);
  const choose = (condition: boolean, yes: number, no: number) => (condition ? yes : no);
  const fill = (value: number | undefined, missing: number) => value ?? missing;
  return math(choose, fill, ...names.map((name) => values[name]));
};

describe('the alarm for waiting feeds', () => {
  const rings = (values: Values): boolean => {
    const { Metrics, Threshold } = Object.fromEntries(alarms()).FeedsWaitAlarm as Required<Alarm>;
    return evaluate(Metrics[0]?.Expression ?? '', values) > Threshold;
  };

  it.each([
    ['feeds have waited for a quarter of an hour without being received', { waiting: 3, age: 901 }, true],
    ['a failed message is hidden until its next try', { waiting: 0, age: 1_800 }, false],
    ['messages are received within minutes', { waiting: 3, age: 300 }, false],
    ['the queue is empty', {}, false],
  ] as [string, Values, boolean][])('when %s: %j', (_, values, expected) => {
    expect(rings(values)).toBe(expected);
  });

  it('checks for received messages with the minimum queue depth', () => {
    const { Metrics } = Object.fromEntries(alarms()).FeedsWaitAlarm as Required<Alarm>;
    const stats = Metrics.flatMap(({ MetricStat }) =>
      MetricStat ? [[MetricStat.Metric.MetricName, MetricStat.Stat]] : [],
    );

    expect(Object.fromEntries(stats)).toEqual({
      ApproximateNumberOfMessagesVisible: 'Minimum',
      ApproximateAgeOfOldestMessage: 'Maximum',
    });
  });
});

describe('an alarm', () => {
  it('on our metrics has only this stack as dimension', () => {
    expect(ours().length).toBeGreaterThan(10);
    for (const { Dimensions } of ours())
      expect(Dimensions).toEqual([{ Name: 'service', Value: { Ref: 'AWS::StackName' } }]);
  });

  it('describes what happened and where to look', () => {
    for (const [, { AlarmDescription }] of alarms()) {
      expect(AlarmDescription.length).toBeGreaterThan(60);
      expect(AlarmDescription).toMatch(/\blogs?\b|npm run -s cli|mapping|parameters/);
    }
  });

  it('names the stage in every command', () => {
    const typed = alarms().flatMap(
      ([, { AlarmDescription }]) => AlarmDescription.match(/npm run -s cli -- [^"]*/g) ?? [],
    );

    expect(typed.length).toBeGreaterThan(3);
    for (const command of typed) expect(command).toMatch(/^npm run -s cli -- \w+ --stage \w+$/);
  });

  it('names events that the code logs', async () => {
    const events = await readFile(new URL('../../lib/core/events.ts', import.meta.url), 'utf8');
    const named = alarms().flatMap(
      ([, { AlarmDescription }]) => AlarmDescription.match(/\b\w+\.[a-z-]+\b/g) ?? [],
    );

    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((event) => !events.includes(`'${event}'`))).toEqual([]);
  });

  it('requests exactly the metrics it uses', () => {
    for (const [id, { Metrics = [] }] of alarms()) {
      const [sum, ...asked] = Metrics;
      if (!sum) continue;
      const used = [...(sum.Expression ?? '').matchAll(/\b[a-z]+\b/g)].map(([name]) => name);

      expect([id, [...new Set(used)].toSorted()]).toEqual([id, asked.map((query) => query.Id).toSorted()]);
    }
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  it('looks back at most a day, which is CloudWatch’s limit', () => {
    for (const [, { Period, Metrics, EvaluationPeriods }] of alarms()) {
      const periods = JSON.stringify({ Period, Metrics }).match(/(?<="Period":)\d+/g) ?? [];
      expect(periods.length).toBeGreaterThan(0);
      for (const period of periods) expect(Number(period) * EvaluationPeriods).toBeLessThanOrEqual(86_400);
    }
  });
});
