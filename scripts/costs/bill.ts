import { readResources } from '../../local/embedded/cloudformation.ts';
import { functionMemory } from '../function-memory.ts';
import type { MeasuredUse, Use } from './measured-use.ts';
import { type Amounts, plus, scaled } from './prices.ts';

/** What nobody measured here, and what the page says of it. */
export const assumed = {
  hoursAMonth: 730,
  pollsAnHour: 1,
  entriesADay: 1,
  /** Days that a row is kept after it was last seen: `keepMs` in lib/core/dash/timing.ts. */
  keptDays: 400,
  feedsAMessage: 20,
  /** A whole core, in megabytes of memory (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
  coreMb: 1769,
  /** START, END and REPORT, which Lambda prints for each invocation. */
  platformLogBytes: 400,
  /** Opening a TLS connection, from our side. */
  tlsBytes: 1500,
  /**
   * With a maximum concurrency set, the mapping of a queue keeps five long polls of twenty seconds going
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
   */
  longPolls: 5,
  longPollSeconds: 20,
  queuesRead: 2,
  /** How long a worker keeps the token before it reads it anew. */
  tokenMinutes: 5,
};

type Fn = 'pollFeeds' | 'ingestFeeds' | 'createDraft' | 'receiveWebhook';

/** A function with less memory than a core is worth computes as much more slowly; waiting it does as fast. */
export const billedMs = ({ wallMs, cpuMs }: Pick<Use, 'wallMs' | 'cpuMs'>, memoryMb: number): number =>
  wallMs + cpuMs * Math.max(0, assumed.coreMb / memoryMb - 1);

/** What one invocation that did this is billed for. */
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

/** Taken from the queue and removed. */
const delivered: Amounts = { queueRequests: 2 };

/** A message of feeds without news: what it takes however many they are, and what each of them adds. */
export const pollAmounts = ({ unchanged }: MeasuredUse): { message: Amounts; feed: Amounts } => {
  const [one, twenty] = [unchanged.one, unchanged.twenty].map((use) => invocation('ingestFeeds', use));
  const each = scaled(minus(twenty as Amounts, one as Amounts), 1 / (assumed.feedsAMessage - 1));
  const message = plus(minus(one as Amounts, each), delivered);
  return { message, feed: plus(each, { sentGb: assumed.tlsBytes / 1e9 }) };
};

/** Bytes in tables and indexes for as long as they are kept: GB-months of an entry. */
const kept = (bytes: number): Amounts => {
  const gbMonths = (bytes / 1e9) * (assumed.keptDays / (assumed.hoursAMonth / 24));
  return { storedGb: gbMonths, backupGb: gbMonths };
};

/** From being seen to being a draft, with its wake-up alone or among ten; the poll itself is not in it. */
export const entryAmounts = ({ unchanged, news, drafts }: MeasuredUse, batch: 'one' | 'ten'): Amounts => {
  const more = minus(invocation('ingestFeeds', news), invocation('ingestFeeds', unchanged.twenty));
  const draft = plus(invocation('createDraft', drafts[batch]), delivered, kept(drafts[batch].storedBytes));
  return plus(
    scaled(more, 1 / assumed.feedsAMessage),
    scaled(draft, batch === 'one' ? 1 : 1 / 10),
    kept(news.storedBytes / assumed.feedsAMessage),
  );
};

/** A delivery that is admitted; the draft it becomes comes on top. */
export const webhookAmounts = ({ webhook }: MeasuredUse): Amounts =>
  plus(invocation('receiveWebhook', webhook), { apiRequests: 1 }, kept(webhook.storedBytes));

/** A million of each: polls that share messages as they do when all is due, polls alone in theirs, entries, webhooks. */
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

/** How many messages a tick sends when so many feeds are due in the mean: each takes up to twenty. */
export const messagesATick = (due: number): number => {
  let chance = Math.exp(-due); // of none; Poisson
  let mean = 0;
  for (let feeds = 1; feeds < due + 10 * Math.sqrt(due) + 20; feeds += 1) {
    chance *= due / feeds;
    mean += chance * Math.ceil(feeds / assumed.feedsAMessage);
  }
  return mean;
};

/** In how many of an hour's metrics there is something to send, when work of a kind comes so often an hour. */
const metricsSent = ({ ticks, unchanged, news, drafts }: MeasuredUse, feeds: number): number => {
  const entriesAnHour = (feeds * assumed.entriesADay) / 24;
  const rates = new Map<string, number>();
  const add = (names: readonly string[], rate: number) => {
    for (const name of names) rates.set(name, (rates.get(name) ?? 0) + rate);
  };
  add(ticks[feeds]?.metrics ?? [], feeds * assumed.pollsAnHour);
  add(['Ticks'], 60);
  add(unchanged.one.metrics, feeds * assumed.pollsAnHour);
  add(news.metrics, entriesAnHour);
  add(drafts.one.metrics, entriesAnHour);
  return [...rates.values()].reduce((sum, rate) => sum + 1 - Math.exp(-rate), 0);
};

type Alarm = { MetricName?: string; Metrics?: { MetricStat?: unknown }[] };

/** Metrics that alarms watch: each is billed, also those of AWS's own. */
export const alarmMetrics = (): number =>
  [...readResources('alarms.yml', 'AWS::CloudWatch::Alarm').values()]
    .map(({ Properties }) => Properties as Alarm)
    .reduce((sum, { Metrics }) => sum + (Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1), 0);

const secretsThere = () => readResources('secrets.yml', 'AWS::SecretsManager::Secret').size;

/** What is paid for being there, whatever happens. */
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

/** A month with so many feeds, of which `measured` holds the tick. */
export const monthAmounts = (measured: MeasuredUse, feeds: number): Amounts => {
  const ticks = assumed.hoursAMonth * 60;
  const entries = (feeds * assumed.entriesADay * assumed.hoursAMonth) / 24;
  const polls = feeds * assumed.pollsAnHour * assumed.hoursAMonth;
  const { message, feed } = pollAmounts(measured);
  const messages = ticks * messagesATick((feeds * assumed.pollsAnHour) / 60);
  return plus(
    standing(),
    scaled(invocation('pollFeeds', measured.ticks[feeds] as Use), ticks),
    scaled(message, messages),
    scaled(feed, polls),
    scaled(entryAmounts(measured, 'one'), entries),
    { metrics: metricsSent(measured, feeds) },
    { secretReads: Math.min(entries, ticks / assumed.tokenMinutes) },
  );
};
