import type { DashReply, DashRequest, SendDash } from './dash-answer.ts';
import type { TokenSource } from './ports.ts';

/** The addresses of the calls that this project makes; `baseUrl` puts all of them on one host. */
export const dashUrls = (baseUrl?: string) => {
  const base = baseUrl?.replace(/\/+$/, '');
  return {
    posts: `${base ?? 'https://scheduler.dashsocial.com'}/tiktok/scheduled_posts`,
    self: `${base ?? 'https://auth.dashsocial.com'}/api/self`,
  };
};

const refusedToken = (reply: DashReply) => reply.kind === 'answer' && reply.answer.status === 401;

/**
 * Sends with the current token and, when that is refused, once more with a newer one if there is one. A newer one
 * that cannot be read leaves the 401 as the answer. Throws what `token.current` throws, before anything is sent.
 */
export const sendWithToken =
  ({ send, token }: { send: SendDash; token: TokenSource }) =>
  async (request: Omit<DashRequest, 'token'>): Promise<DashReply> => {
    const first = await token.current();
    const reply = await send({ ...request, token: first });
    if (!refusedToken(reply)) return reply;
    const second = await token.refreshed(first).catch(() => first);
    return second === first ? reply : send({ ...request, token: second });
  };
