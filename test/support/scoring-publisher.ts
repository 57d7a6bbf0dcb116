import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import zlib from 'node:zlib';
import { localPublisher } from './local-publisher.ts';
import type { Scorecard } from './polite-rules.ts';

const HOUR = 3_600_000;
const THINKING_MS = 2;

/** One address of the publisher; may change between visits. Times are those of the given clock. */
type Page = {
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  etag?: string;
  lastModified?: string;
  /** Sent as Cache-Control, or as Expires according to `freshBy`. */
  freshMs?: number;
  freshBy?: 'max-age' | 'expires';
  retryAfterMs?: number;
  retryAfterBy?: 'seconds' | 'date';
  location?: string;
  /** Values inside the body, repeated here for the publisher. */
  ttlMs?: number;
  skipHours?: number[];
  skipDays?: number[];
};

/** The intent of a visit, which a publisher cannot know: manual, forced, or the first after a restart. */
type Intent = 'manual' | 'forced' | 'restarted' | null;

type Given = {
  at: number;
  etag?: string;
  lastModified?: string;
  freshUntil: number;
  ttlUntil: number;
  isGone: boolean;
};

/** A publisher that checks each visit against its earlier responses to the visitor. */
export type ScoringPublisher = {
  origin: string;
  host: string;
  page: (path: string, page: Page) => void;
  /** Sets the intent of the next visits. */
  intend: (intent: Intent) => void;
  /** Virtual times of the visits to a path. */
  visitsTo: (path: string) => number[];
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** `isWhole`: without validators, although the visitor had some. */
type Visit = { path: string; at: number; isWhole: boolean };

type State = {
  now: () => number;
  card: Scorecard;
  pages: Map<string, Page>;
  given: Map<string, Given>;
  visits: Visit[];
  underWay: number;
  pausedUntil: number;
  intent: Intent;
};

const CODERS = [
  ['zstd', zlib.zstdCompressSync],
  ['br', zlib.brotliCompressSync],
  ['gzip', zlib.gzipSync],
] as const;

const isRegular = ({ intent }: State): boolean => intent === null || intent === 'restarted';

const judgeManners = (
  { card }: State,
  { headers, url = '' }: IncomingMessage,
  pages: Map<string, Page>,
): void => {
  const agent = headers['user-agent'] ?? '';
  const problem =
    (!/^[\w-]+\/\d+\.\d+\.\d+ \(\+https?:\/\/[^)]+\)$/.test(agent) && `called itself "${agent}"`) ||
    (headers.cookie !== undefined && 'brought a cookie') ||
    (headers.referer !== undefined && 'brought a referrer') ||
    (!pages.has(url) && `changed the address to ${url}`);
  card.note(12, problem);
  const codings = headers['accept-encoding'] ?? '';
  card.note(6, !/gzip/.test(codings) && `accepts only "${codings}"`);
};

const isConditional = (headers: IncomingHttpHeaders, given: Given): boolean =>
  headers['if-none-match'] === given.etag && headers['if-modified-since'] === given.lastModified;

const hasNone = (headers: IncomingHttpHeaders): boolean =>
  headers['if-none-match'] === undefined && headers['if-modified-since'] === undefined;

/** Whether this is the daily poll without validators; as days may begin at any time, two such polls may be close. */
const isOfTheDay = ({ visits }: State, path: string, at: number): boolean =>
  visits.filter((visit) => visit.path === path && visit.isWhole && visit.at > at - 24 * HOUR).length < 2;

/**
 * After a poll without validators with new entries, the visitor may check once whether a 304 would have been correct.
 */
const isSecondLook = ({ visits }: State, path: string, headers: IncomingHttpHeaders, at: number): boolean => {
  const same = visits.filter((visit) => visit.path === path && visit.at === at);
  return !hasNone(headers) && same.length === 1 && same.every(({ isWhole }) => isWhole);
};

const judgeValidators = (
  state: State,
  path: string,
  headers: IncomingHttpHeaders,
  given: Given,
  at: number,
): void => {
  const { card, intent } = state;
  if (given.etag === undefined && given.lastModified === undefined) return;
  if (intent !== 'forced' && hasNone(headers) && isOfTheDay(state, path, at)) return;
  const sent = `${headers['if-none-match']} and ${headers['if-modified-since']}`;
  const breach = !isConditional(headers, given) && `sent ${sent} for ${given.etag} and ${given.lastModified}`;
  if (intent === 'forced') card.note(15, 'if-none-match' in headers && 'forced, and yet conditional');
  else if (intent === 'manual') card.note(15, breach);
  else card.note(1, breach);
  if (intent === 'restarted') card.note(13, breach);
};

const early = (what: string, at: number, until: number): string | false =>
  at < until && `came ${Math.ceil((until - at) / 1000)} s before the end of ${what}`;

