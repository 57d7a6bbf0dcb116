import { writeFileSync } from 'node:fs';
import { type MetricName, metrics, namespace } from '../lib/lambda/metrics.ts';

// Usage: npm run dashboard. Writes infra/dashboard.yml. A test fails if the file is out of date.
const target = new URL('../infra/dashboard.yml', import.meta.url);

type Stat = 'Sum' | 'Maximum' | 'p50' | 'p95' | 'Average';
/** One of our metrics, optionally with a statistic that differs from the graph's. */
type Line = MetricName | readonly [MetricName, Stat];
type Graph = { title: string; stat: Stat; lines: readonly Line[] };

/** The graphs of our own metrics. A test checks that every metric in `metrics` is in one of them. */
export const graphs: readonly Graph[] = [
  {
    title: 'Entries, by decision',
    stat: 'Sum',
    lines: [
      'EntriesQueued',
      'EntriesKnown',
      'EntriesBaselined',
      'EntriesFiltered',
      'EntriesHeld',
      'EntriesForReview',
      'EntriesUnsettled',
    ],
  },
  {
    title: 'Drafts',
    stat: 'Sum',
    lines: [
      'DraftsCreated',
      'DraftsWithheld',
      'DraftsRejected',
      'DraftsUncertain',
      'DraftsLookedUp',
      'DraftsDelayed',
      'DraftsHeld',
    ],
  },
  {
    title: 'From publication to draft, ms',
    stat: 'p50',
    lines: [
      ['DraftDelayMs', 'p50'],
      ['DraftDelayMs', 'p95'],
    ],
  },
  { title: 'Age of the oldest waiting row, ms', stat: 'Maximum', lines: ['OldestWaitingMs'] },
  {
    title: 'Polls, by outcome',
    stat: 'Sum',
    lines: [
      'PollsUnchanged',
      'PollsChanged',
      'PollsFailed',
      'PollsOvertaken',
      'PollsDeferred',
      'PollGaps',
      'BatchesHeld',
      'FeedsMoved',
    ],
  },
  {
    title: 'Ticks and the messages they sent',
    stat: 'Sum',
    lines: ['Ticks', 'FeedsDue', 'FeedMessages', 'RowsWoken', 'LeasesExpired'],
  },
  {
    title: 'Webhooks',
    stat: 'Sum',
    lines: [
      'WebhooksRegistered',
      'WebhooksIgnored',
      'WebhooksRefused',
      'WebhooksFailed',
      'WebhookSecretMissing',
    ],
  },
  { title: 'Console: requests answered with 4xx', stat: 'Sum', lines: ['ConsoleRefused'] },
  { title: 'Alerts', stat: 'Sum', lines: ['AlertsSent', 'AlertsFailed'] },
  { title: 'Circuit breaker', stat: 'Sum', lines: ['CircuitOpened', 'CircuitThrottled', 'CircuitClosed'] },
  {
    title: 'Needs attention',
    stat: 'Sum',
    lines: [
      'FeedsFailing',
      'ErrorsConfig',
      'ErrorsUnexpected',
      'MessagesFailed',
      'RowsCorrupt',
      'CountMismatches',
    ],
  },
];

type Widget = Record<string, unknown>;

const ours = (line: Line) => {
  const [name, stat] = typeof line === 'string' ? [line] : line;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: for CloudFormation's Sub
  const metric = [namespace, name, 'service', '${AWS::StackName}'];
  return stat ? [...metric, { stat, label: `${name} ${stat}` }] : metric;
};

const graphOf = ({ title, stat, lines }: Graph): Widget => ({
  title,
  stat,
  period: 300,
  metrics: lines.map(ours),
});

/** Posts per minute, and the rate limit of Dash Social. */
const rateUsed: Widget = {
  title: 'POSTs per minute',
  stat: 'Sum',
  period: 60,
  metrics: [
    [{ expression: 'SUM(FILL(METRICS(), 0))', label: 'POST responses' }],
    ...(['DraftsCreated', 'DraftsRejected', 'DraftsUncertain'] as const).map((name, at) => [
      ...ours(name),
      { id: `m${at}`, visible: false },
    ]),
  ],
};

