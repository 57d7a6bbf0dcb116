import { AppError, retryable } from '../errors.ts';
import type { Clock, FetchFeed, FetchRequest, FetchResponse } from '../ports.ts';
import { hostOf } from './host-back-off.ts';

const MINUTE = 60_000;

/**
 * How long a feed waits for others on its host before it is deferred, so that slow hosts do not use up an invocation.
 */
const MAX_LANE_WAIT_MS = 15_000;

/** Codes that apply to the whole host, not only to one feed. */
const HOST_CODES = new Set(['feed.throttled', 'feed.unavailable']);

/** The error for a feed that is deferred this long because of its host's back-off. */
export const hostPaused = (host: string, leftMs: number): AppError =>
  retryable('feed.host-paused', `${host} asked for a pause when another of its feeds was polled`, {
    retryAfterMs: leftMs,
  });

/** Whether a feed was only deferred because of its host's back-off; it did not fail and is polled afterwards. */
export const isHostPaused = (error: AppError): boolean => error.code === 'feed.host-paused';

/** Whether a feed was only deferred because others on its host took too long; it is polled after `retryAfterMs`. */
export const isHostBusy = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'feed.host-busy';

/** Whether a response requires a back-off from the whole host, for a given time. */
export const asksForHost = (error: AppError): boolean =>
  HOST_CODES.has(error.code) && error.retryAfterMs !== undefined;

/** Requests with the same key share a response. */
const questionOf = ({ deadlineMs, ...question }: FetchRequest): string => {
  const { url, validators, allowPrivate, headers, login, noCache } = question;
  return JSON.stringify([
    url,
    validators?.etag,
    validators?.lastModified,
    allowPrivate,
    headers,
    login,
    noCache ?? false,
  ]);
};

/**
 * Fetches for one batch of feeds with one connection per host at a time, no further request to a host that responded
 * 429 or 503, and one request for identical ones. Create a new one for each batch. In addition to what `fetch` throws:
 * retryable `feed.host-paused` (`isHostPaused`) and `feed.host-busy` (`isHostBusy`).
 */
export const politeBatch = (fetch: FetchFeed, options: { now: Clock; maxWaitMs?: number }): FetchFeed => {
  const { now, maxWaitMs = MAX_LANE_WAIT_MS } = options;
  const lanes = new Map<string, Promise<unknown>>();
  const pausedUntil = new Map<string, number>();
  const responses = new Map<string, Promise<FetchResponse>>();

  const refuseIfPaused = (host: string): void => {
    const leftMs = (pausedUntil.get(host) ?? 0) - now();
    if (leftMs > 0) throw hostPaused(host, leftMs);
  };

  const refuseIfLate = (host: string, since: number): void => {
    if (now() - since > maxWaitMs)
      throw retryable(
        'feed.host-busy',
        `other feeds of ${host} took too long, so this one is polled next time`,
        {
          retryAfterMs: MINUTE,
        },
      );
  };

  const learn = (host: string, error: unknown): void => {
    if (error instanceof AppError && HOST_CODES.has(error.code))
      pausedUntil.set(host, now() + (error.retryAfterMs ?? 0));
  };

  const askInTurn = async (host: string, request: FetchRequest, since: number): Promise<FetchResponse> => {
    refuseIfPaused(host);
    refuseIfLate(host, since);
    try {
      return await fetch(request);
    } catch (error) {
      learn(host, error);
      throw error;
    }
  };

  const queue = (request: FetchRequest): Promise<FetchResponse> => {
    const host = hostOf(request.url);
    const since = now();
    const turn = (lanes.get(host) ?? Promise.resolve()).then(() => askInTurn(host, request, since));
    lanes.set(
      host,
      turn.catch(() => {}),
    );
    return turn;
  };

  return (request) => {
    const question = questionOf(request);
    const response = responses.get(question) ?? queue(request);
    responses.set(question, response);
    return response;
  };
};
