import { type DashReply, readCreated, type SendDash } from '../core/dash-answer.ts';
import { dashUrls, sendWithToken } from '../core/dash-call.ts';
import { AppError } from '../core/errors.ts';
import type { Clock, CreateOutcome, DashSocial, ProbeOutcome, TokenSource } from '../core/ports.ts';
import { postBody } from '../core/post-body.ts';

export type DashSocialOptions = {
  send: SendDash;
  token: TokenSource;
  clock: Clock;
  /** Where everything is, when it is not Dash Social itself: the sandbox, a recording proxy. */
  baseUrl?: string;
};

const outcomeOf = (reply: DashReply, now: number): CreateOutcome => {
  if (reply.kind === 'kept') return { kind: 'not-sent' };
  if (reply.kind === 'answer') return readCreated(reply.answer, now);
  const { left, code, message } = reply;
  return { kind: left ? 'uncertain' : 'not-created', code, message, rate: null };
};

const down = (code: string, message: string): ProbeOutcome => ({ kind: 'down', code, message });

const downByStatus: Readonly<Record<number, string>> = {
  401: 'dash.unauthorized',
  403: 'dash.forbidden',
  429: 'dash.throttled',
};

const probed = (reply: DashReply, isUp: (status: number) => boolean): ProbeOutcome => {
  if (reply.kind === 'kept') return down('dash.unreachable', 'The request was not sent');
  if (reply.kind === 'failed') return down(reply.code, reply.message);
  const { status } = reply.answer;
  const code = downByStatus[status];
  if (code === undefined && isUp(status)) return { kind: 'up' };
  return down(code ?? 'dash.failed', `Dash Social answered ${status}`);
};

/**
 * Dash Social's scheduler. `create` turns every answer and failure into one outcome; it throws only what
 * `token.current` throws (config `token.*`), before anything was sent.
 *
 * `probe` creates nothing: it asks who the token is, then sends the scheduler an empty post, which it can only
 * refuse. A host that does not serve the first (404, 405) is judged by the second, which needs the token too.
 */
export const dashSocial = (options: DashSocialOptions): DashSocial => {
  const urls = dashUrls(options.baseUrl);
  const send = sendWithToken(options);

  return {
    create: async (post, { mayLeave }) => {
      const body = postBody(post);
      const reply = await send({ method: 'POST', url: urls.posts, body, mayLeave });
      return outcomeOf(reply, options.clock());
    },
    probe: async () => {
      try {
        const self = probed(
          await send({ method: 'GET', url: urls.self }),
          (status) => [404, 405].includes(status) || (status >= 200 && status < 300),
        );
        if (self.kind === 'down') return self;
        const refused = await send({ method: 'POST', url: urls.posts, body: '{}' });
        return probed(
          refused,
          (status) => (status >= 200 && status < 300) || (status >= 400 && status < 500),
        );
      } catch (error) {
        if (error instanceof AppError) return down(error.code, error.message);
        throw error;
      }
    },
  };
};
