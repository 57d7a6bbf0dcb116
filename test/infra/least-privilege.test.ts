import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packConfig } from '../../lib/packed-config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { createDeliveryQueues, startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { type Bundle, bundleAll } from '../../scripts/bundle.ts';
import { consoleConfigOf } from '../support/console-config.ts';
import { type EmbeddedTables, startTables } from '../support/embedded-tables.ts';
import { rssOf } from '../support/embedded-world.ts';
import { feedOf, story } from '../support/entries.ts';
import { startEventBus } from '../support/event-bus.ts';
import { alongside, argumentsOf, type Fn, functions, methodsOf } from '../support/function-needs.ts';
import { type IamGuard, iamGuard } from '../support/iam-guard.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { packagedTemplate, type Template } from '../support/packaged.ts';
import { rightsOf, statementsOf } from '../support/rights.ts';

// A role may do exactly what its function's code can request from AWS. The code shows that in two ways: a job's type
// lists every method it may call, and its bundle contains a class for every command it can send.

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
  const bus = await startEventBus();
  const functionHook = await localPublisher((_, response) => response.writeHead(200).end('{}'));
  closing.push(() => functionHook[Symbol.asyncDispose]());
  closing.push(bus.close, guard.close, tables.close, sqs.close, secrets.close, sandbox.close, () =>
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
    events: {
      eventBus: 'default',
      webAddresses: [{ url: 'https://events.example.com/', secretNames: ['ghost'] }],
      allowPrivate: false,
    },
    console: consoleConfigOf(),
    alerts: {
      review: 'immediate',
      drafts: true,
      allowPrivate: true,
      channels: [{ kind: 'email' }, { kind: 'webhook', secret: 'hook' }],
    },
  });
  bundles = await bundleAll(join(dir, 'bundles'), packed);
  await writeFile(join(dir, 'feeds.json'), packed);
  const deliveries = await createDeliveryQueues(sqs.endpoint);
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
    AWS_ENDPOINT_URL_EVENTBRIDGE: await guard.endpoint(bus.endpoint),
    AWS_ENDPOINT_URL_LAMBDA: await guard.endpoint(functionHook.origin),
    ENRICH_QUEUE_URL: behindGuard(sqs.queueUrls.enrich),
    AWS_ENDPOINT_URL_SNS: await guard.endpoint(sqs.endpoint),
    ALERTS_TOPIC_ARN: TopicArn,
    FEEDS_DEAD_LETTERS_URL: behindGuard(sqs.queueUrls.feedsDeadLetters),
    DRAFTS_DEAD_LETTERS_URL: behindGuard(sqs.queueUrls.draftsDeadLetters),
    FEEDS_QUEUE_URL: behindGuard(sqs.queueUrls.feeds),
    DRAFTS_QUEUE_URL: behindGuard(sqs.queueUrls.drafts),
    DELIVERIES_QUEUE_URL: behindGuard(deliveries.queue),
    DELIVERIES_DEAD_LETTERS_URL: behindGuard(deliveries.deadLetters),
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

const expected: readonly unknown[] = ['feed.login', 'enrich.no-secret', 'enrich.unreachable'];
const unlessExpected = (error: unknown) => {
  if (!expected.includes((error as { code?: unknown }).code)) throw error;
};

/**
 * Calls every method that a function's job may call, with the role's permissions: twice, so that the second write
 * finds a conflict, and with the first response lost.
 */
const callAll = async ({ id, needs, services, ask: alone }: Fn) => {
  const { ledger, feeds } = await tables.fresh();
  Object.assign(process.env, { LEDGER_TABLE: ledger, FEEDS_TABLE: feeds });
  guard.allow(rightsOf(template, `${id}Role`));
  await alone?.();
  for (const [name, call] of methodsOf(
    services(() => {}),
    needs,
  )) {
    const given = argumentsOf[name];
    if (!given) throw new Error(`Add the arguments of ${name} to argumentsOf in function-needs.ts.`);
    guard.loseResponses(1);
    await call(...given).catch(unlessExpected);
    await call(...given).catch(unlessExpected);
    const other = alongside[name];
    if (other) await Promise.all([call(...given), call(...other).catch(unlessExpected)]);
  }
  guard.loseResponses(0);
};

const isLog = (right: string) => right.includes(':logs:');
/** Actions of event source mappings, which are performed in the function's name but not by its code. */
const onQueue = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const onStream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (action) => `dynamodb:${action}`,
);
const byMapping = [...onQueue, ...onStream];
const rightsOfMappings = (fn: string): string[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(`"${fn}LambdaFunction"`))
    .flatMap(({ Properties }) => {
      const [id, attribute] = (Properties.EventSourceArn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
      return attribute === 'StreamArn'
        ? onStream.map((action) => `${id}.StreamArn: ${action}`)
        : onQueue.map((action) => `${id}: ${action}`);
    });

describe('a role', () => {
  it.each(functions)('of $id allows exactly what its job may request', async (fn) => {
    await callAll(fn);

    const allowed = rightsOf(template, `${fn.id}Role`).filter((right) => !isLog(right));
    expect(guard.refused()).toEqual([]);
    expect(allowed).toEqual([...new Set([...guard.asked(), ...rightsOfMappings(fn.id)])].toSorted());
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
    'client-eventbridge': 'events',
    'client-sqs': 'sqs',
    'client-sns': 'sns',
    'client-lambda': 'lambda',
    'client-secrets-manager': 'secretsmanager',
  };
  const prefix = prefixes[service] ?? 'dynamodb';
  const action = long.replace('MessageBatch', 'Message').replace(/^Invoke$/, 'InvokeFunction');
  return `${prefix}:${action}`;
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
