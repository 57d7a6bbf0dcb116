import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import type { FetchFeed, FetchRequest } from '../../../lib/core/ports.ts';
import { localPublisher } from '../../support/local-publisher.ts';

const OPTIONS = { now: () => 0, userAgent: 'rss-drafts/0.0.0 (+https://example.org/about)' };
const REFUSED = { kind: 'config', code: 'feed.refused' };

const fetchFeed = fetchFeeds(OPTIONS);
const ask = (url: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  validators: null,
  allowPrivate: false,
  deadlineMs: 2_000,
  ...more,
});

const failureOf = (fetch: FetchFeed, request: FetchRequest) =>
  fetch(request).then(
    () => ({ code: 'none: it got through' }),
    (error) => error,
  );

/** Resolves every name to the given addresses, as an attacker's name server would. */
const resolving = (...addresses: string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_hostname, options, callback) => {
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
};

const LOOPBACK = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0x7f.1',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '127。0。0。1',
  'user@127.0.0.1',
  'example.com@127.0.0.1',
  'localhost',
  'LOCALHOST',
  '0.0.0.0',
  '0',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
];

const PRIVATE = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[4000::1]',
  '[2001:db8::1]',
  '[::ffff:10.0.0.1]',
];

const METADATA = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '[fd00:ec2::254]',
  '[fd00:ec2:0::23]',
  '[fd20:ce::254]',
  '[fe80::a9fe:a9fe]',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:a9fe:a9fe::1]',
  '0.0.0.0',
  '[::]',
];

describe('an address that is not public', () => {
  it('is refused in every spelling of loopback, without a connection', async () => {
    await using secret = await localPublisher((_request, response) => response.end('secret'));

    const failures = await Promise.all(
      LOOPBACK.map((host) => failureOf(fetchFeed, ask(`http://${host}:${secret.port}/`))),
    );

    expect(failures.map(({ code }, index) => [LOOPBACK[index], code])).toEqual(
      LOOPBACK.map((host) => [host, 'feed.refused']),
    );
    expect(secret.visits).toEqual([]);
  });

  it.each([...PRIVATE, ...METADATA])('is refused: %s, over http and https', async (host) => {
    expect(await failureOf(fetchFeed, ask(`http://${host}/`))).toMatchObject(REFUSED);
    expect(await failureOf(fetchFeed, ask(`https://${host}/`))).toMatchObject(REFUSED);
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['private', ['10.1.2.3']],
    ['metadata', ['169.254.169.254']],
    ['unique local', ['fd00::1']],
    ['IPv4-mapped', ['::ffff:127.0.0.1']],
    ['IPv4-compatible', ['::7f00:1']],
    ['link-local with a zone', ['fe80::1%lo']],
    ['private after a public one', ['93.184.216.34', '10.0.0.1']],
    ['IPv4-compatible after a public one', ['2606:2800:21f::1', '::7f00:1']],
  ])('is refused when a name resolves to it: %s', async (_name, addresses) => {
    const guarded = fetchFeeds({ ...OPTIONS, lookup: resolving(...addresses) });

    expect(await failureOf(guarded, ask('http://feeds.test/'))).toMatchObject(REFUSED);
    expect(await failureOf(guarded, ask('https://feeds.test/'))).toMatchObject(REFUSED);
  });

  it('is refused with the setting for feeds on your own network', async () => {
    const failure = await failureOf(fetchFeed, ask('http://10.0.0.1/'));

    expect(failure.message).toContain('10.0.0.1');
    expect(failure.message).toContain('allow_private: true');
  });
});

describe('allowPrivate', () => {
  const inside = (url: string) => ask(url, { allowPrivate: true });

  it('allows a feed on this machine, by address and by name', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));

    await expect(fetchFeed(inside(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
    await expect(fetchFeed(inside(`http://localhost:${publisher.port}/`))).resolves.toMatchObject({
      kind: 'document',
    });
  });

  it('applies to one feed only, not to another on the same host', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));

    await fetchFeed(inside(publisher.origin));

    expect(await failureOf(fetchFeed, ask(publisher.origin))).toMatchObject(REFUSED);
    expect(publisher.visits).toHaveLength(1);
  });

  it.each(METADATA)('does not allow cloud metadata addresses: %s', async (host) => {
    const failure = await failureOf(fetchFeed, inside(`http://${host}/`));

    expect(failure).toMatchObject(REFUSED);
    expect(failure.message).not.toContain('allow_private');
  });

  it.each([['169.254.169.254'], ['fd00:ec2::254'], ['::ffff:169.254.169.254'], ['64:ff9b::a9fe:a9fe']])(
    'does not allow them through a name: %s',
    async (address) => {
      const guarded = fetchFeeds({ ...OPTIONS, lookup: resolving(address) });

      expect(await failureOf(guarded, inside('http://metadata.test/'))).toMatchObject(REFUSED);
    },
  );
});

