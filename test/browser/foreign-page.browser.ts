import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Closers, closers } from '../../local/closers.ts';
import { closeServer, listen } from '../../local/embedded/listen.ts';
import { parseOptions } from '../../local/options.ts';
import { openStack, type Stack } from '../../local/stack.ts';
import { startBrowser } from '../support/browser.ts';

// Tests what a page of another origin can do to a running `npm start`, in a real browser.

type Running = Record<string, string> & { site: string };

let opened: Closers;
let stack: Stack;
let running: Running;
let browser: Browser;
let page: Page;

const openPage = async (): Promise<Page> => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Elsewhere</title>');
  });
  const url = await listen(server, 'a foreign page', 0);
  opened.keep({ close: () => closeServer(server) });
  browser = opened.keep(await startBrowser());
  const visited = await browser.newPage();
  await visited.goto(url.replace('127.0.0.1', 'localhost'));
  return visited;
};

beforeAll(async () => {
  opened = closers();
  const data = await mkdtemp(join(tmpdir(), 'foreign-page-'));
  opened.keep({ close: () => rm(data, { recursive: true }) });
  stack = opened.keep(await openStack(parseOptions(['--data', data, '--port', '0'], {}), () => {}));
  running = JSON.parse(await readFile(join(data, 'running.json'), 'utf8'));
  page = await openPage();
});
afterAll(() => opened.closeAll());

type Sent = { url: string; method: string; headers?: Record<string, string>; body?: string; mode?: string };

/** What the page receives: the response's text, or the browser's error. */
const fromPage = (sent: Sent): Promise<string> =>
  page.evaluate(
    async ({ url, ...init }) =>
      fetch(url, init as RequestInit).then(
        async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
        (error) => String(error),
      ),
    sent,
  );

const signature = (key: string) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00`;

/** A request as an SDK in the page would send it. The key is secret, but given to the page here. */
const aws = (url: string, target: string, body: object, key: string): Sent => ({
  url,
  method: 'POST',
  headers: {
    'x-amz-target': target,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20260101T000000Z',
    authorization: signature(key),
  },
  body: JSON.stringify(body),
});

const forged = {
  TableName: 'LedgerTable',
  Item: { key: { S: 'written-by-a-page' }, type: { S: 'pointer' }, owner: { S: 'x' }, rev: { N: '1' } },
};

describe.each([
  ['a guessed key', () => 'local'],
  ['the right key', () => running.AWS_ACCESS_KEY_ID ?? ''],
])('a page of another origin, with %s', (_, key) => {
  it('neither reads nor writes the ledger', async () => {
    const url = running.AWS_ENDPOINT_URL_DYNAMODB ?? '';

    const written = await fromPage(aws(url, 'DynamoDB_20120810.PutItem', forged, key()));
    const read = await fromPage(aws(url, 'DynamoDB_20120810.Scan', { TableName: 'LedgerTable' }, key()));

    expect([written, read]).toEqual([
      expect.stringContaining('Failed to fetch'),
      expect.stringContaining('Failed to fetch'),
    ]);
    expect(await stack.ledger.read('written-by-a-page')).toBeNull();
  });

  it('reads no secret', async () => {
    const url = running.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '';
    const asked = { SecretId: running.DASH_TOKEN_SECRET_ID };

    expect(await fromPage(aws(url, 'secretsmanager.GetSecretValue', asked, key()))).toContain(
      'Failed to fetch',
    );
  });
});

it('a page of another origin cannot send simple requests that take effect', async () => {
  const simple = { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' } };
  const faults = `${running.DASH_URL}/_sandbox/faults`;

  await fromPage({ ...simple, url: faults, body: '{"kind":"error-500"}' });
  await fromPage({ ...simple, url: running.AWS_ENDPOINT_URL_DYNAMODB ?? '', body: JSON.stringify(forged) });

  const answer = await fetch(`${running.DASH_URL}/api/self`, {
    headers: { authorization: 'Bearer for-the-sandbox-only' },
  });
  expect(answer.status).toBe(200);
  expect(await stack.ledger.read('written-by-a-page')).toBeNull();
});

it('a page of another origin cannot load the sandbox as a script', async () => {
  const seen = await page.evaluate(`new Promise((done) => {
    const script = document.createElement('script');
    script.addEventListener('load', () => done('loaded'));
    script.addEventListener('error', () => done('refused'));
    script.src = '${running.DASH_URL}/_sandbox/posts';
    document.head.append(script);
  })`);

  expect(seen).toBe('refused');
});
