import { describe, expect, it } from 'vitest';
import { findFeed } from '../../cli/find-feed.ts';
import { misconfigured } from '../../lib/core/errors.ts';
import type { FetchRequest } from '../../lib/core/ports.ts';

/** A network in which some hosts are private and some addresses redirect. */
const readerOver = (privateHosts: string[], leadsTo: Record<string, string> = {}) => {
  const visited: { url: string; allowPrivate: boolean }[] = [];
  const visit = (url: string, allowPrivate: boolean): string => {
    const { hostname } = new URL(url);
    if (privateHosts.includes(hostname) && !allowPrivate)
      throw misconfigured('feed.refused', `${hostname} is at a private address`, {
        details: { privateHost: hostname },
      });
    visited.push({ url, allowPrivate });
    const next = leadsTo[url];
    return next === undefined ? url : visit(next, allowPrivate);
  };
  const fetchFeed = async ({ url, allowPrivate }: FetchRequest) => ({
    kind: 'document' as const,
    bytes: new Uint8Array(),
    contentType: null,
    url: visit(url, allowPrivate),
    validators: { etag: null, lastModified: null },
    hints: { freshUntil: null },
  });
  const parseFeed = async () => ({
    format: 'test',
    title: 'Found',
    link: null,
    entries: [],
    complete: false,
    truncated: 0,
    fragments: [],
    hints: { ttlMs: null, skipHours: [], skipDays: [] },
  });
  return { reader: { fetchFeed, parseFeed }, visited };
};

describe('findFeed', () => {
  it('allows private addresses when the given host is private', async () => {
    const { reader } = readerOver(['wiki.lan']);

    expect(await findFeed(reader, 'http://wiki.lan/feed')).toMatchObject({ allowPrivate: true });
  });

  it('refuses a redirect from a public site to a private address, without fetching it', async () => {
    const { reader, visited } = readerOver(['10.0.0.7'], {
      'https://www.example.com/feed': 'http://10.0.0.7/admin',
    });

    const finding = findFeed(reader, 'https://www.example.com/feed');

    await expect(finding).rejects.toMatchObject({
      code: 'feed.private-redirect',
      message: expect.stringContaining('10.0.0.7'),
    });
    expect(visited).toEqual([{ url: 'https://www.example.com/feed', allowPrivate: false }]);
  });

  it('does not allow private addresses for a public feed', async () => {
    const { reader } = readerOver([]);

    expect(await findFeed(reader, 'www.example.com')).toMatchObject({ allowPrivate: false });
  });
});
