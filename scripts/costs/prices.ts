/** Of where the prices are, and of when: they stand on the pages named beside each. */
export const priceList = { region: 'us-east-1', of: 'September 2026' };

type Price = {
  /** What it is for, as the page names it. */
  of: string;
  usd: number;
  /** So many units cost that much. */
  per: number;
  unit: string;
  /** What an account gets for nothing each month, for ever. */
  free: number;
  source: string;
  /** The line of a bill that it belongs to. */
  line: Line;
};

/** Lines of a bill, in the order of the page. */
export const lines = [
  'functions',
  'schedule',
  'queues',
  'tables: reads and writes',
  'tables: storage and backup',
  'logs',
  'metrics',
  'alarms',
  'dashboard',
  'secrets',
  'webhook API',
  'data transfer out',
] as const;
type Line = (typeof lines)[number];

const lambda = 'https://aws.amazon.com/lambda/pricing/';
const sqs = 'https://aws.amazon.com/sqs/pricing/';
const dynamo = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const scheduler = 'https://aws.amazon.com/eventbridge/pricing/';
const watch = 'https://aws.amazon.com/cloudwatch/pricing/';
const secrets = 'https://aws.amazon.com/secrets-manager/pricing/';
const api = 'https://aws.amazon.com/api-gateway/pricing/';
const transfer = 'https://aws.amazon.com/ec2/pricing/on-demand/';

const million = 1_000_000;

/** List prices in US dollars, first tier, without tax. */
export const prices = {
  invocations: {
    of: 'Lambda, invocations',
    usd: 0.2,
    per: million,
    unit: 'invocation',
    free: million,
    source: lambda,
    line: 'functions',
  },
  gbSeconds: {
    of: 'Lambda, arm64',
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-second',
    free: 400_000,
    source: lambda,
    line: 'functions',
  },
  ticks: {
    of: 'EventBridge Scheduler',
    usd: 1,
    per: million,
    unit: 'invocation',
    free: 14 * million,
    source: scheduler,
    line: 'schedule',
  },
  queueRequests: {
    of: 'SQS, standard queues',
    usd: 0.4,
    per: million,
    unit: 'request',
    free: million,
    source: sqs,
    line: 'queues',
  },
  readUnits: {
    of: 'DynamoDB on demand, reads',
    usd: 0.125,
    per: million,
    unit: 'unit',
    free: 0,
    source: dynamo,
    line: 'tables: reads and writes',
  },
  writeUnits: {
    of: 'DynamoDB on demand, writes',
    usd: 0.625,
    per: million,
    unit: 'unit',
    free: 0,
    source: dynamo,
    line: 'tables: reads and writes',
  },
  storedGb: {
    of: 'DynamoDB, storage',
    usd: 0.25,
    per: 1,
    unit: 'GB-month',
    free: 25,
    source: dynamo,
    line: 'tables: storage and backup',
  },
  backupGb: {
    of: 'DynamoDB, point-in-time recovery',
    usd: 0.2,
    per: 1,
    unit: 'GB-month',
    free: 0,
    source: dynamo,
    line: 'tables: storage and backup',
  },
  logGb: {
    of: 'CloudWatch Logs, ingestion',
    usd: 0.5,
    per: 1,
    unit: 'GB',
    free: 5,
    source: watch,
    line: 'logs',
  },
  metrics: {
    of: 'CloudWatch, custom metrics',
    usd: 0.3,
    per: 1,
    unit: 'metric-month',
    free: 10,
    source: watch,
    line: 'metrics',
  },
  alarmMetrics: {
    of: 'CloudWatch, standard-resolution alarms',
    usd: 0.1,
    per: 1,
    unit: 'alarm metric',
    free: 10,
    source: watch,
    line: 'alarms',
  },
  dashboards: {
    of: 'CloudWatch, dashboards',
    usd: 3,
    per: 1,
    unit: 'dashboard',
    free: 0, // three are free, but only of up to fifty metrics, and ours shows more
    source: watch,
    line: 'dashboard',
  },
  secrets: {
    of: 'Secrets Manager, secrets',
    usd: 0.4,
    per: 1,
    unit: 'secret',
    free: 0,
    source: secrets,
    line: 'secrets',
  },
  secretReads: {
    of: 'Secrets Manager, requests',
    usd: 0.05,
    per: 10_000,
    unit: 'request',
    free: 0,
    source: secrets,
    line: 'secrets',
  },
  apiRequests: {
    of: 'API Gateway, HTTP API',
    usd: 1,
    per: million,
    unit: 'request',
    free: 0,
    source: api,
    line: 'webhook API',
  },
  sentGb: {
    of: 'Data transfer out to the internet',
    usd: 0.09,
    per: 1,
    unit: 'GB',
    free: 100,
    source: transfer,
    line: 'data transfer out',
  },
} as const satisfies Record<string, Price>;

type PriceName = keyof typeof prices;
export const priceNames = Object.keys(prices) as PriceName[];

/** How much of what was used. */
export type Amounts = Partial<Record<PriceName, number>>;

export const plus = (...all: readonly Amounts[]): Amounts =>
  Object.fromEntries(
    priceNames.map((name) => [name, all.reduce((sum, one) => sum + (one[name] ?? 0), 0)]),
  ) as Amounts;

export const scaled = (amounts: Amounts, by: number): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount * by])) as Amounts;

/** US dollars for these amounts, in whole or less what is free each month. */
export const usd = (amounts: Amounts, { free = false } = {}): number =>
  priceNames.reduce((sum, name) => {
    const { usd: price, per, free: allowance } = prices[name];
    return sum + (Math.max(0, (amounts[name] ?? 0) - (free ? allowance : 0)) / per) * price;
  }, 0);

/** The part of amounts that belongs to a line of the bill. */
export const ofLine = (amounts: Amounts, line: Line): Amounts =>
  Object.fromEntries(
    Object.entries(amounts).filter(([name]) => prices[name as PriceName].line === line),
  ) as Amounts;
