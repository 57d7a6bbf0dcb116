import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '../core/errors.ts';
import { addressGuard, type Guard, isAgentsRefusal } from './feeds/http/address-guard.ts';

export type PostOptions = {
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

/** The outcome of a request: its status; `refused`: the address is not allowed; `unreachable`: why no response came. */
type PostOutcome =
  | { kind: 'responded'; status: number }
  | { kind: 'refused' }
  | { kind: 'unreachable'; why: string };

const defaultTimeoutMs = 10_000;

const unreached = (error: unknown): PostOutcome => {
  if (isAgentsRefusal(error) || error instanceof AppError) return { kind: 'refused' };
  const { name, code } = error as NodeJS.ErrnoException;
  return { kind: 'unreachable', why: code ?? name };
};

type Opened = { url: URL; body: string; headers: Record<string, string>; signal: AbortSignal };

/** Sends JSON text to an address through a guard, and returns the response, whose body is not read yet. */
export const openPost =
  (guard: Guard, { userAgent, ca }: Pick<PostOptions, 'userAgent' | 'ca'>) =>
  async ({ url, body, headers, signal }: Opened): Promise<IncomingMessage> => {
    const request = (url.protocol === 'https:' ? https : http).request({
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': userAgent,
      },
      agent: guard.agentFor(url),
      lookup: guard.lookup,
      signal,
      ...(ca !== undefined && { ca }),
    });
    request.on('error', () => {}); // `once` handles the first error; closing the connection may raise another
    request.end(body);
    const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
    return response;
  };

/**
 * Posts JSON text to an address, if it is allowed: never to a private address by default, never to the target of a
 * redirect. Only the status of the response is read. Never throws.
 */
export const guardedPost = ({ allowPrivate, lookup, ...options }: PostOptions) => {
  const guard = addressGuard({ allowPrivate, ...(lookup && { lookup }) });

  const send = async (url: URL, body: string, headers: Record<string, string>): Promise<number> => {
    const signal = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
    const response = await openPost(guard, options)({ url, body, headers, signal });
    response.destroy(); // only the status of the response is used
    return response.statusCode ?? 0;
  };

  return async (url: URL, body: string, headers: Record<string, string> = {}): Promise<PostOutcome> => {
    try {
      guard.check(url);
      return { kind: 'responded', status: await send(url, body, headers) };
    } catch (error) {
      return unreached(error);
    }
  };
};
