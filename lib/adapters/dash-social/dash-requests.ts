import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { DashRequest, DashResponse, DashResult, SendDash } from '../../core/dash/dash-response.ts';
import type { Clock } from '../../core/ports.ts';

type DashRequestsOptions = {
  clock: Clock;
  /** For address, connection and TLS together; a request that fails in it was never sent. */
  connectTimeoutMs?: number;
  /** From sending the request to the end of the response. */
  responseTimeoutMs?: number;
  /** A connection that was idle for longer is not reused, because the server may have closed it. */
  maxIdleMs?: number;
  userAgent?: string;
};

/** The defaults; a lease must outlast `responseTimeoutMs`. */
const dashTimeouts = { connectTimeoutMs: 3_000, responseTimeoutMs: 10_000, maxIdleMs: 4_000 };

const maxResponseBytes = 256 * 1_024;

const failed = (left: boolean, code: string, why: string): DashResult => {
  const sent = left ? 'the request was sent' : 'nothing was sent';
  return { kind: 'failed', left, code, message: `No response from Dash Social (${why}); ${sent}` };
};

const nameOf = (error: NodeJS.ErrnoException) => error.code ?? error.name;

const headersOf = ({ token, body }: DashRequest, userAgent: string): http.OutgoingHttpHeaders => ({
  accept: 'application/json',
  authorization: `Bearer ${token}`,
  'user-agent': userAgent,
  ...(body === undefined
    ? {}
    : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
});

/** Resolves when connected, with nothing written yet, or with the reason for the failure. */
const connected = (outgoing: http.ClientRequest, timeoutMs: number, isStale: (socket: Socket) => boolean) =>
  new Promise<'connected' | 'stale' | DashResult>((resolve) => {
    const settle = (found: 'connected' | 'stale' | DashResult) => {
      clearTimeout(timer);
      resolve(found);
    };
    const broken = (why: string) =>
      settle(outgoing.reusedSocket ? 'stale' : failed(false, 'dash.unreachable', why));
    const timer = setTimeout(() => broken('no connection in time'), timeoutMs);

    outgoing.on('error', (error) => broken(nameOf(error)));
    outgoing.once('close', () => broken('the connection was closed'));
    outgoing.once('socket', (socket) => {
      if (!outgoing.reusedSocket)
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => settle('connected'));
      else if (isStale(socket)) settle('stale');
      // Twice, for a whole turn of the event loop: the first may run before the next poll for I/O.
      else setImmediate(() => setImmediate(() => settle('connected')));
    });
  });

// The status line alone decides whether a post was created; a body that is cut off or endless changes nothing.
const readResponse = (response: http.IncomingMessage) =>
  new Promise<DashResponse>((resolve) => {
    const { statusCode: status = 0, headers } = response;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });

    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxResponseBytes) chunks.push(chunk);
      else response.destroy();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });

/** Resolves with the response to a sent request, or with its unknown outcome. */
const responded = (outgoing: http.ClientRequest, timeoutMs: number) =>
  new Promise<DashResult>((resolve) => {
    let hasStatus = false;
    const settle = (reply: DashResult) => {
      clearTimeout(timer);
      resolve(reply);
    };
    // Once there is a status, the end of the response is handled with its body.
    const broken = (code: string, why: string) => {
      if (!hasStatus) settle(failed(true, code, why));
    };
    const timer = setTimeout(() => {
      broken('dash.timeout', 'no response in time');
      outgoing.destroy();
    }, timeoutMs);

    outgoing.on('error', (error) => broken('dash.cut-off', nameOf(error)));
    outgoing.once('close', () => broken('dash.cut-off', 'the connection was closed'));
    outgoing.once('response', async (response) => {
      hasStatus = true;
      settle({ kind: 'response', response: await readResponse(response) });
    });
  });

/**
 * Sends requests to Dash Social over kept connections. It knows reliably whether a request may have been sent, because
 * nothing is written before the connection is established and `mayLeave` has returned true. A kept connection closed by
 * the server in the meantime would accept a request and respond with a reset, leaving its outcome unknown. So a
 * connection that was idle too long (as in a frozen Lambda) is discarded, and a younger one gets a turn of the event
 * loop to report that it was closed; in both cases nothing has been written yet, and a new connection is used.
 */
export const dashRequests = (options: DashRequestsOptions): SendDash => {
  const { clock, connectTimeoutMs, responseTimeoutMs, maxIdleMs } = { ...dashTimeouts, ...options };
  const userAgent = options.userAgent ?? 'rss-drafts';
  const kept = {
    http: new http.Agent({ keepAlive: true, maxFreeSockets: 4 }),
    https: new https.Agent({ keepAlive: true, maxFreeSockets: 4 }),
  };
  const idleSince = new WeakMap<Socket, number>();
  const isStale = (socket: Socket) => clock() - (idleSince.get(socket) ?? 0) > maxIdleMs;

  const open = (request: DashRequest, fresh: boolean) => {
    const url = new URL(request.url);
    const scheme = url.protocol === 'http:' ? 'http' : 'https';
    const outgoing = (scheme === 'http' ? http : https).request(url, {
      method: request.method,
      headers: headersOf(request, userAgent),
      agent: fresh ? false : kept[scheme],
    });
    return outgoing.once('response', ({ socket }) => {
      outgoing.once('close', () => idleSince.set(socket, clock()));
    });
  };

  const attempt = async (request: DashRequest, fresh: boolean): Promise<DashResult | 'stale'> => {
    const outgoing = open(request, fresh);
    const drop = <R>(reply: R): R => {
      outgoing.destroy();
      return reply;
    };
    const found = await connected(outgoing, connectTimeoutMs, isStale);
    if (found !== 'connected') return drop(found);
    if (request.canStillSend && !request.canStillSend()) return drop({ kind: 'kept' });

    outgoing.end(request.body);
    return responded(outgoing, responseTimeoutMs);
  };

  return async (request) => {
    const reply = await attempt(request, false);
    if (reply !== 'stale') return reply;
    const second = await attempt(request, true);
    return second === 'stale' ? failed(false, 'dash.unreachable', 'a stale connection') : second;
  };
};
