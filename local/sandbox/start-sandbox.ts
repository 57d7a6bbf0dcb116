import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { newKey } from '../embedded/access.ts';
import { guard, keyIn } from '../embedded/guard.ts';
import { control } from './control.ts';
import { type ApiRequest, endpoints, purposeOf } from './endpoints.ts';
import { type FaultInput, faultQueue } from './faults.ts';
import { type MediumFields, openLibrary } from './library.ts';
import { misbehave, rateIn } from './misbehave.ts';
import { type KeptPost, postShelf } from './post-shelf.ts';
import { type RateState, rateWindow } from './rate-window.ts';
import { type ReceivedRequest, requestLog } from './request-log.ts';
import { refusal, type SandboxResponse } from './response.ts';

export type SandboxOptions = {
  /** 0 or omitted: a free one. */
  port?: number;
  /** The accepted token; `setTokens` changes it. */
  token: string;
  /** The brands that the token may use; others get a 403. */
  brands: readonly number[];
  /** Epoch milliseconds, used for rate windows, `Date` and timestamps. */
  clock?: () => number;
  /** Requests per minute. */
  rateLimit?: number;
  firstId?: number;
  /** IDs of the campaigns of each brand. */
  campaigns?: Readonly<Record<number, readonly number[]>>;
  /** What a PATCH does with fields that it does not name: keeps them (the default), or removes them. */
  patches?: 'fields' | 'whole post';
  /** Stores the posts across restarts. */
  stateFile?: string;
};

export type Sandbox = {
  /** Contains this start's key as the first path segment, without which every request is refused. */
  url: string;
  posts: () => KeptPost[];
  requests: () => ReceivedRequest[];
  fail: (fault: FaultInput) => void;
  clearFaults: () => void;
  setTokens: (tokens: readonly string[]) => void;
  /** Sets media of the Library by ID; null: it does not exist. */
  setMedia: (media: Readonly<Record<string, MediumFields | null>>) => void;
  /** Deletes posts, requests and failures. */
  reset: () => void;
  close: () => Promise<void>;
};

const jsonOf = (raw: string): unknown => {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
};

const brandOf = (body: unknown): number | null => {
  const brand = (body as { brand_id?: unknown } | null | undefined)?.brand_id;
  return typeof brand === 'number' ? brand : null;
};

/** `root`: the path before the API's. */
const readRequest = async (request: IncomingMessage, root: string): Promise<ApiRequest> => {
  const raw = await text(request);
  const url = new URL(request.url?.slice(root.length) || '/', 'http://127.0.0.1');
  return { method: request.method ?? 'GET', url, raw, body: jsonOf(raw) };
};

const received = ({ method, url, raw, body }: ApiRequest, at: number): ReceivedRequest => ({
  at,
  method,
  path: url.pathname + url.search,
  brand: brandOf(body),
  raw,
  fault: null,
  status: null,
});

const write = (response: ServerResponse, content: SandboxResponse, headers: Record<string, string>): void => {
  response.sendDate = false;
  response.writeHead(content.status, { 'content-type': content.type ?? 'application/json', ...headers });
  response.end(content.type ? String(content.body) : JSON.stringify(content.body));
};

const rateHeaders = (rate: RateState | null, now: number): Record<string, string> => ({
  date: new Date(now).toUTCString(),
  ...(rate && {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-reset': String(Math.ceil(rate.resetAt / 1_000)),
  }),
});

/**
 * A stand-in for Dash Social on 127.0.0.1, written from the API reference. Rejects with the system's error
 * (`EADDRINUSE`) when the port is taken.
 *
 * Its own API, for other processes: `POST /_sandbox/faults` (a fault or a list of them), `DELETE` the same; `GET` and
 * `DELETE /_sandbox/posts`; `GET /_sandbox/requests`; `PUT /_sandbox/tokens` (a list of strings);
 * `PUT /_sandbox/media` (media of the Library by ID; null: it does not exist).
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? Date.now;
  const shelf = postShelf(options.stateFile, options.firstId ?? 1_001);
  const faults = faultQueue();
  const log = requestLog();
  const library = openLibrary(options.campaigns);
  const countRequest = rateWindow(options.rateLimit ?? 1_000, clock);
  const stopped = new AbortController();
  let tokens: readonly string[] = [options.token];
  const setTokens = (next: readonly string[]) => {
    tokens = next;
  };
  const root = `/${newKey()}`;
  let url = '';
  const { brands, patches = 'fields' } = options;
  const api = endpoints({ shelf, library, brands, clock, patches, baseUrl: () => url });
  const ownCall = control({ shelf, faults, log, library, setTokens });

  const respondTo = (
    authorization: string | undefined,
    call: ApiRequest,
    rate: RateState,
  ): SandboxResponse => {
    if (rate.exceeded) return refusal(429, 'Too many requests.');
    const allowed = tokens.some((token) => authorization === `Bearer ${token}`);
    return allowed ? api(call) : refusal(401, 'The token is not valid.');
  };

  const serveApi = async (request: IncomingMessage, response: ServerResponse, call: ApiRequest) => {
    const rate = countRequest();
    const seen = log.add(received(call, clock()));
    const fault = faults.take({ on: purposeOf(call), brand: seen.brand });
    seen.fault = fault?.kind ?? null;
    const respondWell = () => respondTo(request.headers.authorization, call, rate);
    const result = fault ? await misbehave(fault, respondWell, stopped.signal) : respondWell();
    if (result === 'hang') return;
    if (result === 'drop') {
      request.socket.destroy();
      return;
    }
    seen.status = result.status;
    write(response, result, rateHeaders(rateIn(fault, rate, clock()), clock()));
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await readRequest(request, root);
    const [, name] = /^\/_sandbox\/(\w+)$/.exec(call.url.pathname) ?? [];
    if (name) write(response, ownCall(call.method, name, call.body), {});
    else await serveApi(request, response, call);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (v.isValiError(error)) write(response, refusal(400, error.message), {});
      else request.socket.destroy();
    });
  });
  guard(server, { key: root.slice(1), keyOf: keyIn.path });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}`;

  return {
    url,
    posts: shelf.all,
    requests: log.all,
    fail: faults.add,
    clearFaults: faults.clear,
    setTokens,
    setMedia: library.setMedia,
    reset: () => {
      shelf.clear();
      faults.clear();
      library.clear();
      log.clear();
    },
    close: async () => {
      stopped.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
