import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { DashReply, DashRequest, SendDash } from '../core/dash-answer.ts';
import type { Clock } from '../core/ports.ts';

export type DashRequestsOptions = {
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
export const dashTimeouts = { connectTimeoutMs: 3_000, answerTimeoutMs: 10_000, maxIdleMs: 4_000 };

const maxAnswerBytes = 256 * 1_024;

const failed = (left: boolean, code: string, why: string): DashReply => {
  const fate = left ? 'the request had left' : 'nothing was sent';
  return { kind: 'failed', left, code, message: `No answer from Dash Social (${why}); ${fate}` };
};

const readAnswer = (response: http.IncomingMessage, done: (reply: DashReply) => void) => {
  const { statusCode: status = 0, headers } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The status line alone says whether a post was created: a body that breaks off changes nothing.
  const finish = () =>
    done({ kind: 'answer', answer: { status, headers, body: Buffer.concat(chunks).toString('utf8') } });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxAnswerBytes) chunks.push(chunk);
    else response.destroy();
  });
  response.on('end', finish);
  response.on('error', finish);
  response.on('close', finish);
  return finish;
};

const headersOf = ({ token, body }: DashRequest, userAgent: string): http.OutgoingHttpHeaders => ({
  accept: 'application/json',
  authorization: `Bearer ${token}`,
  'user-agent': userAgent,
  ...(body === undefined
    ? {}
    : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
});

const secure = (socket: Socket) => 'encrypted' in socket;

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
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxFreeSockets: 4 }),
    'https:': new https.Agent({ keepAlive: true, maxFreeSockets: 4 }),
  };
  const idleSince = new WeakMap<Socket, number>();

  const attempt = (request: DashRequest, fresh: boolean): Promise<DashReply | 'stale'> =>
    new Promise((resolve) => {
      const url = new URL(request.url);
      const plain = url.protocol === 'http:';
      const outgoing = (plain ? http : https).request(url, {
        method: request.method,
        headers: headersOf(request, userAgent),
        agent: fresh ? false : agents[plain ? 'http:' : 'https:'],
      });
      let left = false;
      let finishEarly: (() => void) | null = null;

      const done = (reply: DashReply | 'stale') => {
        clearTimeout(timer);
        resolve(reply);
      };
      const giveUp = (reply: DashReply | 'stale') => {
        done(reply);
        outgoing.destroy();
      };
      const late = (code: string) => () => {
        if (finishEarly) finishEarly();
        giveUp(failed(left, code, 'time is over'));
      };
      let timer = setTimeout(late('dash.unreachable'), connectTimeoutMs);

      const leave = () => {
        if (request.mayLeave && !request.mayLeave()) return giveUp({ kind: 'kept' });
        clearTimeout(timer);
        timer = setTimeout(late('dash.timeout'), answerTimeoutMs);
        left = true;
        outgoing.end(request.body);
      };
      const reuse = (socket: Socket) => {
        if (clock() - (idleSince.get(socket) ?? 0) > maxIdleMs) return giveUp('stale');
        // Two, for a whole round of the loop to lie between: the first may come before the next look at the network.
        setImmediate(() =>
          setImmediate(() => (socket.destroyed || !socket.writable ? giveUp('stale') : leave())),
        );
      };

      outgoing.on('socket', (socket) => {
        if (outgoing.reusedSocket) reuse(socket);
        else socket.once(secure(socket) ? 'secureConnect' : 'connect', leave);
      });
      outgoing.on('response', (response) => {
        const { socket } = response;
        response.once('end', () => idleSince.set(socket, clock()));
        finishEarly = readAnswer(response, done);
      });
      const broken = (why: string) => {
        if (!left && outgoing.reusedSocket) done('stale');
        else done(failed(left, left ? 'dash.cut-off' : 'dash.unreachable', why));
      };
      outgoing.on('error', (error: NodeJS.ErrnoException) => broken(error.code ?? error.name));
      outgoing.on('close', () => broken('the connection was closed'));
    });

  return async (request) => {
    const reply = await attempt(request, false);
    if (reply !== 'stale') return reply;
    const second = await attempt(request, true);
    return second === 'stale' ? failed(false, 'dash.unreachable', 'a stale connection') : second;
  };
};
