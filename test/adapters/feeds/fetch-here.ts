import type { RequestListener } from 'node:http';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import type { FetchRequest } from '../../../lib/core/ports.ts';

export const NOW = Date.UTC(2026, 7, 1, 10, 20);
export const USER_AGENT = 'rss-drafts/0.0.0 (+https://example.org/about)';
/** For a `fetchFeeds` with other limits. */
export const OPTIONS = { now: () => 0, userAgent: USER_AGENT };
export const fetchFeed = fetchFeeds({ now: () => NOW, userAgent: USER_AGENT });

export const ask = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  validators: null,
  allowPrivate: true,
  deadlineMs: 5_000,
  ...more,
});

export const always =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
