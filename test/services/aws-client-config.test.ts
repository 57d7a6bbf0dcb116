import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import { responseMarginMs } from '../../lib/lambda/http-handler.ts';
import { clientsBy, clientTimeouts, shortTimeouts } from '../../lib/services/aws-client-config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { listen } from '../../local/embedded/listen.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A ledger whose table does not respond to the first requests. */
const hangingLedger = async (hanging: number) => {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked += 1;
      if (asked <= hanging) return;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    });
  });
  const client = new DynamoDBClient({
    ...shortTimeouts,
    endpoint: await listen(server, 'table', 0),
    ...ourAccess(),
  });
  closers.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return dynamoLedger({ client, table: 'ledger' });
};

const responseMs = 10_000 - responseMarginMs;

describe('a client with short timeouts', () => {
  it('responds well within the limit when one request hangs', async () => {
    const ledger = await hangingLedger(1);
    const started = performance.now();

    expect(await ledger.read('key')).toBeNull();

    expect(performance.now() - started).toBeLessThan(responseMs / 2);
  });

  it('gives up within the limit when every request hangs', async () => {
    const ledger = await hangingLedger(Number.POSITIVE_INFINITY);
    const started = performance.now();

    await expect(ledger.read('key')).rejects.toMatchObject({ kind: 'retryable', code: 'store.unreachable' });

    expect(performance.now() - started).toBeLessThan(responseMs);
  });
});

it('creates one client per timeout setting', () => {
  const made: unknown[] = [];
  const clients = clientsBy((wanted) => made.push(wanted));

  expect([clients(), clients(shortTimeouts), clients(), clients(shortTimeouts)]).toEqual([1, 2, 1, 2]);
  expect(made).toEqual([clientTimeouts, shortTimeouts]);
});
