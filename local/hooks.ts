import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { HttpAnswer } from '../lib/lambda/http-answer.ts';
import type { Functions } from './functions.ts';
import { httpEvent } from './http-event.ts';
import type { Answer } from './site.ts';

/** As API Gateway refuses what is larger: 10 MB. The function itself takes far less. */
const maxBytes = 10_000_000;

const isTooLarge = ({ headers }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) > maxBytes;

const flat = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));

const eventOf = async (request: IncomingMessage) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const event = httpEvent({
    method: request.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: flat(request.headers),
    bytes: await buffer(request),
  });
  return { ...event, headers: flat(request.headers) };
};

const serve = async (
  functions: Pick<Functions, 'call'>,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (isTooLarge(request)) return response.writeHead(413, { connection: 'close' }).end();
  const answer = (await functions.call('receiveWebhook', await eventOf(request))) as HttpAnswer;
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return response.writeHead(answer.statusCode, Object.fromEntries(headers)).end(answer.body);
};

/** Does for `/hooks/…` what the HTTP API does on AWS: hands each request to receive-webhook, and its answer back. */
export const answerHooks =
  (functions: Pick<Functions, 'call'>): Answer =>
  (request, response) => {
    if (!request.url?.startsWith('/hooks/')) return false;
    serve(functions, request, response).catch(() => response.writeHead(500).end());
    return true;
  };
