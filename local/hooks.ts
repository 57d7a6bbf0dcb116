import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpResponse } from '../lib/lambda/http-response.ts';
import type { Functions } from './functions.ts';
import { httpEvent } from './http-event.ts';
import type { Fault } from './pump.ts';
import type { Response } from './site.ts';

/** API Gateway's limit of 10 MB; the function itself accepts less. */
const maxBytes = 10_000_000;

/** Null if it is too large; the rest is not read. */
const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    left -= chunk.length;
    if (left < 0) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const flat = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));

const eventOf = (request: IncomingMessage, bytes: Buffer) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const event = httpEvent({
    method: request.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: flat(request.headers),
    bytes,
  });
  return { ...event, headers: flat(request.headers) };
};

const serve = async (
  functions: Pick<Functions, 'call'>,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const bytes = await readBody(request).catch(() => 'cut off' as const);
  if (bytes === 'cut off') return response.destroy(); // the client has left
  if (bytes === null) return response.writeHead(413, { connection: 'close' }).end();
  const result = (await functions.call('receiveWebhook', eventOf(request, bytes))) as HttpResponse;
  const headers = Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return response.writeHead(result.statusCode, Object.fromEntries(headers)).end(result.body);
};

/**
 * Does for `/hooks/…` what the HTTP API does on AWS: passes each request to receive-webhook and returns its response.
 * A failing function is reported to `onFault`, like those of queues.
 */
export const respondToHooks =
  (functions: Pick<Functions, 'call'>, onFault: (fault: Fault) => void): Response =>
  (request, response) => {
    if (!request.url?.startsWith('/hooks/')) return false;
    serve(functions, request, response).catch((error: Error) => {
      onFault({ fn: 'receiveWebhook', messages: 0, error });
      response.writeHead(500).end();
    });
    return true;
  };
