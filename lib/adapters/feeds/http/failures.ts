import { AppError, misconfigured, permanent, retryable } from '../../../core/errors.ts';
import { isAgentsRefusal, refusedAddress } from './address-guard.ts';

const MINUTE = 60_000;

/** The back-off from a host that requires one without stating its length. */
const DEFAULT_PAUSE_MS = { throttled: 60 * MINUTE, unavailable: 15 * MINUTE };

type Refusal = { host: string; status: number; retryAfterMs: number | null };

/** Bot protection responded instead of the site; `how` it was detected. */
export const challenged = (host: string, status: number, how: string): AppError =>
  permanent(
    'feed.challenge',
    `${host} returned ${status} with ${how}, a bot check. Ask its publisher to allow the User-Agent`,
  );

/** An address that redirects to itself until a cookie is set. */
export const cookieWanted = (host: string): AppError =>
  permanent(
    'feed.wants-cookie',
    `${host} requires a cookie. Ask its publisher to serve the feed without cookies`,
  );

/** The error for a response that is neither a document nor a redirect. `retryAfterMs` applies to 429 and 503 only. */
export const statusFailure = ({ host, status, retryAfterMs }: Refusal): AppError => {
  const what = `${host} returned ${status}`;
  if (status === 429)
    return retryable('feed.throttled', `${what}: too many requests`, {
      retryAfterMs: retryAfterMs ?? DEFAULT_PAUSE_MS.throttled,
    });
  if (status === 503)
    return retryable('feed.unavailable', `${what}: temporarily unavailable`, {
      retryAfterMs: retryAfterMs ?? DEFAULT_PAUSE_MS.unavailable,
    });
  if (status === 401)
    return permanent(
      'feed.unauthorized',
      `${what}: a login is needed or wrong. Set headers or basic on the feed`,
    );
  if (status === 403)
    return permanent('feed.forbidden', `${what}: access denied. Ask its publisher to allow the User-Agent`);
  if (status === 404)
    return permanent(
      'feed.not-found',
      `${what}: there is no feed at this address. Look for its new address on the site`,
    );
  if (status === 410)
    return permanent(
      'feed.gone',
      `${what}: the feed is gone. Remove it from feeds.yml, or set its new address`,
    );
  if (status === 304)
    return retryable(
      'feed.unasked-304',
      `${what} (not modified) to a request without validators. Its cache is broken`,
    );
  if (status === 408 || status === 425 || status >= 500)
    return retryable('feed.server-error', `${what}: a server error`);
  return permanent('feed.unexpected-status', `${what}, which is unexpected for a feed. Check the address`);
};

/** Descriptions of OpenSSL and Node error codes. */
const TLS_REASONS: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in a self-signed one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send its intermediate certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'the issuer of its certificate is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not known',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port; try http://',
  EPROTO: 'it does not speak TLS correctly',
};

/** The description of a TLS error code; null for any other code. */
export const tlsReason = (code: string): string | null => {
  if (TLS_REASONS[code]) return TLS_REASONS[code];
  return /^(ERR_SSL_|ERR_TLS_|CERT_)/.test(code) ? `the handshake failed (${code})` : null;
};

const NETWORK_REASONS: Record<string, string> = {
  ENOTFOUND: 'its host name does not exist. Check the address',
  EAI_AGAIN: 'its host name cannot be resolved now',
  ECONNREFUSED: 'it refuses connections on this port',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  EHOSTUNREACH: 'there is no route to its address',
  ENETUNREACH: 'there is no route to its address',
  ETIMEDOUT: 'it does not respond',
};

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | null)?.code ?? '');

const networkReason = (code: string): string => {
  if (code.startsWith('HPE_')) return `its response is not HTTP (${code})`;
  return NETWORK_REASONS[code] ?? (code || 'unknown reason');
};

/** JavaScript errors, which are bugs of ours at any host. */
const isOurs = (error: unknown): boolean =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);

/** A failure during an exchange with `host` as an AppError; an AppError and a bug of ours are returned unchanged. */
export const exchangeFailure = (error: unknown, host: string): unknown => {
  if (error instanceof AppError) return error;
  if (isAgentsRefusal(error)) return refusedAddress(host, false, error);
  const code = codeOf(error);
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN')
    return misconfigured(
      'feed.headers',
      `a header set on a feed of ${host} cannot be sent. Its name may have letters, digits and hyphens, its value no line breaks`,
    );
  if (isOurs(error)) return error;
  const tls = tlsReason(code);
  if (tls) return retryable('feed.tls', `no secure connection to ${host}: ${tls}`, { cause: error });
  return retryable('feed.unreachable', `${host} cannot be reached: ${networkReason(code)}`, { cause: error });
};
