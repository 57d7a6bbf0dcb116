import { readResources } from '../../local/embedded/cloudformation.ts';
import { functionMemory } from '../function-memory.ts';
import type { MeasuredUse, Use } from './measured-use.ts';
import { type Amounts, plus, scaled } from './prices.ts';

/** Assumptions that were not measured, as stated on the page. */
export const assumed = {
  hoursAMonth: 730,
  /** The default `mean_interval` is 15 minutes. */
  pollsAnHour: 4,
  entriesADay: 1,
  /** Days that a row is kept after it was last seen: `keepMs` in lib/core/dash/timing.ts. */
  keptDays: 400,
  feedsAMessage: 20,
  /**
   * The memory that corresponds to a whole core, in megabytes
   * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
   */
  coreMb: 1769,
  /** START, END and REPORT, which Lambda logs for each invocation. */
  platformLogBytes: 400,
  /** Bytes that we send to open a TLS connection. */
  tlsBytes: 1500,
  /**
   * With a maximum concurrency, an event source mapping keeps five long polls of twenty seconds open
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
   */
  longPolls: 5,
  longPollSeconds: 20,
  queuesRead: 2,
  /** How long a worker caches the token. */
  tokenMinutes: 5,
};

type Fn = 'pollFeeds' | 'ingestFeeds' | 'createDraft' | 'receiveWebhook';

/** CPU time scales with the share of a core; waiting does not. */
export const billedMs = ({ wallMs, cpuMs }: Pick<Use, 'wallMs' | 'cpuMs'>, memoryMb: number): number =>
  wallMs + cpuMs * Math.max(0, assumed.coreMb / memoryMb - 1);

/** The billed amounts of one invocation with this usage. */
const invocation = (fn: Fn, use: Use): Amounts => {
  const memoryMb = functionMemory()[fn] ?? 0;
  return {
    invocations: 1,
    gbSeconds: (billedMs(use, memoryMb) / 1000) * (memoryMb / 1024),
    readUnits: use.readUnits,
    writeUnits: use.writeUnits,
    queueRequests: use.sqsRequests,
    secretReads: use.secretRequests,
    logGb: (use.logBytes + assumed.platformLogBytes) / 1e9,
    sentGb: use.sentBytes / 1e9,
  };
};

const minus = (more: Amounts, less: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(plus(more, scaled(less, -1))).map(([name, amount]) => [name, Math.max(0, amount)]),
  ) as Amounts;

/** Received from the queue and deleted. */
const delivered: Amounts = { queueRequests: 2 };

/** A message with feeds that have nothing new: the cost per message, and per feed in it. */
export const pollAmounts = ({ unchanged }: MeasuredUse): { message: Amounts; feed: Amounts } => {
  const [one, twenty] = [unchanged.one, unchanged.twenty].map((use) => invocation('ingestFeeds', use));
  const each = scaled(minus(twenty as Amounts, one as Amounts), 1 / (assumed.feedsAMessage - 1));
  const message = plus(minus(one as Amounts, each), delivered);
  return { message, feed: plus(each, { sentGb: assumed.tlsBytes / 1e9 }) };
};

/** The storage of an entry in tables and indexes for as long as it is kept, in GB-months. */
const kept = (bytes: number): Amounts => {
  const gbMonths = (bytes / 1e9) * (assumed.keptDays / (assumed.hoursAMonth / 24));
  return { storedGb: gbMonths, backupGb: gbMonths };
};

/** An entry from registration to draft, with its wake-up alone or among ten; without the poll. */
export const entryAmounts = ({ unchanged, news, drafts }: MeasuredUse, batch: 'one' | 'ten'): Amounts => {
  const more = minus(invocation('ingestFeeds', news), invocation('ingestFeeds', unchanged.twenty));
  const draft = plus(invocation('createDraft', drafts[batch]), delivered, kept(drafts[batch].storedBytes));
  return plus(
    scaled(more, 1 / assumed.feedsAMessage),
    scaled(draft, batch === 'one' ? 1 : 1 / 10),
    kept(news.storedBytes / assumed.feedsAMessage),
  );
};

