import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type IamGuard = {
  /** The address to use instead of `upstream`. */
  endpoint: (upstream: string) => Promise<string>;
  /** Sets the allowed actions and resets the recorded ones; a right is written `FeedsTable: dynamodb:GetItem`. */
  allow: (rights: string[]) => void;
  /** The requested actions since then, allowed or refused, without duplicates. */
  asked: () => string[];
  /** The refused actions since then. */
  refused: () => string[];
  /** Loses the responses of the next `count` requests after they were executed. */
  loseResponses: (count: number) => void;
  close: () => Promise<void>;
};

type Body = {
  TableName?: string;
  RequestItems?: Record<string, unknown>;
  IndexName?: string;
  QueueUrl?: string;
  SecretId?: string;
  TopicArn?: string;
  Entries?: { EventBusName?: string }[];
};

// Batches need the same permission as single operations.
const actions: Record<string, string> = { 'sqs:SendMessageBatch': 'sqs:SendMessage' };
const services: Record<string, string> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
};
const secrets: Record<string, string> = {
  'dash-token': 'DashToken',
  inbound: 'InboundSecrets',
  console: 'ConsoleSecret',
};

const resourceOf = ({ RequestItems, ...body }: Body): string => {
  if (body.Entries?.[0]?.EventBusName) return 'EventBus';
  const { TableName = Object.keys(RequestItems ?? {})[0], IndexName, QueueUrl, SecretId, TopicArn } = body;
  const name = QueueUrl?.split('/') ?? TopicArn?.split(':');
  const id = TableName?.replace(/-\d+$/, '') ?? name?.at(-1) ?? secrets[SecretId ?? ''];
  return IndexName ? `\${${id}.Arn}/index/${IndexName}` : String(id);
};

/** SNS uses form-encoded requests, unlike the other services. */
const ofForm = (form: string): string => {
  const { Action, ...body } = Object.fromEntries(new URLSearchParams(form));
  return `${resourceOf(body)}: sns:${Action}`;
};

/** Lambda's requests have their action in the path. */
const isInvocation = (url = ''): boolean => /^\/2015-03-31\/functions\/[^/]+\/invocations$/.test(url);

const rightFor = ({ url, headers }: IncomingMessage, text: string): string => {
  if (isInvocation(url)) return 'hooks: lambda:InvokeFunction';
  const target = headers['x-amz-target']?.toString();
  if (target === undefined) return ofForm(text);
  const body: Body = JSON.parse(text);
  const [service = '', operation] = target.split('.');
  const action = `${services[service] ?? service}:${operation}`;
  return `${resourceOf(body)}: ${actions[action] ?? action}`;
};

const forward = (upstream: string, path: string, headers: IncomingHttpHeaders, body: string) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const sent = request(
      new URL(path, upstream),
      { method: 'POST', headers: { ...headers, host: new URL(upstream).host } },
      async (response) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }),
    );
    sent.on('error', reject).end(body);
  });

const denial = (right: string) =>
  JSON.stringify({ __type: 'AccessDeniedException', message: `not authorized to perform ${right}` });

/** A proxy for the emulated services that refuses what a role does not allow, as IAM does. */
export const iamGuard = (): IamGuard => {
  const servers: Server[] = [];
  let allowed = new Set<string>();
  let refused: string[] = [];
  let asked = new Set<string>();
  let toLose = 0;

  const guardOf = (upstream: string) =>
    createServer(async (incoming, response) => {
      const body = await text(incoming);
      const right = rightFor(incoming, body);
      asked.add(right);
      if (!allowed.has(right)) {
        refused.push(right);
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(denial(right));
        return;
      }
      const answer = await forward(upstream, incoming.url ?? '/', incoming.headers, body);
      if (toLose > 0) {
        toLose -= 1;
        response.destroy();
        return;
      }
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });

  return {
    endpoint: async (upstream) => {
      const server = guardOf(upstream);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    allow: (rights) => {
      allowed = new Set(rights);
      refused = [];
      asked = new Set();
    },
    asked: () => [...asked].toSorted(),
    loseResponses: (count) => {
      toLose = count;
    },
    refused: () => refused,
    close: async () => {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
};
