import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { type Answer, proxyPage, refusal } from './answer.ts';
import { type ApiRequest, endpoints, purposeOf } from './endpoints.ts';
import { Fault, type FaultInput, faultQueue } from './faults.ts';
import { type KeptPost, postShelf } from './post-shelf.ts';
import { type RateState, rateWindow } from './rate-window.ts';

export type SandboxOptions = {
  /** 0 or left out: a free one. */
  port?: number;
  /** The one that works; `setTokens` changes it. */
  token: string;
  /** The brands the token may use; any other is a 403. */
  brands: readonly number[];
  /** Epoch milliseconds; what rate windows, `Date` and time stamps go by. */
  clock?: () => number;
  /** Requests a minute. */
  rateLimit?: number;
  firstId?: number;
  /** Keeps the posts over a restart. */
  stateFile?: string;
};

/** One request as it came, and how it ended: `status` is null where no answer was given. */
export type ReceivedRequest = {
  at: number;
  method: string;
  path: string;
  brand: number | null;
  raw: string;
  fault: Fault['kind'] | null;
  status: number | null;
};

export type Sandbox = {
  url: string;
  posts: () => KeptPost[];
  requests: () => ReceivedRequest[];
  fail: (fault: FaultInput) => void;
  clearFaults: () => void;
  setTokens: (tokens: readonly string[]) => void;
  /** Forgets posts, requests and faults. */
  reset: () => void;
  close: () => Promise<void>;
};

const maxRequestsKept = 10_000;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
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

const write = (response: ServerResponse, answer: Answer, headers: Record<string, string>): void => {
  response.sendDate = false;
  response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json', ...headers });
  response.end(answer.type ? String(answer.body) : JSON.stringify(answer.body));
};

// A proxy answers before the API does: it knows nothing of rates.
const proxyAnswers: Partial<Record<Fault['kind'], Answer>> = {
  'proxy-404': proxyPage(404, 'Not Found'),
  'too-large': proxyPage(413, 'Request Entity Too Large'),
};

const plainAnswers: Partial<Record<Fault['kind'], Answer>> = {
  'error-500': refusal(500, 'Something went wrong.'),
  'unavailable-503': refusal(503, 'Down for maintenance.'),
  'throttled-429': refusal(429, 'Too many requests.'),
  'unauthorized-401': refusal(401, 'The token is not valid.'),
  'forbidden-403': refusal(403, 'The token may not use this brand.'),
  garbled: { status: 200, type: 'text/html', body: '{"id": 12' },
};

const rateHeaders = (rate: RateState, now: number) => ({
  date: new Date(now).toUTCString(),
  'x-ratelimit-limit': String(rate.limit),
  'x-ratelimit-remaining': String(rate.remaining),
  'x-ratelimit-reset': String(Math.ceil(rate.resetAt / 1_000)),
});

/**
 * A stand-in for Dash Social on 127.0.0.1, written from the API page. Rejects with the system's error
 * (`EADDRINUSE`) when the port is taken.
 *
 * Its own API, for other processes: `POST /_sandbox/faults` (a fault or a list of them), `DELETE` the same;
 * `GET` and `DELETE /_sandbox/posts`; `GET /_sandbox/requests`; `PUT /_sandbox/tokens` (a list of strings).
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? Date.now;
  const shelf = postShelf(options.stateFile, options.firstId ?? 1_001);
  const faults = faultQueue();
  const countRequest = rateWindow(options.rateLimit ?? 1_000, clock);
  const stopped = new AbortController();
  let tokens: readonly string[] = [options.token];
  let requests: ReceivedRequest[] = [];
  let url = '';
  const api = endpoints({ shelf, brands: options.brands, clock, baseUrl: () => url });

  const allowed = (request: IncomingMessage) =>
    tokens.some((token) => request.headers.authorization === `Bearer ${token}`);

  const judge = (request: IncomingMessage, asked: ApiRequest, rate: RateState): Answer => {
    if (rate.exceeded) return refusal(429, 'Too many requests.');
    return allowed(request) ? api(asked) : refusal(401, 'The token is not valid.');
  };

  const misbehave = async (fault: Fault, judged: () => Answer): Promise<Answer | 'hang' | 'drop'> => {
    if (fault.kind === 'slow') await wait(fault.ms, undefined, { signal: stopped.signal });
    if (fault.kind === 'slow') return judged();
    const keeps = fault.commit || fault.kind === 'commit-and-drop' || fault.kind === 'garbled';
    const answer = keeps ? judged() : null;
    if (fault.kind === 'commit-and-drop' || fault.kind === 'drop') return 'drop';
    if (fault.kind === 'garbled' && answer && answer.status >= 300) return answer;
    return proxyAnswers[fault.kind] ?? plainAnswers[fault.kind] ?? 'hang';
  };

  const serveApi = async (request: IncomingMessage, response: ServerResponse, asked: ApiRequest) => {
    const rate = countRequest();
    const brand = brandOf(asked.body);
    const fault = faults.take({ on: purposeOf(asked), brand });
    const { method, url, raw } = asked;
    const seen: ReceivedRequest = {
      at: clock(),
      method,
      path: url.pathname + url.search,
      brand,
      raw,
      fault: fault?.kind ?? null,
      status: null,
    };
    requests = [...requests.slice(1 - maxRequestsKept), seen];
    const judged = () => judge(request, asked, rate);
    const answer = fault ? await misbehave(fault, judged) : judged();
    if (answer === 'hang') return;
    if (answer === 'drop') {
      request.socket.destroy();
      return;
    }
    seen.status = answer.status;
    const resetAt = fault?.kind === 'throttled-429' ? clock() + fault.ms : rate.resetAt;
    const told = fault?.kind === 'throttled-429' ? { ...rate, remaining: 0, resetAt } : rate;
    write(response, answer, fault && proxyAnswers[fault.kind] ? {} : rateHeaders(told, clock()));
  };

  const control = (path: string, { method, body }: ApiRequest): Answer => {
    const done = { status: 200, body: {} };
    switch (`${method} ${path}`) {
      case 'POST faults':
        for (const fault of [body].flat()) faults.add(v.parse(Fault, fault));
        return done;
      case 'DELETE faults':
        faults.clear();
        return done;
      case 'GET posts':
        return { status: 200, body: shelf.all() };
      case 'DELETE posts':
        shelf.clear();
        return done;
      case 'GET requests':
        return { status: 200, body: requests };
      case 'PUT tokens':
        tokens = v.parse(v.array(v.string()), body);
        return done;
      default:
        return refusal(404, 'The sandbox has no such call.');
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const raw = await readBody(request);
    const asked: ApiRequest = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', url),
      raw,
      body: jsonOf(raw),
    };
    const [, path] = /^\/_sandbox\/(\w+)$/.exec(asked.url.pathname) ?? [];
    if (path) write(response, control(path, asked), {});
    else await serveApi(request, response, asked);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (v.isValiError(error)) write(response, refusal(400, error.message), {});
      else request.socket.destroy();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    posts: shelf.all,
    requests: () => requests,
    fail: faults.add,
    clearFaults: faults.clear,
    setTokens: (next) => {
      tokens = next;
    },
    reset: () => {
      shelf.clear();
      faults.clear();
      requests = [];
    },
    close: async () => {
      stopped.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
