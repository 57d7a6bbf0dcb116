import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Compares in constant time for texts of one length. */
export const sameText = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const names = ['127.0.0.1', 'localhost'];

/**
 * Whether a request names this machine as its host. A page whose name was made to lead here (DNS rebinding) sends
 * that name.
 */
export const isOwnHost = ({ headers: { host = '' }, socket }: IncomingMessage): boolean =>
  names.some((name) => host.toLowerCase() === `${name}:${socket.localPort}`);

/**
 * Whether a web page is behind a request. Browsers send `Origin` with every request that can change something, and
 * `Sec-Fetch-Site` with all of them (https://www.w3.org/TR/fetch-metadata/); no SDK and no curl sends either.
 */
const isFromPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined ||
  ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']).toLowerCase());

/** The access key id in the credential of a signature of AWS (Signature Version 4); null when there is none. */
const accessKeyIdOf = ({ headers }: IncomingMessage): string | null =>
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? null;

/** The first segment of the path. */
const firstSegmentOf = ({ url = '' }: IncomingMessage): string | null => /^\/([^/?]+)/.exec(url)?.[1] ?? null;

/** Where a request has to carry the key. */
export const keyIn = { signature: accessKeyIdOf, path: firstSegmentOf } as const;

type Guarded = { key: string; keyOf: (request: IncomingMessage) => string | null };

const refusalOf = (request: IncomingMessage, { key, keyOf }: Guarded): string | null => {
  if (!isOwnHost(request)) return 'it answers under no name but 127.0.0.1 and localhost';
  if (isFromPage(request)) return 'it answers no web page';
  if (!sameText(keyOf(request) ?? '', key)) return 'the key of this start is missing; it is in running.json';
  return null;
};

/** In the form of an AWS error, which every SDK shows as it is. */
const refuse = (request: IncomingMessage, response: ServerResponse, why: string): void => {
  const body = { __type: 'UnrecognizedClientException', message: `Refused: ${why}.` };
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
  request.resume();
};

/** Counts what has been asked of a server and is not answered yet. */
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
  /** Resolves once every request has been answered, those included whose client has gone. */
  allAnswered: () => Promise<void>;
};

/**
 * Puts a guard in front of what a server answers: without the key, from a web page or under another host's name a
 * request gets a 403 and reaches nothing. Without it any page that is open in a browser on this machine could read
 * and write what is embedded.
 */
export const guard = (server: Server, guarded: Guarded): Guard => {
  const { count, allAnswered } = countUnanswered();
  const answers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const why = refusalOf(request, guarded);
    if (why !== null) return refuse(request, response, why);
    count(response);
    for (const answer of answers) answer.call(server, request, response);
  });
  return { allAnswered };
};