describe('a scheme or port that serves no feeds', () => {
  it.each([
    'file:///etc/passwd',
    'data:application/rss+xml,<rss/>',
    'ftp://example.com/feed',
    'gopher://127.0.0.1:6379/_x',
    'javascript:alert(1)',
    'blob:https://example.com/1',
    'ws://example.com/',
    'unix:/var/run/docker.sock',
  ])('is refused, also with allowPrivate: %s', async (url) => {
    expect(await failureOf(fetchFeed, ask(url))).toMatchObject(REFUSED);
    expect(await failureOf(fetchFeed, ask(url, { allowPrivate: true }))).toMatchObject(REFUSED);
  });

  it.each([1, 22, 25, 81, 110, 445, 993, 1023])('is refused: port %i', async (port) => {
    const failure = await failureOf(fetchFeed, ask(`http://127.0.0.1:${port}/`, { allowPrivate: true }));

    expect(failure).toMatchObject(REFUSED);
    expect(failure.message).toContain(String(port));
  });

  it.each([1024, 8080, 65535, 80, 443])('does not include port %i', async (port) => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(new Error('looked up'), '', 4);
    const guarded = fetchFeeds({ ...OPTIONS, lookup: failing });

    expect(await failureOf(guarded, ask(`http://feeds.test:${port}/`))).toMatchObject({
      code: 'feed.unreachable',
    });
  });

  it('can be allowed by configuration', async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(new Error('looked up'), '', 4);
    const guarded = fetchFeeds({ ...OPTIONS, lookup: failing, ports: [81] });

    expect(await failureOf(guarded, ask('http://feeds.test:81/'))).toMatchObject({
      code: 'feed.unreachable',
    });
    expect(await failureOf(guarded, ask('http://feeds.test:82/'))).toMatchObject(REFUSED);
  });
});

describe('a redirect', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    '//169.254.169.254/',
    '\\\\169.254.169.254\\latest',
    'http:\\\\169.254.169.254/',
    'http://harmless.test@169.254.169.254/',
    ' http://169.254.169.254/ ',
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'data:text/xml,<rss/>',
    'gopher://127.0.0.1/',
    'http://127.0.0.1:22/',
    '//127.0.0.1:25/',
  ])('to a forbidden address is refused: %s', async (location) => {
    await using publisher = await localPublisher((_request, response) =>
      response.writeHead(302, { location }).end(),
    );

    const failure = await failureOf(fetchFeed, ask(publisher.origin, { allowPrivate: true }));

    expect(failure).toMatchObject(REFUSED);
    expect(publisher.visits).toHaveLength(1);
  });

  it('is checked at its last hop like at its first', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const hop = Number(url?.slice(1)) + 1;
      response.writeHead(302, { location: hop < 5 ? `/${hop}` : 'http://169.254.169.254/' }).end();
    });

    expect(await failureOf(fetchFeed, ask(`${publisher.origin}/0`, { allowPrivate: true }))).toMatchObject(
      REFUSED,
    );
    expect(publisher.visits).toHaveLength(5);
  });
});

describe('a name that changes its address between lookups', () => {
  it('is resolved only once, and that address is connected to', async () => {
    let looks = 0;
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));
    const counting: LookupFunction = (hostname, options, callback) => {
      looks += 1;
      resolving(looks === 1 ? '127.0.0.1' : '169.254.169.254')(hostname, options, callback);
    };
    const guarded = fetchFeeds({ ...OPTIONS, lookup: counting });

    const answer = await guarded(ask(`http://feeds.test:${publisher.port}/`, { allowPrivate: true }));

    expect(answer.kind).toBe('document');
    expect(looks).toBe(1);
  });

  it('is checked again at each hop, even if the name is the same', async () => {
    let looks = 0;
    await using publisher = await localPublisher((_request, response) =>
      response.writeHead(302, { location: '/again' }).end(),
    );
    const rebinding: LookupFunction = (hostname, options, callback) => {
      looks += 1;
      resolving(looks === 1 ? '127.0.0.1' : '169.254.169.254')(hostname, options, callback);
    };
    const guarded = fetchFeeds({ ...OPTIONS, lookup: rebinding });

    const failure = await failureOf(
      guarded,
      ask(`http://feeds.test:${publisher.port}/`, { allowPrivate: true }),
    );

    expect(failure).toMatchObject(REFUSED);
    expect([looks, publisher.visits.length]).toEqual([2, 1]);
  });

  it('is checked with the system resolver by default', async () => {
    const found = await dns.promises.lookup('localhost');

    expect(found.address).toMatch(/^(127\.|::1)/);
    expect(await failureOf(fetchFeed, ask('http://localhost/'))).toMatchObject(REFUSED);
  });
});
