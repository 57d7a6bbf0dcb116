import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { generatedFeed } from './generated-feed.ts';

// Runs in a process of its own, by in-child.ts.

type Document = { body: Buffer; etag: string };
const state = {
  documents: [] as Document[],
  validators: true,
  requests: 0,
  bytes: 0,
};

const documentOf = (text: string): Document => {
  const body = Buffer.from(text);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
};

const answer: http.RequestListener = (request, response) => {
  const document = state.documents[Number((request.url ?? '').slice(1))];
  state.requests += 1;
  if (!document) return response.writeHead(404).end();
  const headers = {
    'content-type': 'application/rss+xml',
    connection: 'close', // an hour lies between two polls of a feed: none finds a connection that is still open
    ...(state.validators && { etag: document.etag }),
  };
  if (state.validators && request.headers['if-none-match'] === document.etag)
    return response.writeHead(304, headers).end();
  state.bytes += document.body.length;
  return response.writeHead(200, { ...headers, 'content-length': document.body.length }).end(document.body);
};

const listen = async (): Promise<number> => {
  const server = http.createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Serves a number of feeds of about the given size, on several hosts; returns their addresses. */
export const serve = async (feeds: number, bytes: number, hosts: number): Promise<string[]> => {
  const text = generatedFeed(bytes);
  state.documents = Array.from({ length: feeds }, (_, n) =>
    documentOf(text.replaceAll('entry-', `feed-${n}-`).replaceAll('/news/', `/${n}/`)),
  );
  const ports = await Promise.all(Array.from({ length: hosts }, listen));
  return state.documents.map((_, n) => `http://127.0.0.1:${ports[n % hosts]}/${n}`);
};

/** Whether it sends and respects ETags; resets the counts. */
export const behave = (validators: boolean): void => {
  Object.assign(state, { validators, requests: 0, bytes: 0 });
};

/** Requests and bytes of bodies since the last call. */
export const counts = (): { requests: number; bytes: number } => {
  const { requests, bytes } = state;
  Object.assign(state, { requests: 0, bytes: 0 });
  return { requests, bytes };
};
