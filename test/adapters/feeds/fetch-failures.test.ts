import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { always, ask, fetchFeed, NOW, USER_AGENT } from './fetch-here.ts';

describe('fetchFeeds, responses without a document', () => {
  it.each([
    [400, 'permanent', 'feed.unexpected-status'],
    [401, 'permanent', 'feed.unauthorized'],
    [403, 'permanent', 'feed.forbidden'],
    [404, 'permanent', 'feed.not-found'],
    [408, 'retryable', 'feed.server-error'],
    [410, 'permanent', 'feed.gone'],
    [418, 'permanent', 'feed.unexpected-status'],
    [425, 'retryable', 'feed.server-error'],
    [429, 'retryable', 'feed.throttled'],
    [500, 'retryable', 'feed.server-error'],
    [502, 'retryable', 'feed.server-error'],
    [503, 'retryable', 'feed.unavailable'],
    [522, 'retryable', 'feed.server-error'],
    [204, 'permanent', 'feed.unexpected-status'],
    [206, 'permanent', 'feed.unexpected-status'],
    [300, 'permanent', 'feed.unexpected-status'],
  ])('%i is %s %s, and the message names host and status', async (status, kind, code) => {
    await using publisher = await localPublisher(always(status));

    const failure = await fetchFeed(ask(`${publisher.origin}/secret-path?key=secret`)).catch(
      (error) => error,
    );

    expect(failure).toMatchObject({ kind, code });
    expect(failure.message).toContain(publisher.host);
    expect(failure.message).toContain(String(status));
    expect(failure.message).not.toContain('secret');
  });

  it.each([
    [429, '120', 120_000],
    [429, new Date(NOW + 120_000).toUTCString(), 120_000],
    [503, '120', 120_000],
    [503, new Date(NOW + 120_000).toUTCString(), 120_000],
    [429, null, 3_600_000],
    [503, null, 900_000],
    [429, 'soon', 3_600_000],
  ])('%i with Retry-After: %s sets a wait of %d ms', async (status, retryAfter, retryAfterMs) => {
    const date = new Date(NOW).toUTCString();
    await using publisher = await localPublisher(
      always(status, { date, ...(retryAfter !== null && { 'retry-after': retryAfter }) }),
    );

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ retryAfterMs });
  });
});

describe('fetchFeeds, bot protection', () => {
  const page = '<!DOCTYPE html><html><head><meta http-equiv="refresh" content="0;/c"></head></html>';

  it.each<[string, number, Record<string, string>, string]>([
    ['[31] 202 marked by AWS WAF', 202, { 'x-amzn-waf-action': 'challenge' }, ''],
    ['[31] 202 without a body', 202, {}, ' \n'],
    ['202 with a page', 202, { 'sg-captcha': 'challenge' }, page],
    ['405 marked by AWS WAF', 405, { 'x-amzn-waf-action': 'captcha' }, page],
    ['403 marked by Cloudflare', 403, { 'cf-mitigated': 'challenge' }, page],
    ['503 marked by Cloudflare', 503, { 'cf-mitigated': 'challenge' }, page],
    ['200 marked by Cloudflare, with a page', 200, { 'cf-mitigated': 'challenge' }, page],
  ])('is feed.challenge: %s', async (_name, status, headers, body) => {
    await using publisher = await localPublisher(always(status, headers, body));

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'permanent', code: 'feed.challenge' });
    expect(failure.message).toContain(`returned ${status}`);
  });

  it('with a Retry-After is feed.throttled for that time', async () => {
    await using publisher = await localPublisher(
      always(429, { 'cf-mitigated': 'challenge', 'retry-after': '60' }),
    );

    const pause = { code: 'feed.throttled', retryAfterMs: 60_000 };
    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject(pause);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['[31] 202 with a feed', 202, {}, '<?xml version="1.0"?><rss/>'],
    ['202 with a JSON feed', 202, {}, '{"version":"https://jsonfeed.org/version/1.1"}'],
    ['a mark on a feed', 200, { 'cf-mitigated': 'challenge' }, '\ufeff<rss/>'],
    ['200 with a page, which the parser reports', 200, {}, page],
  ])('is not assumed for %s', async (_name, status, headers, body) => {
    await using publisher = await localPublisher(always(status, headers, body));

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.from(body) });
  });
});

describe('fetchFeeds, unreachable hosts', () => {
  it.each([
    ['a closed port', 'ECONNREFUSED', 'refuses connections'],
    ['a name that does not exist', 'ENOTFOUND', 'does not exist'],
    ['a temporary resolver failure', 'EAI_AGAIN', 'cannot be resolved now'],
    ['an unknown error', 'EWHATEVER', 'EWHATEVER'],
  ])('%s is feed.unreachable, with its cause', async (_name, code, words) => {
    const cause = Object.assign(new Error('no'), { code });
    const failing = fetchFeeds({
      now: () => NOW,
      userAgent: USER_AGENT,
      lookup: (_hostname, _options, callback) => callback(cause, [], 4),
    });

    const failure = await failing(ask('http://feeds.test/')).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.unreachable', cause });
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('feeds.test');
  });

  it('a server that closes without a response is feed.unreachable', async () => {
    await using publisher = await localPublisher((request) => request.socket.destroy());

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.unreachable' });
  });

  it('a server that does not speak HTTP is feed.unreachable, with that reason', async () => {
    await using publisher = await localPublisher((request) => request.socket.end('SSH-2.0-OpenSSH\r\n'));

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.unreachable' });
    expect(failure.message).toContain('not HTTP');
  });

  it('an invalid address is permanent', async () => {
    await expect(fetchFeed(ask('feeds.example/rss'))).rejects.toMatchObject({ code: 'feed.address' });
  });
});
