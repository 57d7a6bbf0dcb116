import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAlert, possibleGap } from '../../lib/core/alerts/alert.ts';
import { alertNotice } from '../../lib/core/alerts/format-alert.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import type { sendAlerts } from '../../lib/jobs/alerts/send-alerts.ts';
import type { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import type { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import type { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import type { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { consoleServices } from '../../lib/services/console.ts';
import { createDraftServices } from '../../lib/services/create-draft.ts';
import { ingestFeedsServices } from '../../lib/services/ingest-feeds.ts';
import { pollFeedsServices } from '../../lib/services/poll-feeds.ts';
import { receiveWebhookServices } from '../../lib/services/receive-webhook.ts';
import { sendAlertsServices } from '../../lib/services/send-alerts.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { type Bundle, bundleAll } from '../../scripts/bundle.ts';
import { askConsole } from '../support/ask-console.ts';
import { consoleConfigOf } from '../support/console-config.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { rssOf } from '../support/embedded-world.ts';
import { feedOf, story } from '../support/entries.ts';
import { type IamGuard, iamGuard } from '../support/iam-guard.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf, statementsOf } from '../support/rights.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot } from '../support/store-rows.ts';

// A role may do exactly what its function's code can request from AWS. The code shows that in two ways: a job's type
// lists every method it may call, and its bundle contains a class for every command it can send.

/**
 * Services that never reach AWS. Everything else in a job's type must be called below, or the file does not compile.
 */
type Outside =
  | 'registrationsAtOnce'
  | 'announces'
  | 'clock'
  | 'config'
  | 'identifyFeed'
  | 'updateRate'
  | 'newId'
  | 'parseDelivery'
  | 'context'
  | 'random'
  | 'renderEntries'
  | 'sleep'
  | 'acquireTurn'
  | 'notifiedElsewhere'
  | 'wakeUpsATick';
type Methods<Port> = { [Method in keyof Port]-?: true };
/** Exactly the methods a job may call; a missing or extra name does not compile. */
type AllOf<Services> = {
  [Port in Exclude<keyof Services, Outside>]-?: Services[Port] extends (...given: never[]) => unknown
    ? true
    : Methods<Services[Port]>;
};

const pollNeeds: AllOf<Parameters<typeof pollFeeds>[0]> = {
  ledger: { read: true, replace: true, due: true, waiting: true, setStoredEntryExpiry: true },
  feedStore: {
    schedule: true,
    startSlots: true,
    setIntervalStep: true,
    endBackOff: true,
    tick: true,
    saveTick: true,
  },
  circuits: { rows: true, put: true, remove: true },
  dash: { probe: true },
  sendFeeds: true,
  sendWakeUps: true,
  countWakeUps: true,
};

const ingestNeeds: AllOf<Parameters<typeof ingestFeeds>[0]> = {
  ledger: { read: true, insert: true, replace: true, storeEntry: true },
  feedStore: { read: true, save: true, setSlot: true, backOff: true, saveBackOff: true },
  fetchFeed: true,
  alerts: { put: true },
  quotas: { read: true, save: true },
  sendFeeds: true,
  sendWakeUps: true,
};

const draftNeeds: AllOf<Parameters<typeof createDraft>[0]> = {
  ledger: {
    ...{ read: true, insert: true, replace: true },
    ...{ storedEntry: true, setStoredEntryExpiry: true, oldestQueued: true },
  },
  circuits: { rows: true, put: true, remove: true },
  dash: { create: true },
  quotas: { read: true, save: true },
  alerts: { put: true },
  readyToken: true,
  listRecentPosts: true,
  latestDrafts: { read: true, note: true },
};

const receiveNeeds: AllOf<Parameters<typeof receiveWebhook>[0]> = {
  ledger: { read: true, insert: true, replace: true, storeEntry: true },
  deliveries: { read: true, save: true },
  secret: true,
  sendWakeUps: true,
};

const alertNeeds: Omit<AllOf<Parameters<typeof sendAlerts>[0]>, 'channels'> & {
  channels: { log: true; email: true; webhook: true };
} = {
  ledger: { read: true, waiting: true },
  feedStore: { read: true, schedule: true, tick: true },
  circuits: { rows: true },
  alerts: { rows: true, put: true, remove: true },
  deadLetters: { feeds: true, drafts: true },
  channels: { log: true, email: true, webhook: true },
};

type Needs = Record<string, true | Record<string, true>>;
type Fn = {
  id: string;
  bundle: string;
  needs: Needs;
  services: (report: () => void) => unknown;
  /** Beside the methods: what calls others. */
  ask?: () => Promise<void>;
};
const functions: Fn[] = [
  { id: 'PollFeeds', bundle: 'poll-feeds', needs: pollNeeds, services: pollFeedsServices },
  { id: 'IngestFeeds', bundle: 'ingest-feeds', needs: ingestNeeds, services: ingestFeedsServices },
  { id: 'CreateDraft', bundle: 'create-draft', needs: draftNeeds, services: createDraftServices },
  { id: 'ReceiveWebhook', bundle: 'receive-webhook', needs: receiveNeeds, services: receiveWebhookServices },
  { id: 'SendAlerts', bundle: 'send-alerts', needs: alertNeeds, services: sendAlertsServices },
  {
    id: 'Console', // has no job: its pages and buttons are what it needs
    bundle: 'console',
    needs: {},
    services: () => null,
    ask: () => askConsole(consoleServices(() => {})),
  },
];

const aNotice = alertNotice(
  { row: newAlert(possibleGap('newsroom', 1)), entry: null },
  { timezone: 'UTC', where: { stage: 'prod' } },
);
/** A feed whose login makes ingest-feeds read a secret. No request is sent, because the name has no value. */
const aFeedBehindALogin = {
  url: 'http://127.0.0.1:9/feed',
  validators: null,
  allowPrivate: true,
  deadlineMs: 1_000,
  login: { headers: {}, basic: 'no-such-name' },
};

/** The arguments for each method. */
const questions: Record<string, unknown[]> = {
  'ledger.read': ['k1'],
  'ledger.insert': [anEntryRow()],
  'ledger.storeEntry': ['kept-1', toStoredEntry(story(1)), 1_800_000_000_000],
  'ledger.storedEntry': ['kept-1'],
  'ledger.setStoredEntryExpiry': ['kept-1', 1_800_000_000_000],
  'ledger.replace': [anEntryRow({ rev: 2 })],
  'ledger.due': [{ shard: 'leases', until: 1, limit: 1 }],
  'ledger.oldestQueued': [{ feed: 'newsroom', until: 1, limit: 1 }],
  'ledger.waiting': [{ state: 'uncertain', limit: 1 }],
  'feedStore.read': ['newsroom'],
  'feedStore.save': [aFeedRow()],
  'feedStore.schedule': [],
  'feedStore.setSlot': ['newsroom', aSlot({ notBefore: 1 })],
  'feedStore.setIntervalStep': ['newsroom', { step: 1, from: 1 }],
  'feedStore.backOff': ['one.example'],
  'feedStore.saveBackOff': [{ host: 'one.example', rev: 1, since: 1, until: 2, feeds: [] }],
  'feedStore.endBackOff': [{ host: 'one.example', rev: 1, since: 1, until: 2, feeds: [] }],
  'feedStore.startSlots': [
    [false, true].map((isMove) => ({ id: 'newsroom', address: aSlot().address, isMove })),
  ],
  'feedStore.tick': [],
  'feedStore.saveTick': [{ rev: 1, lastTick: 1, brands: [] }],
  'circuits.rows': [],
  'circuits.put': [aCircuitRow()],
  'circuits.remove': [aCircuitRow()],
  'quotas.read': ['newsroom'],
  'quotas.save': [{ feed: 'newsroom', rev: 1, takes: [], waits: [] }],
  'deliveries.read': ['blog'],
  'deliveries.save': [{ webhook: 'blog', rev: 1, day: '2026-11-20', counts: {}, latest: [] }],
  'alerts.rows': [10],
  'alerts.put': [newAlert(possibleGap('newsroom', 1))],
  'alerts.remove': [newAlert(possibleGap('newsroom', 1))],
  'deadLetters.feeds': [],
  'deadLetters.drafts': [],
  'channels.log': [[]],
  'channels.email': [[aNotice]],
  'channels.webhook': [[aNotice]],
  'dash.probe': [],
  'dash.create': [anEntryRow().post, { canStillSend: () => true }],
  listRecentPosts: [{ brand: 144, since: 0, latest: { brand: 144, postId: 1, at: 0 } }],
  'latestDrafts.read': [144],
  'latestDrafts.note': [{ brand: 144, postId: 1, at: 1 }],
  readyToken: [],
  secret: ['ghost'],
  fetchFeed: [aFeedBehindALogin],
  sendFeeds: [[{ feeds: ['newsroom'] }]],
  sendWakeUps: [[{ key: 'k1', brand: 144 }]],
  countWakeUps: [],
};

/** A second call in the same turn, with other arguments, so that both are batched. */
const alongside: Record<string, unknown[]> = { 'feedStore.read': ['sport'], 'ledger.read': ['k2'] };

type Method = (...given: unknown[]) => Promise<unknown>;
const methodsOf = (services: unknown, needs: Needs): [string, Method][] =>
  Object.entries(needs).flatMap(([port, methods]) => {
    const given = (services as Record<string, unknown>)[port];
    if (methods === true) return [[port, given as Method]];
    return Object.keys(methods).map((name): [string, Method] => [
      `${port}.${name}`,
      (given as Record<string, Method>)[name] as Method,
    ]);
  });

let dir: string;
let template: Template;
let bundles: Bundle[];
let tables: EmbeddedTables;
let guard: IamGuard;
const closing: (() => Promise<unknown>)[] = [];
const realEnv = process.env;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'least-'));
  const hook = await localPublisher((_, response) =>
    response.writeHead(200).end(rssOf([story(1), story(2)])),
  );
  const inbound = JSON.stringify({ ghost: 'a-secret', hook: hook.origin });
  const [sqs, secrets, sandbox] = await Promise.all([
    startSqs(),
    startSecrets({ values: { 'dash-token': 'a-token', inbound, console: '{}' } }),
    startSandbox({ token: 'a-token', brands: [144] }),
  ]);
  [tables, template] = await Promise.all([startTables(), packagedTemplate()]);
  guard = iamGuard();
  closing.push(guard.close, tables.close, sqs.close, secrets.close, sandbox.close, () =>
    hook[Symbol.asyncDispose](),
  );
  const topic = new SNSClient({ endpoint: sqs.endpoint, ...ourAccess() });
  const { TopicArn } = await topic.send(new CreateTopicCommand({ Name: 'Alarms' }));
  topic.destroy();
  const packed = packConfig({
    timezone: 'UTC',
    dash: { lookUp: true, ratePerMinute: 300 },
    feeds: ['newsroom', 'sport'].map((id) => feedOf({ id, url: `${hook.origin}/${id}`, allowPrivate: true })),
    webhooks: [],
    console: consoleConfigOf(),
    alerts: {
      drafts: true,
      allowPrivate: true,
      channels: [{ kind: 'email' }, { kind: 'webhook', secret: 'hook' }],
    },
  });
  bundles = await bundleAll(join(dir, 'bundles'), packed);
  await writeFile(join(dir, 'feeds.json'), packed);
  const queues = await guard.endpoint(sqs.endpoint);
  const behindGuard = (url: string) => url.replace(sqs.endpoint, queues);
  process.env = {
    PATH: realEnv.PATH,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: ourAccess().credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ourAccess().credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: await guard.endpoint(tables.dynamo.endpoint),
    AWS_ENDPOINT_URL_SQS: queues,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: await guard.endpoint(secrets.endpoint),
    AWS_ENDPOINT_URL_SNS: await guard.endpoint(sqs.endpoint),
    ALERTS_TOPIC_ARN: TopicArn,
    FEEDS_DEAD_LETTERS_URL: behindGuard(sqs.queueUrls.feedsDeadLetters),
    DRAFTS_DEAD_LETTERS_URL: behindGuard(sqs.queueUrls.draftsDeadLetters),
    FEEDS_QUEUE_URL: behindGuard(sqs.queueUrls.feeds),
    DRAFTS_QUEUE_URL: behindGuard(sqs.queueUrls.drafts),
    DASH_TOKEN_SECRET_ID: 'dash-token',
    INBOUND_SECRET_ID: 'inbound',
    CONSOLE_SECRET_ID: 'console',
    STACK_URL: 'https://drafts.example.com',
    DASH_URL: sandbox.url,
    FEEDS_FILE: join(dir, 'feeds.json'),
  };
}, 60_000);
afterAll(async () => {
  process.env = realEnv;
  await Promise.all(closing.map((close) => close()));
  await rm(dir, { recursive: true, force: true });
});