const functions = ['PollFeeds', 'IngestFeeds', 'CreateDraft', 'ReceiveWebhook', 'SendAlerts'] as const;
const queues = ['FeedsQueue', 'DraftsQueue'] as const;
const tables = ['LedgerTable', 'FeedsTable'] as const;

/** By their names, because there may be no such functions. */
const optionalFunctions = ['console', 'enrichPost', 'sendEvents', 'deliverEvents'].map(
  (name) => `\${AWS::StackName}-${name}`,
);

const ofFunction = (metric: string) =>
  [...functions.map((fn) => `\${${fn}LambdaFunction}`), ...optionalFunctions].map((name) => [
    'AWS/Lambda',
    metric,
    'FunctionName',
    name,
  ]);
const ofQueue = (metric: string) =>
  queues.map((queue) => ['AWS/SQS', metric, 'QueueName', `\${${queue}.QueueName}`]);
const ofTable = (metric: string) =>
  tables.map((table) => ['AWS/DynamoDB', metric, 'TableName', `\${${table}}`]);

/** AWS's own metrics, including those it bills by. */
const ofAws: readonly Widget[] = [
  { title: 'Function errors', stat: 'Sum', period: 300, metrics: ofFunction('Errors') },
  {
    title: 'Age of the oldest message, s',
    stat: 'Maximum',
    period: 300,
    metrics: ofQueue('ApproximateAgeOfOldestMessage'),
  },
  { title: 'Cost: invocations', stat: 'Sum', period: 3600, metrics: ofFunction('Invocations') },
  { title: 'Cost: function duration, ms', stat: 'Sum', period: 3600, metrics: ofFunction('Duration') },
  { title: 'Cost: messages', stat: 'Sum', period: 3600, metrics: ofQueue('NumberOfMessagesSent') },
  {
    title: 'Cost: table capacity units',
    stat: 'Sum',
    period: 3600,
    metrics: [...ofTable('ConsumedWriteCapacityUnits'), ...ofTable('ConsumedReadCapacityUnits')],
  },
];

const width = 12;
const height = 6;

const place = (properties: Widget, at: number) => ({
  type: 'metric',
  x: (at % 2) * width,
  y: Math.floor(at / 2) * height,
  width,
  height,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: for CloudFormation's Sub
  properties: { region: '${AWS::Region}', ...properties },
});

/** The dashboard's body in CloudWatch's format, with CloudFormation references for names. */
const dashboardBody = () => ({
  widgets: [...graphs.map(graphOf), rateUsed, ...ofAws].map(place),
});

const indented = (text: string) => text.replace(/^/gm, '        ');

/** infra/dashboard.yml. */
export const dashboardFile = (): string => {
  const rows = dashboardBody().widgets.map((widget) => JSON.stringify(widget));
  return `# Generated by "npm run dashboard" from scripts/dashboard.ts and the metrics in lib/lambda/metrics.ts. Do not edit.
Resources:
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: !Ref AWS::StackName
      DashboardBody: !Sub |
${indented(`{"widgets": [\n${rows.join(',\n')}\n]}`)}

Outputs:
  DashboardAddress:
    Value: !Sub 'https://\${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=\${AWS::Region}#dashboards:name=\${AWS::StackName}'
`;
};

/** Metrics that no graph shows. */
export const unshown = (): string[] => {
  const shown = new Set(
    graphs.flatMap(({ lines }) => lines.map((one) => (typeof one === 'string' ? one : one[0]))),
  );
  return (Object.keys(metrics) as MetricName[]).filter((name) => !shown.has(name));
};

if (import.meta.main) {
  writeFileSync(target, dashboardFile());
  if (unshown().length > 0) throw new Error(`No graph shows ${unshown().join(', ')}`);
}
