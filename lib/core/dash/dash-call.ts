import type { TokenSource } from '../ports.ts';
import type { DashRequest, DashResult, SendDash } from './dash-response.ts';

// bounded: a setting of the operator
const baseOf = (url?: string) => url?.replace(/\/+$/, '');

/** The addresses used by this project; `baseUrl` puts all of them on one host. */
export const dashUrls = (baseUrl?: string) => {
  const base = baseOf(baseUrl);
  return {
    posts: `${base ?? 'https://scheduler.dashsocial.com'}/tiktok/scheduled_posts`,
    self: `${base ?? 'https://auth.dashsocial.com'}/api/self`,
  };
};

/** Where the Library is. `libraryUrl` replaces its host; otherwise `baseUrl` does, as for all addresses. */
export type LibraryAddress = { baseUrl?: string; libraryUrl?: string };

/** The addresses of the Library, by brand and ID. */
export const libraryUrls = ({ baseUrl, libraryUrl }: LibraryAddress) => {
  const base = baseOf(libraryUrl ?? baseUrl) ?? 'https://library-backend.dashsocial.com';
  return {
    campaigns: (brand: number) => `${base}/brands/${brand}/campaigns`,
    media: (brand: number, id: number) => `${base}/brands/${brand}/media/v2/${id}`,
  };
};

/** A shorter text would match unrelated parts of a response; no real token is so short. */
const shortestToken = 6;

/** Removes our token from a response, so that it is neither stored nor logged: literally, in a URL, in JSON. */
const withoutToken = (text: string, token: string): string =>
  token.length < shortestToken
    ? text
    : [token, encodeURIComponent(token), token.replaceAll('/', '\\/')].reduce(
        (clean, form) => clean.replaceAll(form, '[token]'),
        text,
      );

const cleaned = (reply: DashResult, token: string): DashResult => {
  if (reply.kind === 'kept') return reply;
  if (reply.kind === 'failed') return { ...reply, message: withoutToken(reply.message, token) };
  return { ...reply, response: { ...reply.response, body: withoutToken(reply.response.body, token) } };
};

const refusedToken = (reply: DashResult) => reply.kind === 'response' && reply.response.status === 401;

/**
 * Sends with the current token and, if it is refused, once more with a newer one if there is one. If the newer one
 * cannot be read, the 401 is returned. The token is replaced by `[token]` wherever the response contains it. Throws
 * what `token.current` throws, before anything is sent.
 */
export const sendWithToken =
  ({ send, token }: { send: SendDash; token: TokenSource }) =>
  async (request: Omit<DashRequest, 'token'>): Promise<DashResult> => {
    const first = await token.current();
    const reply = cleaned(await send({ ...request, token: first }), first);
    if (!refusedToken(reply)) return reply;
    const second = await token.refreshed(first).catch(() => first);
    if (second === first) return reply;
    return cleaned(cleaned(await send({ ...request, token: second }), second), first);
  };