const unlessLoginMissing = (error: unknown) => {
  if ((error as { code?: unknown }).code !== 'feed.login') throw error;
};

/**
 * Calls every method that a function's job may call, with the role's permissions: twice, so that the second write
 * finds a conflict, and with the first response lost.
 */
const askAll = async ({ id, needs, services, ask: alone }: Fn) => {
  const { ledger, feeds } = await tables.fresh();
  Object.assign(process.env, { LEDGER_TABLE: ledger, FEEDS_TABLE: feeds });
  guard.allow(rightsOf(template, `${id}Role`));
  await alone?.();
  for (const [name, ask] of methodsOf(
    services(() => {}),
    needs,
  )) {
    const given = questions[name];
    if (!given) throw new Error(`How is ${name} asked? Say so in "questions".`);
    guard.loseResponses(1);
    await ask(...given).catch(unlessLoginMissing);
    await ask(...given).catch(unlessLoginMissing);
    const other = alongside[name];
    if (other) await Promise.all([ask(...given), ask(...other)]);
  }
  guard.loseResponses(0);
};

const isLog = (right: string) => right.includes(':logs:');
/** Actions of the event source mapping on its queue, which are performed in the function's name but not by its code. */
const byMapping = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const mappedQueue = (fn: string): string | undefined => {
  const mapping = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::EventSourceMapping' &&
      JSON.stringify(Properties.FunctionName).includes(`"${fn}LambdaFunction"`),
  );
  return (mapping?.Properties.EventSourceArn as { 'Fn::GetAtt': string[] } | undefined)?.['Fn::GetAtt'][0];
};

