import { dashUrls, sendWithToken } from '../../core/dash/dash-call.ts';
import { type DashResult, readCreated, type SendDash } from '../../core/dash/dash-response.ts';
import { AppError } from '../../core/errors.ts';
import type { Clock, CreateOutcome, DashSocial, ProbeOutcome, TokenSource } from '../../core/ports.ts';
import { postBody } from '../../core/posts/post-body.ts';

type DashSocialOptions = {
  send: SendDash;
  token: TokenSource;
  clock: Clock;
  /** The base of all addresses, if not Dash Social: the sandbox, a recording proxy. */
  baseUrl?: string;
  /** Whether the list of posts may be requested. Default: true. */
  mayList?: boolean;
};

const outcomeOf = (reply: DashResult, now: number): CreateOutcome => {
  if (reply.kind === 'kept') return { kind: 'not-sent' };
  if (reply.kind === 'response') return readCreated(reply.response, now);
  const { left, code, message } = reply;
  return { kind: left ? 'uncertain' : 'not-created', code, message, rate: null };
};

const down = (code: string, message: string): ProbeOutcome => ({ kind: 'down', code, message });

const downByStatus: Readonly<Record<number, string>> = {
  401: 'dash.unauthorized',
  403: 'dash.forbidden',
  429: 'dash.throttled',
};

const probed = (reply: DashResult, isUp: (status: number) => boolean): ProbeOutcome => {
  if (reply.kind === 'kept') return down('dash.unreachable', 'The request was not sent');
  if (reply.kind === 'failed') return down(reply.code, reply.message);
  const { status } = reply.response;
  const code = downByStatus[status];
  if (code === undefined && isUp(status)) return { kind: 'up' };
  return down(code ?? 'dash.failed', `Dash Social responded with ${status}`);
};

const isSuccess = (status: number) => status >= 200 && status < 300;
const isOfClient = (status: number) => status >= 400 && status < 500;

/**
 * Without a brand the list may be forbidden, and it is not documented for TikTok, so such a response proves nothing.
 */
const servesList = (reply: DashResult) =>
  reply.kind !== 'response' || ![403, 404, 405].includes(reply.response.status);

/**
 * Dash Social's scheduler. `create` turns every response and failure into an outcome; it only throws what
 * `token.current` throws (config `token.*`), before anything is sent. `probe` creates nothing: it requests the token's
 * owner, then one post from the scheduler's list. Only if that is unavailable or not allowed, it sends an empty post,
 * which the scheduler must reject. If the host does not serve the first request (404, 405), the following ones decide,
 * which need the token too.
 */
export const dashSocial = (options: DashSocialOptions): DashSocial => {
  const urls = dashUrls(options.baseUrl);
  const send = sendWithToken(options);
  const askScheduler = async (): Promise<DashResult> => {
    if (options.mayList !== false) {
      const listed = await send({ method: 'GET', url: `${urls.posts}?limit=1` });
      if (servesList(listed)) return listed;
    }
    return send({ method: 'POST', url: urls.posts, body: '{}' });
  };

  return {
    create: async (post, { canStillSend }) => {
      const body = postBody(post);
      const reply = await send({ method: 'POST', url: urls.posts, body, canStillSend });
      return outcomeOf(reply, options.clock());
    },
    probe: async () => {
      try {
        const self = probed(
          await send({ method: 'GET', url: urls.self }),
          (status) => [404, 405].includes(status) || isSuccess(status),
        );
        if (self.kind === 'down') return self;
        return probed(await askScheduler(), (status) => isSuccess(status) || isOfClient(status));
      } catch (error) {
        if (error instanceof AppError) return down(error.code, error.message);
        throw error;
      }
    },
  };
};
