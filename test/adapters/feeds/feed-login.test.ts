import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { retryable } from '../../../lib/core/errors.ts';
import { withLogin } from '../../../lib/core/polling/feed-login.ts';
import type { SecretByName } from '../../../lib/core/ports.ts';
import { localPublisher } from '../../support/local-publisher.ts';

const values: Record<string, string> = { 'news-key': 'k3y', 'news-login': 'jané:pa:ss' };
const known: SecretByName = async (name) => values[name] ?? null;
const login = { headers: { 'x-api-key': 'news-key' }, basic: 'news-login' };

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

const host = async (location?: string) => {
  const seen: IncomingHttpHeaders[] = [];
  const publisher = await localPublisher((request, response) => {
    seen.push(request.headers);
    if (location === undefined) response.end('<rss/>');
    else response.writeHead(302, { location }).end();
  });
  closers.push(publisher);
  return { seen, url: `${publisher.origin}/feed` };
};

const get = (url: string, secret: SecretByName, given = login) =>
  withLogin(
    fetchFeeds({ now: Date.now, userAgent: 'rss-drafts-test' }),
    secret,
  )({ url, validators: null, allowPrivate: true, deadlineMs: 5_000, login: given });

describe('a feed behind a login', () => {
  it('receives the inbound secret values for the configured names', async () => {
    const { url, seen } = await host();

    await get(url, known);

    expect(seen).toMatchObject([
      { 'x-api-key': 'k3y', authorization: `Basic ${Buffer.from('jané:pa:ss').toString('base64')}` },
    ]);
  });

  it('keeps its credentials from a host that it redirects to', async () => {
    const other = await host();
    const { url, seen } = await host(other.url);

    await get(url, known);

    expect(seen[0]).toHaveProperty('authorization');
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]).not.toHaveProperty('authorization');
    expect(other.seen[0]).not.toHaveProperty('x-api-key');
  });

  it('is not requested while a name has no secret', async () => {
    const { url, seen } = await host();

    const asked = get(url, known, { ...login, basic: 'nothing-there' });

    await expect(asked).rejects.toMatchObject({
      kind: 'config',
      code: 'feed.login',
      message: expect.stringContaining('nothing-there'),
    });
    expect(seen).toEqual([]);
  });

  it('fails as retryable while the secret cannot be read', async () => {
    const { url } = await host();

    const asked = get(url, async () => {
      throw retryable('inbound.throttled', 'too many requests');
    });

    await expect(asked).rejects.toMatchObject({ kind: 'retryable', code: 'feed.login' });
  });
});
