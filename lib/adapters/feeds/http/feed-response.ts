import type { IncomingMessage } from 'node:http';
import { type AppError, permanent, retryable } from '../../../core/errors.ts';
import type { Validators } from '../../../core/polling/feed-row.ts';
import { freshUntil, parseHttpDate, parseRetryAfter } from '../../../core/polling/http-caching.ts';
import type { FetchHints } from '../../../core/ports.ts';
import { hubHint } from '../parse/resolve-url.ts';
import { challengeMark, isNoDocument } from './challenge.ts';
import { decodeContent, tooLarge } from './content-decoding.ts';
import { challenged, statusFailure } from './failures.ts';
import { linkIn } from './link-header.ts';

/** A server's response, as needed for reading feeds. */
export type FeedResponse = {
  url: URL;
  contentType: string | null;
  validators: Validators;
  hints: FetchHints;
  isNotModified: () => boolean;
  isDocument: () => boolean;
  isPermanentRedirect: () => boolean;
  setsCookie: () => boolean;
  /** The target of a redirect; null if this is none. Throws `feed.redirect` for an invalid target. */
  redirectsTo: () => URL | null;
  /** The error if this is none of the above. */
  failure: () => AppError;
  /** The decoded document. Throws `feed.too-large`, `feed.truncated`, `feed.encoding`, `feed.challenge`. */
  document: (maxBytes: number) => Promise<Uint8Array>;
  /** Reads no more of the body and closes the connection if there is more. */
  discard: () => void;
};

/**
 * 226 is a delta (RFC 3229), which we do not request, but whose entries are usable. Some bot protection passes
 * responses with 202.
 */
const DOCUMENT = new Set([200, 202, 203, 226]);
const REDIRECT = new Set([301, 302, 303, 307, 308]);
const PERMANENT_REDIRECT = new Set([301, 308]);

const headerOf = (message: IncomingMessage, name: string): string | null => {
  const value = message.headers[name];
  return (Array.isArray(value) ? value.join(', ') : value) || null;
};

const resolve = (location: string | null, base: URL): URL => {
  const url = location === null ? null : URL.parse(latin1ToUtf8(location), base.href);
  if (url) return url;
  throw permanent('feed.redirect', `${base.host} redirects without a usable Location`);
};

/** Node provides header bytes as Latin-1; servers that do not escape a Location write UTF-8. */
const latin1ToUtf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

const readWire = async (message: IncomingMessage, maxBytes: number, host: string): Promise<Uint8Array> => {
  if (Number(message.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (message.complete || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw retryable('feed.truncated', `${host} closed the connection after ${size} bytes of the document`, {
      cause: error,
    });
  }
  return Buffer.concat(chunks);
};

/** The response to a GET of `url`, received at `now`. */
export const feedResponse = (message: IncomingMessage, url: URL, now: number): FeedResponse => {
  const header = (name: string) => headerOf(message, name);
  const status = message.statusCode ?? 0;
  const date = header('date');
  const mark = challengeMark(message.headers);

  return {
    url,
    contentType: header('content-type'),
    validators: { etag: header('etag'), lastModified: header('last-modified') },
    hints: {
      freshUntil: freshUntil(
        { cacheControl: header('cache-control'), expires: header('expires'), date, age: header('age') },
        now,
      ),
      ...hubHint([linkIn(header('link'), 'hub')], url.href),
    },
    isNotModified: () => status === 304,
    isDocument: () => DOCUMENT.has(status),
    isPermanentRedirect: () => PERMANENT_REDIRECT.has(status),
    setsCookie: () => header('set-cookie') !== null,
    redirectsTo: () => (REDIRECT.has(status) ? resolve(header('location'), url) : null),
    failure: () => {
      const retryAfterMs = parseRetryAfter(header('retry-after'), now, parseHttpDate(date));
      const isPause = status === 429 || retryAfterMs !== null;
      if (mark !== null && !isPause) return challenged(url.host, status, mark);
      return statusFailure({ host: url.host, status, retryAfterMs });
    },
    document: async (maxBytes) => {
      const wire = await readWire(message, maxBytes, url.host);
      const bytes = await decodeContent(wire, header('content-encoding'), maxBytes);
      if ((status === 202 || mark !== null) && isNoDocument(bytes))
        throw challenged(url.host, status, mark ?? 'no feed');
      return bytes;
    },
    discard: () => {
      if (message.complete) message.resume();
      else message.destroy();
    },
  };
};
