import type { FeedConfig } from '../config/config.ts';
import type { FetchRequest } from '../ports.ts';
import type { FeedRow, Unconditional, Validators } from './feed-row.ts';
import { parseHttpDate } from './http-caching.ts';
import { phaseMs } from './phase.ts';

const fetchDeadlineMs = 15_000;
const day = 86_400_000;

/** How long no validators are sent to a server that responded 304 although there were new entries. */
export const unconditionalMs = 30 * day;

/** The request for a feed. Without validators the server sends the document even if unchanged. */
export const feedRequest = (
  { url, allowPrivate, login }: FeedConfig,
  validators: Validators | null,
): FetchRequest => ({ url, validators, allowPrivate, deadlineMs: fetchDeadlineMs, ...(login && { login }) });

/** A day begins at a different time for each feed, derived from the hash of its address, to spread the fleet. */
const dayOf = (url: string, at: number): number => Math.floor((at - phaseMs(url, day)) / day);

const isOlderThanNews = ({ lastModified }: Validators, newest: number | null): boolean => {
  const modifiedAt = parseHttpDate(lastModified);
  return modifiedAt !== null && newest !== null && modifiedAt < newest;
};

/**
 * The validators worth sending. A Last-Modified older than the newest entry is not: the document was modified when that
 * entry appeared, and a server that only compares dates would respond 304 forever.
 */
export const usableValidators = ({ validators, newest }: FeedRow): Validators | null => {
  const { etag, lastModified } = isOlderThanNews(validators, newest)
    ? { ...validators, lastModified: null }
    : validators;
  return etag === null && lastModified === null ? null : { etag, lastModified };
};

/** `row`: what is stored about the feed at this address. */
type Poll = { feed: FeedConfig; row: FeedRow | null; now: number; force?: boolean | undefined };

/**
 * `isDaily`: the daily poll without validators, because some caches respond 304 forever; its document is parsed even if
 * its bytes are known. A feed's first poll and a forced one count as well.
 */
export type PollRequest = { request: FetchRequest; isDaily: boolean };

/** The request of a poll: to the adopted address, with the validators received last time. */
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

/** What to store after a daily poll; `isWrong`: a 304 was found to be wrong. */
export const afterDailyPoll = (
  before: Unconditional | undefined,
  { now, isWrong }: { now: number; isWrong: boolean },
): Unconditional => {
  const until = isWrong ? now + unconditionalMs : (before?.until ?? 0);
  return { lastAt: now, ...(until > now && { until }) };
};