describe('a role', () => {
  it.each(functions)('of $id allows exactly what its job may request', async (fn) => {
    await askAll(fn);

    const queue = mappedQueue(fn.id);
    const theMappings = queue ? byMapping.map((action) => `${queue}: ${action}`) : [];
    const allowed = rightsOf(template, `${fn.id}Role`).filter((right) => !isLog(right));
    expect(guard.refused()).toEqual([]);
    expect(allowed).toEqual([...new Set([...guard.asked(), ...theMappings])].toSorted());
  });

  it('is tested here for every function', () => {
    const deployed = Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id]) => id.replace('LambdaFunction', ''));

    expect(functions.map(({ id }) => id).toSorted()).toEqual(deployed.toSorted());
  });
});

// IAM has only the single form of batch commands, and the document client's command names are shorter than the
// service's.
const iamName = (service: string, command: string) => {
  const long =
    service === 'lib-dynamodb' ? command.replace(/^(Get|BatchGet|Put|Update|Delete)$/, '$1Item') : command;
  const prefixes: Record<string, string> = {
    'client-sqs': 'sqs',
    'client-sns': 'sns',
    'client-secrets-manager': 'secretsmanager',
  };
  const prefix = prefixes[service] ?? 'dynamodb';
  return `${prefix}:${long.replace('MessageBatch', 'Message')}`;
};

