import { mkdirSync } from 'node:fs';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ownerOnlyFolder } from '../atomic-file.ts';
import { requirePeers } from '../peers.ts';
import { ourAccess } from './access.ts';
import { readResources } from './cloudformation.ts';
import { guard, keyIn } from './guard.ts';
import { host, portError } from './listen.ts';

type Properties = Record<string, unknown> & {
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
};

/** Logical ID → properties, dead-letter queues first, because the others refer to them. Their names are set here. */
const queuesIn = (files: readonly string[]): [id: string, properties: Properties][] =>
  files
    .flatMap((file) => [...readResources(file, 'AWS::SQS::Queue')])
    .map(([id, { Properties = {} }]): [string, Properties] => {
      const { QueueName: _, RedriveAllowPolicy: __, ...properties } = Properties as Properties;
      return [id, properties];
    })
    .sort(([, a], [, b]) => Number('RedrivePolicy' in a) - Number('RedrivePolicy' in b));

const attributesOf = (properties: Properties, arns: ReadonlyMap<string, string>): Record<string, string> => {
  const { RedrivePolicy, ...plain } = properties;
  const attributes = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, String(value)]));
  if (!RedrivePolicy) return attributes;
  const [deadLetters = ''] = RedrivePolicy.deadLetterTargetArn.split('.');
  const policy = { ...RedrivePolicy, deadLetterTargetArn: arns.get(deadLetters) };
  return { ...attributes, RedrivePolicy: JSON.stringify(policy) };
};

type QueueUrls = {
  feeds: string;
  feedsDeadLetters: string;
  drafts: string;
  draftsDeadLetters: string;
  enrich: string;
};

/** Creates the queues of files in `infra/`, named after their logical IDs and `suffix`; returns their URLs by ID. */
const createQueuesOf = async (files: readonly string[], endpoint: string, suffix: string) => {
  const client = new SQSClient({ endpoint, ...ourAccess() });
  const arns = new Map<string, string>();
  // Not the URL that the emulator returns, because its host does not resolve.
  const urlOf = (id: string): string => `${endpoint}/000000000000/${id}${suffix}`;
  for (const [id, properties] of queuesIn(files)) {
    const QueueName = `${id}${suffix}`;
    const QueueUrl = urlOf(id);
    await client.send(new CreateQueueCommand({ QueueName, Attributes: attributesOf(properties, arns) }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    arns.set(id, Attributes?.QueueArn ?? '');
  }
  client.destroy();
  return urlOf;
};

/** Creates the queues of `infra/queues.yml` and `infra/enrich.yml`. */
export const createQueues = async (endpoint: string, suffix = ''): Promise<QueueUrls> => {
  const urlOf = await createQueuesOf(['queues.yml', 'enrich.yml'], endpoint, suffix);
  return {
    feeds: urlOf('FeedsQueue'),
    feedsDeadLetters: urlOf('FeedsDeadLetters'),
    drafts: urlOf('DraftsQueue'),
    draftsDeadLetters: urlOf('DraftsDeadLetters'),
    enrich: urlOf('EnrichQueue'),
  };
};

/** The queue of events to deliver, and its dead letters. */
type DeliveryQueueUrls = { queue: string; deadLetters: string };

/** Creates the queues of `infra/events.yml`. */
export const createDeliveryQueues = async (endpoint: string, suffix = ''): Promise<DeliveryQueueUrls> => {
  const urlOf = await createQueuesOf(['events.yml'], endpoint, suffix);
  return { queue: urlOf('DeliveriesQueue'), deadLetters: urlOf('DeliveriesDeadLetters') };
};

export type EmbeddedSqs = { endpoint: string; queueUrls: QueueUrls; close: () => Promise<void> };

/** What fauxqs stores its queues with; its own server uses it, but listens on every interface. */
type Persistence = { loadSqsQueues: (store: unknown) => void; close: () => void };

/** A store of queues in a folder, each change of which is on disk when it is answered. */
const storeIn = async (dataDir: string) => {
  const part = (path: string) => import(new URL(path, import.meta.resolve('fauxqs')).href);
  const [{ PersistenceManager }, { SqsStore }] = await Promise.all([
    part('./persistence.js'),
    part('./sqs/sqsStore.js'),
  ]);
  mkdirSync(dataDir, ownerOnlyFolder);
  const persistence: Persistence = new PersistenceManager(dataDir);
  const sqsStore = new SqsStore();
  persistence.loadSqsQueues(sqsStore);
  sqsStore.persistence = persistence;
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
  return { sqsStore, close: () => persistence.close() };
};

type EmbeddedDeliveries = {
  endpoint: string;
  queueUrls: DeliveryQueueUrls;
  close: () => Promise<void>;
};

/**
 * SQS on 127.0.0.1 with the queues of `infra/events.yml`, in a folder: an event that waits for its next try, and one
 * that was given up, outlast the process.
 */
export const startDeliveries = async (dataDir: string): Promise<EmbeddedDeliveries> => {
  const { buildApp } = await import('fauxqs');
  const { sqsStore, close: closeStore } = await storeIn(dataDir);
  const app = buildApp({ logger: false, stores: { sqsStore } as never }); // the others stay in memory
  guard(app.server, { key: ourAccess().credentials.accessKeyId, keyOf: keyIn.signature });
  const close = async (): Promise<void> => {
    app.server.closeAllConnections();
    await app.close();
    closeStore();
  };
  try {
    const endpoint = await app.listen({ host, port: 0 });
    return { endpoint, queueUrls: await createDeliveryQueues(endpoint), close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** SQS on 127.0.0.1, in memory, with the queues of `infra/queues.yml`. Throws config `local.port-busy`. */
export const startSqs = async ({ port = 0 }: { port?: number } = {}): Promise<EmbeddedSqs> => {
  requirePeers('emulators');
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  guard(app.server, { key: ourAccess().credentials.accessKeyId, keyOf: keyIn.signature });
  const close = async (): Promise<void> => {
    app.server.closeAllConnections(); // a long poll would keep it open for twenty seconds
    await app.close();
  };
  try {
    const endpoint = await app.listen({ host, port });
    return { endpoint, queueUrls: await createQueues(endpoint), close };
  } catch (error) {
    await close();
    throw portError('SQS', port, error);
  }
};
