import { retryable } from '../core/errors.ts';
import type { PostEvent } from '../core/ports.ts';
import { guardedPost, type PostOptions } from './guarded-post.ts';

/**
 * Posts a signed event to a web address, if it is allowed, like `postJson`. Throws retryable AppError `event.*`:
 * `refused-address`, `unreachable` and `not-taken` (any status but 2xx), because each may be corrected within the days in
 * which an event is sent again; none contains more of the address than its host.
 */
export const postEvent = (options: PostOptions): PostEvent => {
  const post = guardedPost(options);

  return async (address, body, headers) => {
    const url = new URL(address); // checked when feeds.yml was read
    const outcome = await post(url, body, headers);
    if (outcome.kind === 'refused')
      throw retryable(
        'event.refused-address',
        `${url.host} has an address that events are not sent to: private or reserved. If it is in your network, set events.allow_private: true`,
      );
    if (outcome.kind === 'unreachable')
      throw retryable('event.unreachable', `${url.host} cannot be reached (${outcome.why})`);
    if (outcome.status < 200 || outcome.status >= 300)
      throw retryable('event.not-taken', `${url.host} responded with ${outcome.status} to an event`);
  };
};
