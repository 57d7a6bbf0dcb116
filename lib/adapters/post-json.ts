import { type AppError, misconfigured, retryable } from '../core/errors.ts';
import type { PostJson } from '../core/ports.ts';
import { guardedPost, type PostOptions } from './guarded-post.ts';

const refused = (host: string): AppError =>
  misconfigured(
    'alert.refused-address',
    `${host} has an address that alerts are not sent to: private, reserved, or not http(s). If it is in your network, set alerts.allow_private: true`,
  );

/** The path of such an address is its password, so messages contain only the host. */
const parseUrl = (name: string, text: string): URL => {
  const url = URL.parse(text.trim());
  if (url) return url;
  throw misconfigured(
    'alert.no-address',
    `The secret ${name} is not a URL. Store the whole address, such as https://host/path`,
  );
};

/**
 * Posts JSON to an address from a secret, if it is allowed: never to a private address by default, never to the target
 * of a redirect. Throws AppError `alert.*`: config `no-address`, `refused-address` and `not-taken` (4xx and redirects),
 * retryable `unreachable` and `not-now` (429 and 5xx); none contains more of the address than its host.
 */
export const postJson = (options: PostOptions): PostJson => {
  const post = guardedPost(options);

  return async ({ name, url: text }, message) => {
    const url = parseUrl(name, text);
    const outcome = await post(url, JSON.stringify(message));
    if (outcome.kind === 'refused') throw refused(url.host);
    if (outcome.kind === 'unreachable')
      throw retryable('alert.unreachable', `${url.host} cannot be reached (${outcome.why})`);
    const { status } = outcome;
    if (status >= 200 && status < 300) return;
    const says = `${url.host} responded with ${status} to an alert`;
    if (status === 429 || status >= 500) throw retryable('alert.not-now', `${says}; it will be sent again`);
    throw misconfigured('alert.not-taken', `${says}: check the address stored as ${name}`);
  };
};
