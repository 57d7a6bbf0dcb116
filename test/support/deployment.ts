import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { readConfig } from '../../lib/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startDynamo } from '../../local/embedded/dynamo.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startPump } from '../../local/pump.ts';
import { openQueue } from '../../local/queue.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../../scripts/bundle.ts';
import { resolved as withOptions } from './console-condition.ts';
import { rssOf } from './embedded-world.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';
import { localPublisher } from './local-publisher.ts';
import { packagedTemplate, type Resource, type Template } from './packaged.ts';
import { unzip } from './unzip.ts';

type Value = string | { Ref?: string; 'Fn::GetAtt'?: [string, string] };

/** The local names of resources, by their names in the template. */
type Known = Readonly<Record<string, string>>;

const resolved = (value: Value, known: Known): string => {
  if (typeof value === 'string') return value;
  const name = value.Ref ?? value['Fn::GetAtt']?.join('.') ?? '';
  const found = known[name];
  if (found === undefined) throw new Error(`the template gives a function ${JSON.stringify(value)}`);
  return found;
};

type FunctionProperties = { Environment: { Variables: Record<string, Value> }; Timeout: number };
type MappingProperties = {
  EventSourceArn: { 'Fn::GetAtt': [string, string] };
  FunctionName: { 'Fn::GetAtt': [string, string] };
  BatchSize: number;
};

const ofType = ({ Resources }: Template, type: string): [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** `CreateDraftLambdaFunction` runs `create-draft.zip`. */
const archiveOf = (id: string) =>
  id
    .replace('LambdaFunction', '')
    .replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();

type Built = { dir: string; template: Template; site: Site };

/** A publisher whose feed can be changed, and can hang. */
const startSite = async () => {
  const state = { documents: [] as Entry[], hanging: 0, hung: 0 };
  const publisher = await localPublisher((_, response) => {
    if (state.hanging > 0) {
      state.hanging -= 1;
      state.hung += 1;
      return; // never responds: the client dies first
    }
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rssOf(state.documents));
  });
  return { state, publisher };
};
type Site = Awaited<ReturnType<typeof startSite>>;

/**
 * Builds what `npm run deploy` would deploy: the template and archives, to be opened any number of times in sequence.
 * `feedsYml` receives the publisher's address.
 */