/** An accepted delivery, without the resulting draft. */
export const webhookAmounts = ({ webhook }: MeasuredUse): Amounts =>
  plus(invocation('receiveWebhook', webhook), { apiRequests: 1 }, kept(webhook.storedBytes));

/** The cost of a million of each: polls in full messages, polls alone in a message, entries, webhook deliveries. */
export const perMillion = (measured: MeasuredUse) => {
  const { message, feed } = pollAmounts(measured);
  const pollsOf = (feeds: number) => scaled(plus(scaled(message, 1 / feeds), feed), 1e6);
  return {
    polls: pollsOf(assumed.feedsAMessage),
    pollsAlone: pollsOf(1),
    entries: scaled(entryAmounts(measured, 'ten'), 1e6),
    webhooks: scaled(webhookAmounts(measured), 1e6),
  };
};

/** How many messages a tick sends if on average so many feeds are due; a message contains up to twenty. */
export const messagesATick = (due: number): number => {
  let chance = Math.exp(-due); // the probability of none (Poisson)
  let mean = 0;
  for (let feeds = 1; feeds < due + 10 * Math.sqrt(due) + 20; feeds += 1) {
    chance *= due / feeds;
    mean += chance * Math.ceil(feeds / assumed.feedsAMessage);
  }
  return mean;
};

/** The share of an hour in which a metric is sent, if its event occurs so often per hour. */
const metricsSent = (
  { ticks, unchanged, news, drafts }: MeasuredUse,
  feeds: number,
  pollsAnHour: number,
): number => {
  const entriesAnHour = (feeds * assumed.entriesADay) / 24;
  const rates = new Map<string, number>();
  const add = (names: readonly string[], rate: number) => {
    for (const name of names) rates.set(name, (rates.get(name) ?? 0) + rate);
  };
  add(ticks[feeds]?.metrics ?? [], feeds * pollsAnHour);
  add(['Ticks'], 60);
  add(unchanged.one.metrics, feeds * pollsAnHour);
  add(news.metrics, entriesAnHour);
  add(drafts.one.metrics, entriesAnHour);
  return [...rates.values()].reduce((sum, rate) => sum + 1 - Math.exp(-rate), 0);
};

type Alarm = { MetricName?: string; Metrics?: { MetricStat?: unknown }[] };

/** The metrics used by alarms, which are all billed, including AWS's own. */
export const alarmMetrics = (): number =>
  [...readResources('alarms.yml', 'AWS::CloudWatch::Alarm').values()]
    .map(({ Properties }) => Properties as Alarm)
    .reduce((sum, { Metrics }) => sum + (Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1), 0);

const secretsThere = () => readResources('secrets.yml', 'AWS::SecretsManager::Secret').size;

/** The fixed monthly amounts. */
export const standing = (): Amounts => {
  const minutes = assumed.hoursAMonth * 60;
  const idlePolls = (assumed.longPolls * assumed.queuesRead * minutes * 60) / assumed.longPollSeconds;
  return {
    ticks: minutes,
    queueRequests: idlePolls,
    alarmMetrics: alarmMetrics(),
    dashboards: 1,
    secrets: secretsThere(),
  };
};

/** The amounts of a month with so many feeds, of which `measured` contains the tick. */
export const monthAmounts = (
  measured: MeasuredUse,
  feeds: number,
  pollsAnHour: number = assumed.pollsAnHour,
): Amounts => {
  const ticks = assumed.hoursAMonth * 60;
  const entries = (feeds * assumed.entriesADay * assumed.hoursAMonth) / 24;
  const polls = feeds * pollsAnHour * assumed.hoursAMonth;
  const { message, feed } = pollAmounts(measured);
  const messages = ticks * messagesATick((feeds * pollsAnHour) / 60);
  return plus(
    standing(),
    scaled(invocation('pollFeeds', measured.ticks[feeds] as Use), ticks),
    scaled(message, messages),
    scaled(feed, polls),
    scaled(entryAmounts(measured, 'one'), entries),
    { metrics: metricsSent(measured, feeds, pollsAnHour) },
    { secretReads: Math.min(entries, ticks / assumed.tokenMinutes) },
  );
};