/** The actions whose command is in a bundle. */
const commandsIn = async (name: string): Promise<string[]> => {
  const file = bundles.find((bundle) => bundle.name === name)?.file as string;
  const { sources } = JSON.parse(await readFile(`${file}.map`, 'utf8')) as { sources: string[] };
  const found = sources.flatMap((source) => {
    const [, service, command] = source.match(/@aws-sdk\/([^/]+)\/.*\/commands\/(\w+)Command\.js$/) ?? [];
    return service && command ? [iamName(service, command)] : [];
  });
  return [...new Set(found)].toSorted();
};

/** Commands in a bundle that are not allowed, with the reason. */
const neverSent: Record<string, string> = {
  'dynamodb:DescribeEndpoints': 'endpoint discovery, part of the SDK client and off',
  'dynamodb:Scan': 'ledger.all, for the command line: a store is one object',
  'dynamodb:Query': 'ledger.due and feedStore.schedule, of the same objects',
  'dynamodb:DeleteItem': 'circuits.remove, of the same objects',
  'dynamodb:UpdateItem': 'feedStore.setSlot, of the same objects',
  'sqs:GetQueueAttributes': 'countWakeUps, of the same object',
};

describe('a bundle', () => {
  it.each(functions)('of $id contains the allowed commands, and lists all others', async (fn) => {
    const sendable = await commandsIn(fn.bundle);

    const allowed = new Set(
      rightsOf(template, `${fn.id}Role`).map((right) => right.split(': ').at(-1) ?? ''),
    );
    for (const action of byMapping) if (!sendable.includes(action)) allowed.delete(action);
    const actions = [...allowed].filter((action) => !action.startsWith('logs:'));
    expect(actions.filter((action) => !sendable.includes(action))).toEqual([]);
    expect(sendable.filter((action) => !allowed.has(action) && !neverSent[action])).toEqual([]);
  });
});

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);
const roles = () =>
  Object.entries(template.Resources).flatMap(([id, { Type }]) => (Type === 'AWS::IAM::Role' ? [id] : []));