export const buildDeployment = async (feedsYml: (origin: string) => string) => {
  const dir = await mkdtemp(join(tmpdir(), 'deployed-'));
  const [site, template] = await Promise.all([startSite(), packagedTemplate('--stage', 'prod')]);
  const config = readConfig(feedsYml(site.publisher.origin), 'feeds.yml');
  await bundleAll(join(dir, 'dist'), packConfig(config));
  return {
    open: () => openDeployment({ dir, template: withOptions(template, false), site }),
    close: async () => {
      await site.publisher[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
};
export type DeploymentBuild = Awaited<ReturnType<typeof buildDeployment>>;

/**
 * Runs the build on 127.0.0.1: each archive, unpacked, in a process under AWS's runtime client with the template's
 * environment, with empty emulated tables, queues and secrets.
 */
const openDeployment = async ({ dir, template, site }: Built) => {
  Object.assign(site.state, { documents: [], hanging: 0, hung: 0 });
  const [dynamo, sqs, sandbox, secrets] = await Promise.all([
    startDynamo(),
    startSqs(),
    startSandbox({ token: 'a-token', brands: [144] }),
    startSecrets({ values: { dash: 'a-token', inbound: '{}' } }),
  ]);

  const known: Known = {
    FeedsTable: dynamo.tables.feeds,
    LedgerTable: dynamo.tables.ledger,
    FeedsQueue: sqs.queueUrls.feeds,
    DraftsQueue: sqs.queueUrls.drafts,
    DashToken: 'dash',
    InboundSecrets: 'inbound',
    Alarms: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    'AWS::StackName': 'rss-drafts-prod',
  };
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    DASH_URL: sandbox.url,
  };
  const running = new Map<string, LambdaProcess>();

  /** Starts a new process of a function; `timeoutMs` replaces the template's time-out. */
  const start = async (id: string, timeoutMs?: number): Promise<LambdaProcess> => {
    const { Properties } = template.Resources[id] as Resource;
    const { Environment, Timeout } = Properties as FunctionProperties;
    const given = Object.entries(Environment.Variables)
      .filter(([, value]) => typeof value === 'string' || value.Ref !== 'AWS::NoValue')
      .map(([name, value]) => [name, resolved(value, known)]);
    const task = join(dir, 'tasks', `${id}-${running.size}-${Math.random()}`);
    await unzip(join(dir, 'dist', `${archiveOf(id)}.zip`), task);
    const lambda = await startLambda({
      name: id,
      dir: task,
      env: { ...Object.fromEntries(given), ...endpoints },
      timeoutMs: timeoutMs ?? Timeout * 1000,
    });
    running.set(id, lambda);
    await lambda.ready;
    return lambda;
  };
  const functionOf = async (id: string) => running.get(id) ?? start(id);
  const invoke = async (id: string, event: unknown): Promise<unknown> => {
    const outcome = await (await functionOf(id)).invoke(event);
    if ('error' in outcome) throw new Error(outcome.error.errorMessage);
    return outcome.answer;
  };
  /** Kills a function as Lambda does when it is out of time or memory. */
  const kill = async (id: string): Promise<void> => {
    const lambda = running.get(id);
    running.delete(id);
    await lambda?.stop();
  };

  const client = new SQSClient({ endpoint: sqs.endpoint, ...ourAccess() });
  const faults: string[] = [];
  const mappings = ofType(template, 'AWS::Lambda::EventSourceMapping').map(async ([, { Properties }]) => {
    const { EventSourceArn, FunctionName, BatchSize } = Properties as MappingProperties;
    const [queue] = EventSourceArn['Fn::GetAtt'];
    const [fn] = FunctionName['Fn::GetAtt'];
    const run = (event: unknown) => invoke(fn, event);
    return {
      fn,
      run,
      batchSize: BatchSize,
      concurrency: 1,
      queue: await openQueue(client, known[queue] ?? ''),
    };
  });
  const pump = startPump({
    mappings: await Promise.all(mappings),
    now: Date.now,
    onFault: ({ fn }) => faults.push(fn),
  });
  const tables = new DynamoDBClient({ endpoint: dynamo.endpoint, ...ourAccess() });
  const ledger = dynamoLedger({ client: tables, table: dynamo.tables.ledger });
  const rows = async () => {
    const found: EntryRow[] = [];
    for await (const row of ledger.all()) found.push(row);
    return found;
  };
  let minutes = Math.floor(Date.now() / 60_000) - 30; // a tick with a future time would be treated as now

  return {
    sandbox,
    faults,
    ledger,
    rows,
    start,
    kill,
    publish: (entries: Entry[]) => {
      site.state.documents = entries;
    },
    hangFeeds: (requests: number) => {
      site.state.hanging = requests;
    },
    hasHung: () => site.state.hung > 0,
    /** Runs the schedule's next tick and everything it causes. */
    tick: async () => {
      minutes += 1;
      await invoke('PollFeedsLambdaFunction', { scheduledTime: new Date(minutes * 60_000).toISOString() });
    },
    untilIdle: pump.untilIdle,
    /** Makes every waiting row due and every lease expired. */
    letTimePass: async () => {
      for (const row of await rows()) {
        const past = (at: number | null) => (at === null ? null : 1);
        await ledger.replace({
          ...row,
          rev: row.rev + 1,
          dueAt: 1,
          wakeAt: past(row.wakeAt),
          leaseUntil: past(row.leaseUntil),
        });
      }
    },
    close: async () => {
      for (const id of [...running.keys()]) await kill(id);
      await pump.close(0);
      client.destroy();
      tables.destroy();
      await Promise.all([dynamo.close(), sqs.close(), sandbox.close(), secrets.close()]);
      await rm(join(dir, 'tasks'), { recursive: true, force: true });
    },
  };
};
export type Deployment = Awaited<ReturnType<typeof openDeployment>>;
