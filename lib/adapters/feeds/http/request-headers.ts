import type { OutgoingHttpHeaders } from 'node:http';
import type { FetchRequest } from '../../../core/ports.ts';
import { ACCEPT_ENCODING } from './content-decoding.ts';

const ACCEPT = [
  'application/atom+xml',
  'application/rss+xml',
  'application/feed+json',
  'application/xml;q=0.9',
  'text/xml;q=0.8',
  'application/json;q=0.7',
  '*/*;q=0.1',
].join(', ');

/** A value that Node refuses to send cannot have come from a server, so it is left out. */
const isSendable = (value: string | null): value is string =>
  value !== null && /^[\t\x20-\x7e\x80-\xff]+$/.test(value);

const validatorHeaders = ({ validators, noCache }: FetchRequest): OutgoingHttpHeaders => {
  const { etag = null, lastModified = null } = (noCache ? null : validators) ?? {};
  return {
    ...(isSendable(etag) && { 'if-none-match': etag }),
    ...(isSendable(lastModified) && { 'if-modified-since': lastModified }),
  };
};

/** Decodes percent-encoding if it is valid, because a password may contain a lone `%`. */
const plain = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** `user:password@` in the address, which belongs to its origin like any other credentials. */
const basicAuth = ({ username, password }: URL): OutgoingHttpHeaders => {
  if (username === '' && password === '') return {};
  const pair = Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
};

/** Credentials are sent only to the feed's own origin, whatever it redirects to. */
const credentials = (request: FetchRequest, url: URL): OutgoingHttpHeaders => {
  const home = new URL(request.url);
  return url.origin === home.origin ? { ...basicAuth(home), ...request.headers } : {};
};

/** Whether the server may respond with 304. */
export const isConditional = (request: FetchRequest): boolean =>
  Object.keys(validatorHeaders(request)).length > 0;

/** All headers for the hop to `url`; a feed's headers cannot override our own. */
export const headersFor = (request: FetchRequest, url: URL, userAgent: string): OutgoingHttpHeaders => ({
  ...credentials(request, url),
  ...validatorHeaders(request),
  ...(request.noCache && { 'cache-control': 'no-cache' }),
  accept: ACCEPT,
  'accept-encoding': ACCEPT_ENCODING,
  'user-agent': userAgent,
});
