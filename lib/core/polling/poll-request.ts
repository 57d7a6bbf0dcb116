import type { FeedConfig } from '../config/config.ts';
import type { FetchRequest } from '../ports.ts';
import type { FeedRow, Unconditional, Validators } from './feed-row.ts';
import { parseHttpDate } from './http-caching.ts';
import { phaseMs } from './phase.ts';

const fetchDeadlineMs = 15_000;
const day = 86_400_000;

/** So long a server is asked without validators that answered 304 although it had news. */
export const unconditionalMs = 30 * day;

/** What a feed's server is asked. Without validators it sends the document, changed or not. */
export const feedRequest = (
  { url, allowPrivate, login }: FeedConfig,
  validators: Validators | null,
): FetchRequest => ({ url, validators, allowPrivate, deadlineMs: fetchDeadlineMs, ...(login && { login }) });

/** A day begins for each feed at another time, from the hash of its address, so that a fleet spreads. */
const dayOf = (url: string, at: number): number => Math.floor((at - phaseMs(url, day)) / day);

const isOlderThanNews = ({ lastModified }: Validators, newest: number | null): boolean => {
  const modifiedAt = parseHttpDate(lastModified);
  return modifiedAt !== null && newest !== null && modifiedAt < newest;
};

/**
 * The validators worth sending. A Last-Modified that is older than the newest entry is none: the document was modified
 * when that entry came, and a server that goes by the date alone answers 304 for ever.
 */
export const usableValidators = ({ validators, newest }: FeedRow): Validators | null => {
  const { etag, lastModified } = isOlderThanNews(validators, newest)
    ? { ...validators, lastModified: null }
    : validators;
  return etag === null && lastModified === null ? null : { etag, lastModified };
};

/** `row`: what is known of the feed at this address. */
type Poll = { feed: FeedConfig; row: FeedRow | null; now: number; force?: boolean | undefined };

/**
 * `isDaily`: the one poll of the day that goes without validators, since caches are known to answer 304 for ever; its
 * document is worth reading even when its bytes are known. A feed's first poll and a forced one count as well.
 */
export type PollRequest = { request: FetchRequest; isDaily: boolean };

/** As a poll asks: where the feed has moved to for good, with what its server gave us the last time. */
export const pollRequest = ({ feed, row, now, force = false }: Poll): PollRequest => {
  const { moved } = row?.learned ?? {};
  const url = moved?.adopted ? moved.to : feed.url;
  const isDaily =
    row === null || force || dayOf(feed.url, row.unconditional?.lastAt ?? 0) < dayOf(feed.url, now);
  const without = isDaily || (row.unconditional?.until ?? 0) > now;
  return {
    request: {
      ...feedRequest({ ...feed, url }, without ? null : usableValidators(row)),
      ...(force && { noCache: true }),
    },
    isDaily,
  };
};

/** What to keep of a daily poll that was answered; `isWrong`: a 304 was found to be wrong. */
export const afterDailyPoll = (
  before: Unconditional | undefined,
  { now, isWrong }: { now: number; isWrong: boolean },
): Unconditional => {
  const until = isWrong ? now + unconditionalMs : (before?.until ?? 0);
  return { lastAt: now, ...(until > now && { until }) };
};