/** Wildcard resources, with the reason why there is no narrower name. */
const wide: Record<string, string> = {
  ':log-group:/aws/lambda/': 'the streams of one log group; Lambda names a new one for each process',
};

describe('no role', () => {
  it('allows an action by wildcard, or by exclusion', () => {
    for (const statement of roles().flatMap((role) => statementsOf(template, role))) {
      expect(statement.Effect).toBe('Allow');
      expect(Object.keys(statement).filter((key) => key.startsWith('Not'))).toEqual([]);
      for (const action of list(statement.Action)) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
    }
  });

  it('covers resources by wildcard, except those listed', () => {
    const wildcards = roles()
      .flatMap((role) => statementsOf(template, role))
      .flatMap(({ Resource }) => list(Resource).map((one) => JSON.stringify(one)))
      .filter((text) => text.includes('*'));

    expect(wildcards.filter((text) => !Object.keys(wide).some((part) => text.includes(part)))).toEqual([]);
    for (const text of wildcards) expect(text).toMatch(/-\w+:\*"\}$/); // the full name of its own group
  });

  it('of a public function may read the Dash Social token', () => {
    const called = Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Integration' || Type === 'AWS::Lambda::Url')
      .map(({ Properties }) => JSON.stringify(Properties).match(/"(\w+)LambdaFunction"/)?.[1]);

    expect(called).toEqual(['ReceiveWebhook', 'Console']);
    for (const fn of called)
      expect(rightsOf(template, `${fn}Role`).filter((right) => right.startsWith('DashToken:'))).toEqual([]);
  });

  it('of a function that anyone may start reaches more of the feeds table than delivery outcomes', () => {
    const statements = statementsOf(template, 'ReceiveWebhookRole').filter(({ Resource }) =>
      JSON.stringify(Resource).includes('FeedsTable'),
    );

    expect(statements).toEqual([
      expect.objectContaining({
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['webhook'] } },
      }),
    ]);
  });

  it('is shared, and the schedule has its own', () => {
    const schedules = Object.values(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Scheduler::Schedule',
    );
    const used = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' ? [JSON.stringify(Properties.Role)] : [],
    );

    expect(new Set(used).size).toBe(functions.length);
    for (const { Properties } of schedules)
      expect(used).not.toContain(JSON.stringify((Properties.Target as { RoleArn: unknown }).RoleArn));
  });
});