const judgeTime = (state: State, page: Page, given: Given, at: number): void => {
  const { card } = state;
  if (given.isGone) card.note(10, 'came again after a 410');
  if (!isRegular(state)) return;
  if (given.freshUntil > 0) card.note(3, early('its freshness', at, given.freshUntil));
  if (state.intent === 'restarted' && given.freshUntil > 0)
    card.note(13, early('its freshness', at, given.freshUntil));
  if (given.ttlUntil > 0) card.note(5, early('its ttl', at, given.ttlUntil));
  if (page.skipHours ?? page.skipDays)
    card.note(5, skippedBy(page, at) && `came at ${new Date(at).toUTCString()}`);
};

const skippedBy = ({ skipHours = [], skipDays = [] }: Page, at: number): boolean =>
  skipHours.includes(new Date(at).getUTCHours()) || skipDays.includes(new Date(at).getUTCDay());

const judgeHost = (state: State, path: string, at: number): void => {
  const { card, underWay, visits, pausedUntil } = state;
  if (pausedUntil > 0) card.note(4, early('the pause', at, pausedUntil));
  const isTwice = isRegular(state) && visits.some((visit) => visit.path === path && visit.at === at);
  card.note(8, (underWay > 1 && `${underWay} requests at once`) || (isTwice && `asked twice for ${path}`));
};

const judge = (state: State, request: IncomingMessage, page: Page, at: number): void => {
  const path = request.url ?? '';
  const given = state.given.get(path);
  judgeManners(state, request, state.pages);
  if (isSecondLook(state, path, request.headers, at)) {
    state.card.note(8, state.underWay > 1 && `${state.underWay} requests at once`);
    return;
  }
  judgeHost(state, path, at);
  if (!given) return;
  judgeValidators(state, path, request.headers, given, at);
  judgeTime(state, page, given, at);
};

const headersOf = (page: Page, at: number): Record<string, string> => {
  const { etag, lastModified, freshMs, freshBy, retryAfterMs, retryAfterBy, location } = page;
  const date = (wait: number) => new Date(at + wait).toUTCString();
  return {
    ...page.headers,
    date: date(0),
    'set-cookie': 'visitor=1',
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
    ...(location !== undefined && { location }),
    ...(freshMs !== undefined &&
      (freshBy === 'expires'
        ? { expires: date(freshMs) }
        : { 'cache-control': `max-age=${freshMs / 1000}` })),
    ...(retryAfterMs !== undefined && {
      'retry-after': retryAfterBy === 'date' ? date(retryAfterMs) : String(retryAfterMs / 1000),
    }),
  };
};

/** Stores what the next visit is checked against. A year of freshness counts as an hour. */
const remember = (state: State, path: string, page: Page, at: number): void => {
  const { etag, lastModified, freshMs = 0, ttlMs = 0, retryAfterMs = 0, status = 200 } = page;
  const reasonable = (ms: number) => (ms > 24 * HOUR ? HOUR : ms);
  if (status === 429 || status === 503) state.pausedUntil = at + retryAfterMs;
  state.given.set(path, {
    at,
    ...(status === 200 && etag !== undefined && { etag }),
    ...(status === 200 && lastModified !== undefined && { lastModified }),
    freshUntil: freshMs > 0 ? at + reasonable(freshMs) : 0,
    ttlUntil: ttlMs > 0 ? at + reasonable(ttlMs) : 0,
    isGone: status === 410,
  });
};

const answer = (request: IncomingMessage, response: ServerResponse, page: Page, at: number): void => {
  const { headers } = request;
  const isKnown = page.etag !== undefined && headers['if-none-match'] === page.etag;
  const status = page.status ?? (isKnown ? 304 : 200);
  const accepted = String(headers['accept-encoding']);
  const [coding, code] = CODERS.find(([name]) => accepted.includes(name)) ?? [null, null];
  const body = Buffer.from(page.body ?? '<rss/>');
  response.writeHead(status, {
    ...headersOf(page, at),
    ...(coding && status === 200 && { 'content-encoding': coding }),
  });
  response.end(status === 200 ? (code?.(body) ?? body) : undefined);
};

/** Starts a publisher on 127.0.0.1, with a clock set by the test and a scorecard that tests may share. */
export const scoringPublisher = async (options: {
  now: () => number;
  card: Scorecard;
}): Promise<ScoringPublisher> => {
  const state: State = {
    ...options,
    pages: new Map(),
    given: new Map(),
    visits: [],
    underWay: 0,
    pausedUntil: 0,
    intent: null,
  };
  const server = await localPublisher((request, response) => {
    const path = request.url ?? '';
    const page = state.pages.get(path) ?? { status: 404 };
    const at = state.now();
    state.underWay += 1;
    judge(state, request, page, at);
    const isWhole = state.given.has(path) && hasNone(request.headers);
    state.visits.push({ path, at, isWhole });
    remember(state, path, page, at);
    const reply = () => {
      state.underWay -= 1;
      answer(request, response, page, at);
    };
    setTimeout(reply, THINKING_MS); // so that concurrent requests overlap
  });

  return {
    origin: server.origin,
    host: server.host,
    page: (path, page) => void state.pages.set(path, page),
    intend: (intent) => {
      state.intent = intent;
    },
    visitsTo: (path) => state.visits.filter((visit) => visit.path === path).map(({ at }) => at),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
};
