import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Compares texts of equal length in constant time. */
export const sameText = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const names = ['127.0.0.1', 'localhost'];

/**
 * Whether a request names this machine as its host. A page whose name resolves to this machine (DNS rebinding) sends
 * that name.
 */
export const isOwnHost = ({ headers: { host = '' }, socket }: IncomingMessage): boolean =>
  names.some((name) => host.toLowerCase() === `${name}:${socket.localPort}`);

/**
 * Whether a request comes from a web page. Browsers send `Origin` with every request that can change something, and
 * `Sec-Fetch-Site` with all of them (https://www.w3.org/TR/fetch-metadata/); SDKs and curl send neither.
 */
const isFromPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined ||
  ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']).toLowerCase());

/** The access key ID in an AWS signature (Signature Version 4); null if there is none. */
const accessKeyIdOf = ({ headers }: IncomingMessage): string | null =>
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? null;

/** The first segment of the path. */
const firstSegmentOf = ({ url = '' }: IncomingMessage): string | null => /^\/([^/?]+)/.exec(url)?.[1] ?? null;

/** Where a request must contain the key. */
export const keyIn = { signature: accessKeyIdOf, path: firstSegmentOf } as const;

type Guarded = { key: string; keyOf: (request: IncomingMessage) => string | null };

const refusalOf = (request: IncomingMessage, { key, keyOf }: Guarded): string | null => {
  if (!isOwnHost(request)) return 'only requests to 127.0.0.1 and localhost are accepted';
  if (isFromPage(request)) return 'requests from web pages are not accepted';
  if (!sameText(keyOf(request) ?? '', key)) return 'the key is missing or wrong; it is in running.json';
  return null;
};

/** Refuses a request with an AWS error, whose message every SDK shows. */
const refuse = (request: IncomingMessage, response: ServerResponse, why: string): void => {
  const body = { __type: 'UnrecognizedClientException', message: `Refused: ${why}.` };
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
  request.resume();
};

/** Counts requests that have no response yet. */
const countUnanswered = () => {
  let unanswered = 0;
  let onAllAnswered = () => {};
  const count = (response: ServerResponse): void => {
    const { end } = response;
    unanswered += 1;
    response.end = ((...args: Parameters<typeof end>) => {
      response.end = end;
      unanswered -= 1;
      if (unanswered === 0) onAllAnswered();
      return response.end(...args);
    }) as typeof end;
  };
  const allAnswered = (): Promise<void> =>
    new Promise((resolve) => {
      if (unanswered === 0) resolve();
      else onAllAnswered = resolve;
    });
  return { count, allAnswered };
};

type Guard = {
  /** Resolves once every request has a response, including those whose client has left. */
  allAnswered: () => Promise<void>;
};

/**
 * Adds a guard to a server: a request without the key, from a web page or with another host name gets a 403 and
 * reaches nothing. Without it, any page open in a browser on this machine could read and write the emulators.
 */
export const guard = (server: Server, guarded: Guarded): Guard => {
  const { count, allAnswered } = countUnanswered();
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const why = refusalOf(request, guarded);
    if (why !== null) return refuse(request, response, why);
    count(response);
    for (const handler of handlers) handler.call(server, request, response);
  });
  return { allAnswered };
};
