import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { DashAnswer, DashReply, DashRequest, SendDash } from '../../core/dash/dash-answer.ts';
import type { Clock } from '../../core/ports.ts';

type DashRequestsOptions = {
  clock: Clock;
  /** For address, connection and TLS together; what fails in it was never sent. */
  connectTimeoutMs?: number;
  /** From the moment the request leaves to the end of the answer. */
  answerTimeoutMs?: number;
  /** A connection that was idle for longer is not used again: the other side may have closed it. */
  maxIdleMs?: number;
  userAgent?: string;
};

/** The defaults; a lease must outlast `answerTimeoutMs`. */
const dashTimeouts = { connectTimeoutMs: 3_000, answerTimeoutMs: 10_000, maxIdleMs: 4_000 };

const maxAnswerBytes = 256 * 1_024;

const failed = (left: boolean, code: string, why: string): DashReply => {
  const fate = left ? 'the request had left' : 'nothing was sent';
  return { kind: 'failed', left, code, message: `No answer from Dash Social (${why}); ${fate}` };
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

/** Resolves when the connection stands, with nothing written to it yet; or says why it does not. */
const connected = (outgoing: http.ClientRequest, timeoutMs: number, isStale: (socket: Socket) => boolean) =>
  new Promise<'connected' | 'stale' | DashReply>((resolve) => {
    const settle = (found: 'connected' | 'stale' | DashReply) => {
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
      // Two, for a whole round of the loop to lie between: the first may come before the next look at the network.
      else setImmediate(() => setImmediate(() => settle('connected')));
    });
  });

// The status line alone says whether a post was created: a body that breaks off, or never ends, changes nothing.
const readAnswer = (response: http.IncomingMessage) =>
  new Promise<DashAnswer>((resolve) => {
    const { statusCode: status = 0, headers } = response;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });

    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxAnswerBytes) chunks.push(chunk);
      else response.destroy();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });

/** Resolves with the answer to a request that has left, or with the doubt about it. */
const answered = (outgoing: http.ClientRequest, timeoutMs: number) =>
  new Promise<DashReply>((resolve) => {
    let hasStatus = false;
    const settle = (reply: DashReply) => {
      clearTimeout(timer);
      resolve(reply);
    };
    // With a status it is the answer that ends, and `readAnswer` that tells of it.
    const broken = (code: string, why: string) => {
      if (!hasStatus) settle(failed(true, code, why));
    };
    const timer = setTimeout(() => {
      broken('dash.timeout', 'no answer in time');
      outgoing.destroy();
    }, timeoutMs);

    outgoing.on('error', (error) => broken('dash.cut-off', nameOf(error)));
    outgoing.once('close', () => broken('dash.cut-off', 'the connection was closed'));
    outgoing.once('response', async (response) => {
      hasStatus = true;
      settle({ kind: 'answer', answer: await readAnswer(response) });
    });
  });

/**
 * The wire to Dash Social: one request, one reply, over connections that are kept. It tells surely whether a
 * request may have left: nothing is written before the connection stands and `mayLeave` has said yes.
 *
 * A kept connection which the server closed meanwhile would swallow a request and answer with a reset, and nobody
 * could tell what became of it. So one that was idle too long (a frozen Lambda wakes with old ones) is thrown away,
 * and a younger one is given a turn of the event loop to report that it was closed; in both cases nothing has been
 * written yet, and a fresh connection takes over.
 */
export const dashRequests = (options: DashRequestsOptions): SendDash => {
  const { clock, connectTimeoutMs, answerTimeoutMs, maxIdleMs } = { ...dashTimeouts, ...options };
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

  const attempt = async (request: DashRequest, fresh: boolean): Promise<DashReply | 'stale'> => {
    const outgoing = open(request, fresh);
    const drop = <R>(reply: R): R => {
      outgoing.destroy();
      return reply;
    };
    const found = await connected(outgoing, connectTimeoutMs, isStale);
    if (found !== 'connected') return drop(found);
    if (request.mayLeave && !request.mayLeave()) return drop({ kind: 'kept' });

    outgoing.end(request.body);
    return answered(outgoing, answerTimeoutMs);
  };

  return async (request) => {
    const reply = await attempt(request, false);
    if (reply !== 'stale') return reply;
    const second = await attempt(request, true);
    return second === 'stale' ? failed(false, 'dash.unreachable', 'a stale connection') : second;
  };
};
