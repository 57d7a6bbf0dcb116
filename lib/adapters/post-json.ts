import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError, misconfigured, retryable } from '../core/errors.ts';
import type { PostJson } from '../core/ports.ts';
import { addressGuard, type Guard, isAgentsRefusal } from './feeds/http/address-guard.ts';

type PostJsonOptions = {
  userAgent: string;
  /** Whether the addresses may be in a private network. */
  allowPrivate: boolean;
  /** For everything together. */
  timeoutMs?: number;
  /** How names are resolved; by the system by default. */
  lookup?: LookupFunction;
  /** Certificates (PEM) to trust instead of the well-known ones. */
  ca?: string;
};

const defaultTimeoutMs = 10_000;

const refused = (host: string): AppError =>
  misconfigured(
    'alert.refused-address',
    `${host} has an address that alerts are not sent to: private, reserved, or not http(s). If it is in your network, set alerts.allow_private: true`,
  );

/** The path of such an address is its password, so messages contain only the host. */
const parseUrl = (name: string, text: string): URL => {
  const url = URL.parse(text.trim());
  if (url) return url;
  throw misconfigured(
    'alert.no-address',
    `The secret ${name} is not a URL. Store the whole address, such as https://host/path`,
  );
};

const checked = (guard: Guard, url: URL): void => {
  try {
    guard.check(url);
  } catch {
    throw refused(url.host);
  }
};

const send = async (url: URL, body: string, guard: Guard, options: PostJsonOptions) => {
  const signal = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const request = (url.protocol === 'https:' ? https : http).request({
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': options.userAgent,
    },
    agent: guard.agentFor(url),
    lookup: guard.lookup,
    signal,
    ...(options.ca !== undefined && { ca: options.ca }),
  });
  request.on('error', () => {}); // `once` handles the first error; closing the connection may raise another
  request.end(body);
  const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
  response.destroy(); // only the status of the response is used
  return response.statusCode ?? 0;
};

const failure = (error: unknown, host: string): AppError => {
  if (isAgentsRefusal(error) || error instanceof AppError) return refused(host);
  const { name, code } = error as NodeJS.ErrnoException;
  return retryable('alert.unreachable', `${host} cannot be reached (${code ?? name})`);
};

/**
 * Posts JSON to an address from a secret, if it is allowed: never to a private address by default, never to the target
 * of a redirect. Throws AppError `alert.*`: config `no-address`, `refused-address` and `not-taken` (4xx and redirects),
 * retryable `unreachable` and `not-now` (429 and 5xx); none contains more of the address than its host.
 */
export const postJson = (options: PostJsonOptions): PostJson => {
  const { allowPrivate, lookup } = options;
  const guard = addressGuard({ allowPrivate, ...(lookup && { lookup }) });

  return async ({ name, url: text }, message) => {
    const url = parseUrl(name, text);
    checked(guard, url);
    const status = await send(url, JSON.stringify(message), guard, options).catch((error: unknown) => {
      throw failure(error, url.host);
    });
    if (status >= 200 && status < 300) return;
    const says = `${url.host} responded with ${status} to an alert`;
    if (status === 429 || status >= 500) throw retryable('alert.not-now', `${says}; it will be sent again`);
    throw misconfigured('alert.not-taken', `${says}: check the address stored as ${name}`);
  };
};
