import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { metrics, namespace } from '../../lib/lambda/metrics.ts';
import { dashboardFile, graphs, unshown } from '../../scripts/dashboard.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';

let template: Template;
beforeAll(async () => {
  template = await packagedTemplate();
}, 60_000);

type Metric = (string | Record<string, unknown>)[];
type Widget = { x: number; y: number; properties: { metrics: Metric[] } };

const widgets = (): Widget[] => {
  const body = template.Resources.Dashboard?.Properties.DashboardBody as { 'Fn::Sub': string };
  return JSON.parse(body['Fn::Sub']).widgets;
};
/** Every metric on the dashboard: namespace, name, and pairs of dimension and value. */
const shown = () =>
  widgets()
    .flatMap((widget) => widget.properties.metrics)
    .map((metric) => metric.filter((part): part is string => typeof part === 'string'))
    .filter((metric) => metric.length > 0);

describe('the dashboard', () => {
  it('matches "npm run dashboard"', async () => {
    const file = new URL('../../infra/dashboard.yml', import.meta.url);

    expect(await readFile(file, 'utf8')).toBe(dashboardFile());
  });

  it('shows every metric that the code sends', () => {
    expect(unshown()).toEqual([]);
  });

  it('shows no metric that the code does not send', () => {
    const sent = Object.keys(metrics);
    const ours = shown().filter(([space]) => space === namespace);

    expect(ours.length).toBeGreaterThanOrEqual(sent.length);
    expect(ours.filter(([, name]) => !sent.includes(name as string))).toEqual([]);
  });

  it('uses only our service dimension and AWS’s resource dimensions', () => {
    const dimensions = shown().map(([space, , ...pairs]) => [space, ...pairs].join(' '));

    const known =
      /^(RssDrafts service \$\{AWS::StackName\}|AWS\/(Lambda FunctionName|SQS QueueName|DynamoDB TableName) \$\{(\w+(\.QueueName)?\}|AWS::StackName\}-(console|enrichPost|sendEvents|deliverEvents)))$/;
    expect(dimensions.filter((one) => !known.test(one))).toEqual([]);
  });

  it('shows the median and 95th percentile of publication delays', () => {
    const stats = graphs.flatMap(({ lines }) => lines.filter((line) => line[0] === 'DraftDelayMs'));

    expect(stats).toEqual([
      ['DraftDelayMs', 'p50'],
      ['DraftDelayMs', 'p95'],
    ]);
  });

  it('includes every function, queue and table', () => {
    const text = JSON.stringify(shown());
    const kinds = ['AWS::Lambda::Function', 'AWS::DynamoDB::Table', 'AWS::Lambda::EventSourceMapping'];
    const watched = Object.entries(template.Resources).flatMap(([id, { Type, Properties, Condition }]) => {
      if (!kinds.includes(Type)) return [];
      if (Condition !== undefined) return []; // by their names: the next test
      const source = Properties.EventSourceArn as { 'Fn::GetAtt': string[] } | undefined;
      return [source ? `${source['Fn::GetAtt'][0]}.QueueName` : id];
    });

    expect(watched.filter((one) => !text.includes(`\${${one}}`))).toEqual([]);
  });

  it.each(['console', 'sendEvents', 'deliverEvents'])(
    'includes %s by its name, because it may be off',
    (name) => {
      expect(JSON.stringify(shown())).toContain(`\${AWS::StackName}-${name}`);
    },
  );

  it('has no overlapping graphs', () => {
    const places = widgets().map(({ x, y }) => `${x}/${y}`);

    expect(new Set(places).size).toBe(places.length);
  });
});
