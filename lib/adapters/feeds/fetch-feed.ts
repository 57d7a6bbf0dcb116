import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { permanent } from '../../core/errors.ts';
import type { Clock, FetchFeed, FetchRequest, FetchResponse } from '../../core/ports.ts';
import { addressGuard, bare, type Guard } from './http/address-guard.ts';
import { type Deadline, deadlineFor } from './http/deadline.ts';
import { cookieWanted, exchangeFailure } from './http/failures.ts';
import { type FeedResponse, feedResponse } from './http/feed-response.ts';
import { headersFor, isConditional } from './http/request-headers.ts';

const MAX_REDIRECTS = 5;
const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
const CONNECT_MS = 5_000;
const HEADERS_MS = 10_000;

type FetchFeedsOptions = {
  now: Clock;
  /** Names the software, its version and a URL where a publisher finds a contact. */
  userAgent: string;
  /** Limit of a decoded document; 10 MB by default. */
  maxBytes?: number;
  /** From the start of each hop until it is connected (securely), and until its headers have arrived. */
  connectMs?: number;
  headersMs?: number;
  /** Allowed ports below 1024 in addition to 80 and 443. */
  ports?: readonly number[];
  /** How names are resolved; by the system by default. */
  lookup?: LookupFunction;
  /** Certificates (PEM) to trust instead of the well-known ones. */
  ca?: string;
};

type Visit = { url: URL; request: FetchRequest; guard: Guard; patience: Deadline };

/** Node gets the parts of a URL, because a URL object would add the credentials of a redirect's `user:password@`. */
const requestOptions = (visit: Visit, options: FetchFeedsOptions): https.RequestOptions => {
  const { url, guard, patience: deadline } = visit;
  return {
    protocol: url.protocol,
    hostname: bare(url.hostname),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: headersFor(visit.request, url, options.userAgent),
    agent: guard.agentFor(url),
    lookup: guard.lookup,
    signal: deadline.signal,
    ...(options.ca !== undefined && { ca: options.ca }),
  };
};

const send = async (visit: Visit, options: FetchFeedsOptions): Promise<IncomingMessage> => {
  const { url, patience: deadline } = visit;
  const [protocol, connects] = url.protocol === 'https:' ? [https, 'secureConnect'] : [http, 'connect'];
  const request = protocol.request(requestOptions(visit, options));
  request.on('error', () => {}); // `once` handles the first error; an abort may raise another

  const connected = deadline.waitFor(url.host, 'to connect', options.connectMs ?? CONNECT_MS);
  const responded = deadline.waitFor(url.host, 'to respond', options.headersMs ?? HEADERS_MS);
  request.once('socket', (socket) => socket.once(connects, connected));
  request.end();
  const [message] = await once(request, 'response', { signal: deadline.signal });
  responded();
  return message;
};

/** One GET without following redirects. */
const visitOnce = async (visit: Visit, options: FetchFeedsOptions): Promise<FeedResponse> => {
  const { url, guard, patience: deadline } = visit;
  guard.check(url);
  try {
    return feedResponse(await send(visit, options), url, options.now());
  } catch (error) {
    throw exchangeFailure(deadline.reasonFor(error), url.host);
  }
};

const withoutSecrets = (url: URL): string => {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
};

/** A permanent move from https to http is not credible; it may come from a machine in between. */
const losesTls = (from: URL, to: URL): boolean => from.protocol === 'https:' && to.protocol === 'http:';

type Journey = { response: FeedResponse; permanentUrl: string | null };

/** The third visit to an address of a server that sets cookies, which are not kept. */
const isCookieCircle = (visits: readonly FeedResponse[], next: URL): boolean =>
  visits.filter(({ url }) => url.href === next.href).length > 1 && visits.some((visit) => visit.setsCookie());

const follow = async (start: Visit, options: FetchFeedsOptions): Promise<Journey> => {
  let visit = start;
  let permanentUrl: string | null = null;
  const visits: FeedResponse[] = [];
  for (let hop = 0, isPermanent = true; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await visitOnce(visit, options);
    const next = response.redirectsTo();
    if (!next) return { response, permanentUrl };
    response.discard();
    visits.push(response);
    if (isCookieCircle(visits, next)) throw cookieWanted(next.host);
    isPermanent &&= response.isPermanentRedirect() && !losesTls(visit.url, next);
    if (isPermanent) permanentUrl = withoutSecrets(next);
    visit = { ...visit, url: next };
  }
  throw permanent('feed.redirect', `${start.url.host} redirects more than ${MAX_REDIRECTS} times`);
};

const responseOf = async (
  journey: Journey,
  request: FetchRequest,
  maxBytes: number,
): Promise<FetchResponse> => {
  const { response, permanentUrl } = journey;
  const common = { hints: response.hints, ...(permanentUrl !== null && { permanentUrl }) };
  if (response.isNotModified() && isConditional(request)) {
    response.discard();
    return { kind: 'unchanged', ...common };
  }
  if (!response.isDocument()) throw response.failure();
  return {
    kind: 'document',
    bytes: await response.document(maxBytes),
    contentType: response.contentType,
    url: withoutSecrets(response.url),
    validators: response.validators,
    ...common,
  };
};

const parseUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (url) return url;
  throw permanent('feed.address', 'The address of the feed is not a URL. Write it as https://host/path');
};

/**
 * Fetches feeds over HTTP as the port promises: only from allowed addresses, with validators as received, within limits
 * of time and bytes. Calls are independent; `politeBatch` adds the rules for hosts.
 */
export const fetchFeeds = (options: FetchFeedsOptions): FetchFeed => {
  const { ports = [], lookup, maxBytes = MAX_DOCUMENT_BYTES } = options;
  const guardFor = (allowPrivate: boolean) =>
    addressGuard({ allowPrivate, ports, ...(lookup && { lookup }) });
  const guards = { public: guardFor(false), private: guardFor(true) };

  return async (request) => {
    const url = parseUrl(request.url);
    const deadline = deadlineFor(url.host, request.deadlineMs);
    const guard = request.allowPrivate ? guards.private : guards.public;
    try {
      const journey = await follow({ url, request, guard, patience: deadline }, options);
      return await responseOf(journey, request, maxBytes);
    } catch (error) {
      const failure = exchangeFailure(deadline.reasonFor(error), url.host);
      deadline.hangUp();
      throw failure;
    } finally {
      deadline.end();
    }
  };
};
