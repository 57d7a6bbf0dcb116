import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type EmbeddedDynamo, startDynamo } from '../../../local/embedded/dynamo.ts';
import { type EmbeddedSecrets, startSecrets } from '../../../local/embedded/secrets.ts';
import { type EmbeddedSqs, startSqs } from '../../../local/embedded/sqs.ts';
import { type Sandbox, startSandbox } from '../../../local/sandbox/start-sandbox.ts';

let dynamo: EmbeddedDynamo;
let sqs: EmbeddedSqs;
let secrets: EmbeddedSecrets;
let sandbox: Sandbox;

beforeAll(async () => {
  [dynamo, sqs, secrets, sandbox] = await Promise.all([
    startDynamo(),
    startSqs(),
    startSecrets({ values: { 'dash-token': 'the-live-token' } }),
    startSandbox({ token: 'a-token', brands: [144] }),
  ]);
});
afterAll(() => Promise.all([dynamo, sqs, secrets, sandbox].map((one) => one.close())));

type Headers = Record<string, string>;
type Asked = { url: string; method?: string; headers?: Headers; body?: string };

/** Sends a request as a browser or an attacker would, with any headers, including `Host`. */
const ask = ({ url, method = 'POST', headers = {}, body = '{}' }: Asked) =>
  new Promise<{ status: number; headers: object; body: string }>((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, async (response) => {
      const { statusCode: status = 0 } = response;
      resolve({ status, headers: response.headers, body: await text(response) });
    });
    sent.on('error', reject).end(method === 'GET' || method === 'OPTIONS' ? undefined : body);
  });

const signedBy = (key: string): Headers => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=00`,
  'x-amz-date': '20260101T000000Z',
});
const ours = () => signedBy(ourAccess().credentials.accessKeyId);

/** Each server, with a request that it accepts. */
const servers: Record<string, () => Required<Asked>> = {
  dynamodb: () => ({
    url: dynamo.endpoint,
    method: 'POST',
    headers: {
      ...ours(),
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: '{}',
  }),
  sqs: () => ({
    url: sqs.endpoint,
    method: 'POST',
    headers: {
      ...ours(),
      'x-amz-target': 'AmazonSQS.ListQueues',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: '{}',
  }),
  'secrets manager': () => ({
    url: secrets.endpoint,
    method: 'POST',
    headers: { ...ours(), 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: '{"SecretId":"dash-token"}',
  }),
  sandbox: () => ({
    url: `${sandbox.url}/_sandbox/faults`,
    method: 'POST',
    headers: {},
    body: '{"kind":"slow","ms":0,"times":1}',
  }),
};
const names = Object.keys(servers);
const requestTo = (name: string): Required<Asked> => (servers[name] as () => Required<Asked>)();

describe.each(names)('%s', (name) => {
  it('accepts a client with the key', async () => {
    expect(await ask(requestTo(name))).toMatchObject({ status: 200 });
  });

  it.each<[string, Headers]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:3000' }],
    ['a sandboxed frame or a file', { origin: 'null' }],
    ['itself', { origin: 'http://127.0.0.1' }],
    ['another site, without an Origin', { 'sec-fetch-site': 'cross-site' }],
    ['another port, without an Origin', { 'sec-fetch-site': 'same-site' }],
  ])('refuses a web page from %s, even with the key', async (_, headers) => {
    const asked = requestTo(name);

    const answer = await ask({ ...asked, headers: { ...asked.headers, ...headers } });

    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
    expect(answer.body).not.toContain('the-live-token');
  });

  it('refuses a web page’s preflight request', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };

    expect(await ask({ ...requestTo(name), method: 'OPTIONS', headers })).toMatchObject({ status: 403 });
  });

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1.evil.example:PORT',
    'evil.example:PORT',
  ])('refuses the host %s, even with the key', async (host) => {
    const asked = requestTo(name);
    const { port } = new URL(asked.url);

    const answer = await ask({
      ...asked,
      headers: { ...asked.headers, host: host.replace('PORT', port) },
    });

    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('the-live-token');
  });

  it('accepts the host name localhost', async () => {
    const asked = requestTo(name);
    const host = `localhost:${new URL(asked.url).port}`;

    expect(await ask({ ...asked, headers: { ...asked.headers, host } })).toMatchObject({ status: 200 });
  });
});

describe('without the key', () => {
  it.each(names.filter((name) => name !== 'sandbox'))('%s refuses every signature', async (name) => {
    const { headers, ...asked } = requestTo(name);
    const { authorization: _, ...unsigned } = headers;
    const { accessKeyId } = ourAccess().credentials;
    const guesses: Headers[] = [
      {},
      signedBy('local'),
      signedBy(''),
      signedBy(accessKeyId.slice(1)),
      signedBy(`${accessKeyId}0`),
      { authorization: `Bearer ${accessKeyId}` },
      { authorization: `Credential=${accessKeyId}/` },
    ];

    const answers = await Promise.all(
      guesses.map((guess) => ask({ ...asked, headers: { ...unsigned, ...guess } })),
    );

    expect(answers.map(({ status }) => status)).toEqual(guesses.map(() => 403));
  });

  it('the sandbox refuses every path', async () => {
    const { origin, pathname } = new URL(sandbox.url);
    const paths = [
      '/_sandbox/faults',
      '/_sandbox/posts',
      '/api/self',
      '/',
      `${pathname.slice(0, -1)}/_sandbox/faults`,
      `/x${pathname}/_sandbox/faults`,
      `/${pathname}/_sandbox/faults`,
      `/?${pathname}/_sandbox/faults`,
    ];

    const answers = await Promise.all(paths.map((path) => ask({ url: `${origin}${path}` })));

    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 403));
    expect(await ask({ url: `${sandbox.url}/_sandbox/posts`, method: 'GET' })).toMatchObject({ body: '[]' });
  });

  it('an SDK client learns which file holds the key', async () => {
    const stranger = new DynamoDBClient({
      endpoint: dynamo.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });

    const scan = stranger.send(new ScanCommand({ TableName: dynamo.tables.ledger }));

    await expect(scan).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: expect.stringContaining('running.json'),
    });
    stranger.destroy();
  });

  it('another protocol on the same port is refused as well', async () => {
    const stranger = new SNSClient({
      endpoint: sqs.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });

    const subscribing = stranger.send(
      new SubscribeCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:x', Protocol: 'https' }),
    );

    await expect(subscribing).rejects.toThrow();
    stranger.destroy();
  });
});
