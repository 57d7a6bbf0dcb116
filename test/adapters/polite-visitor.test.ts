import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../lib/adapters/fetch-feed.ts';
import { firstArrivals, ratePerDay } from '../../lib/core/arrival-rate.ts';
import type { FeedHints } from '../../lib/core/entry.ts';
import { planRungs, rungMs } from '../../lib/core/rungs.ts';
import { politeReader, type Subscription, subscribe } from '../support/polite-reader.ts';
import { type PoliteRule, scorecard } from '../support/polite-rules.ts';
import { type ScoringPublisher, scoringPublisher } from '../support/scoring-publisher.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Saturday, 10:00 GMT. */
const START = Date.UTC(2026, 7, 1, 10);

const card = scorecard();
const kept = (rule: PoliteRule) => ({
  isTried: card.of(rule).occasions > 0,
  breaches: card.of(rule).breaches,
});
const KEPT = { isTried: true, breaches: [] };

/** A week in some hundred milliseconds: a publisher and a reader under one clock, ten minutes a step. */
const world = async (intervalMs: (subscription: Subscription, now: number) => number = () => HOUR) => {
  let now = START;
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const publisher = await scoringPublisher({ now: () => now, card });
  const fetch = fetchFeeds({ now: () => now, userAgent: 'rss-drafts/0.0.0 (+https://example.org/about)' });
  const hintsOf = (body: string): FeedHints | null => (body.startsWith('{') ? JSON.parse(body) : null);
  const reader = politeReader({
    fetch,
    now: () => now,
    random,
    hintsOf,
    intervalMs: (one) => intervalMs(one, now),
  });

  const live = async (subscriptions: Subscription[], lengthMs: number): Promise<void> => {
    for (const end = now + lengthMs; now < end; now += 10 * MINUTE) await reader.poll(subscriptions);
  };
  const feeds = (...paths: string[]) => paths.map((path) => subscribe(`${publisher.origin}${path}`));
  return {
    publisher,
    reader,
    live,
    feeds,
    random,
    now: () => now,
    [Symbol.asyncDispose]: publisher[Symbol.asyncDispose],
  };
};

const gaps = (publisher: ScoringPublisher, path: string): number[] => {
  const visits = publisher.visitsTo(path);
  return visits.slice(1).map((at, index) => at - (visits[index] ?? 0));
};

describe('a polite visitor', () => {
  it('1. returns validators byte for byte, and is done with a 304', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/both', { etag: 'W/"odd one"', lastModified: 'Sat, 1 Aug 2026 8:00:00 +0000' });
    publisher.page('/date', { lastModified: 'yesterday' });
    const subscriptions = feeds('/both', '/date');

    await live(subscriptions, DAY);

    expect(publisher.visitsTo('/both').length).toBeGreaterThan(20);
    expect(subscriptions.map(({ reads }) => reads)).toEqual([1, 1]);
    expect(kept(1)).toEqual(KEPT);
  });

  it('3. waits for the end of max-age and of Expires, also of a 304, but not for a year', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/age', { etag: '"1"', freshMs: 150 * MINUTE });
    publisher.page('/expires', { freshMs: 90 * MINUTE, freshBy: 'expires' });
    publisher.page('/year', { freshMs: 365 * DAY });

    await live(feeds('/age', '/expires', '/year'), 2 * DAY);

    expect(publisher.visitsTo('/age').length).toBeGreaterThan(15);
    expect(publisher.visitsTo('/year').length).toBeGreaterThan(6);
    expect(kept(3)).toEqual(KEPT);
  });

  it.each([
    [429, 'seconds'],
    [429, 'date'],
    [503, 'seconds'],
    [503, 'date'],
  ] as const)(
    '4. leaves a host alone that answers %i with Retry-After in %s',
    async (status, retryAfterBy) => {
      await using scene = await world();
      const { publisher, feeds, live } = scene;
      publisher.page('/busy', { status, retryAfterMs: 3 * HOUR, retryAfterBy });
      publisher.page('/other', { etag: '"1"' });
      const [busy, other] = feeds('/busy', '/other') as [Subscription, Subscription];

      await live([busy, other], 20 * MINUTE);
      const codes = [busy.lastCode, other.lastCode];
      publisher.page('/busy', { etag: '"1"' });
      await live([busy, other], DAY);

      expect(codes).toEqual([status === 429 ? 'feed.throttled' : 'feed.unavailable', 'feed.host-paused']);
      expect(publisher.visitsTo('/other').length).toBeGreaterThan(10);
      expect(kept(4)).toEqual(KEPT);
    },
  );

  it('5. keeps the ttl, and away in skipped hours and on skipped days', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    const hints = { ttlMs: null, skipHours: [], skipDays: [] };
    const say = (more: Partial<FeedHints>) => JSON.stringify({ ...hints, ...more });
    publisher.page('/ttl', { etag: '"1"', ttlMs: 3 * HOUR, body: say({ ttlMs: 3 * HOUR }) });
    publisher.page('/hours', {
      skipHours: [12, 13, 22, 23, 0],
      body: say({ skipHours: [12, 13, 22, 23, 0] }),
    });
    publisher.page('/days', { skipDays: [0, 3], body: say({ skipDays: [0, 3] }) });

    await live(feeds('/ttl', '/hours', '/days'), 5 * DAY);

    expect(publisher.visitsTo('/ttl').length).toBeGreaterThan(35);
    expect(publisher.visitsTo('/hours').length).toBeGreaterThan(75);
    expect(publisher.visitsTo('/days').length).toBeGreaterThan(60);
    expect(kept(5)).toEqual(KEPT);
  });

  it('6. asks for compressed documents and can read them', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/feed', { body: 'long '.repeat(1_000) });
    const subscriptions = feeds('/feed');

    await live(subscriptions, HOUR);

    expect(subscriptions).toMatchObject([{ reads: 1, lastCode: null }]);
    expect(kept(6)).toEqual(KEPT);
  });

  it('2. and 7. comes as often as a feed publishes deserves, and hourly on average', async () => {
    const everyMs: Record<string, number> = { '/busy': HOUR, '/calm': 9 * HOUR, '/slow': 81 * HOUR };
    const paths = Object.keys(everyMs);
    const shown = (path: string, now: number) =>
      Array.from(
        { length: 20 },
        (_, index) => now - (now % (everyMs[path] ?? HOUR)) - index * (everyMs[path] ?? HOUR),
      );
    const plan = (now: number) =>
      planRungs(
        paths.map((path) => ({
          rung: null,
          floorMs: 0,
          perDay: ratePerDay(firstArrivals(shown(path, now), now), now),
        })),
        { meanMs: HOUR, minMs: 10 * MINUTE, maxMs: DAY },
      );
    const rungOf = (path: string, now: number) => plan(now)[paths.indexOf(path)] ?? 0;
    await using scene = await world(({ url }, now) => rungMs(rungOf(new URL(url).pathname, now)));
    const { publisher, feeds, live } = scene;
    for (const path of paths) publisher.page(path, { etag: path });

    await live(feeds(...paths), 5 * DAY);

    const [busy = 0, calm = 0, slow = 0] = paths.map((path) => publisher.visitsTo(path).length);
    const perDay = (busy + calm + slow) / 5 / paths.length;
    card.note(2, perDay > 24 * 1.1 && `came ${perDay} times a day`);
    for (const ratio of [busy / calm, calm / slow])
      card.note(7, (ratio < 2 || ratio > 4) && `came ${ratio} times as often for 9 times the entries, not 3`);
    expect(perDay).toBeGreaterThan(24 * 0.7);
    expect([kept(2), kept(7)]).toEqual([KEPT, KEPT]);
  });

  it('8. has one connection to a host at a time, and asks once what two feeds ask', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    for (const path of ['/1', '/2', '/3']) publisher.page(path, { etag: path });
    const subscriptions = feeds('/1', '/2', '/3', '/1', '/1');

    await live(subscriptions, 5 * HOUR);

    expect(subscriptions.map(({ reads }) => reads)).toEqual([1, 1, 1, 1, 1]);
    expect(kept(8)).toEqual(KEPT);
  });

  it('9. waits longer with every failure, spread by chance, up to a day, and never gives up', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    for (const path of ['/one', '/two']) publisher.page(path, { status: 500 });
    const subscriptions = feeds('/one', '/two');

    await live(subscriptions, 30 * DAY);
    const waits = gaps(publisher, '/one');
    for (const path of ['/one', '/two']) publisher.page(path, { status: 200 });
    await live(subscriptions, 2 * DAY);

    waits.forEach((wait, index) => {
      const longest = Math.min(5 * MINUTE * 2 ** index, DAY) + 10 * MINUTE;
      card.note(9, (wait < longest / 2 - 10 * MINUTE || wait > longest) && `waited ${wait / MINUTE} minutes`);
    });
    const together = publisher.visitsTo('/one').filter((at) => publisher.visitsTo('/two').includes(at));
    card.note(9, together.length > waits.length / 2 && 'feeds that failed together came back together');
    expect(waits.length).toBeGreaterThan(30);
    expect(subscriptions).toMatchObject([
      { failures: 0, reads: 1 },
      { failures: 0, reads: 1 },
    ]);
    expect(kept(9)).toEqual(KEPT);
  });

  it('10. comes no more after a 410', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/feed', { status: 410 });
    const subscriptions = feeds('/feed');

    await live(subscriptions, 3 * DAY);
    card.note(10, publisher.visitsTo('/feed').length !== 1 && 'came again after a 410');

    expect(subscriptions).toMatchObject([{ isGone: true, lastCode: 'feed.gone' }]);
    expect(kept(10)).toEqual(KEPT);
  });

  it('10. adopts a permanent redirect when it has stayed for days, and not before', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/old', { status: 301, location: '/new' });
    publisher.page('/new', { etag: '"1"' });
    const subscriptions = feeds('/old');

    await live(subscriptions, 2 * DAY);
    card.note(10, subscriptions[0]?.url.endsWith('/new') === true && 'adopted a redirect after two days');
    await live(subscriptions, 2 * DAY);
    const before = publisher.visitsTo('/old').length;
    await live(subscriptions, DAY);
    card.note(10, publisher.visitsTo('/old').length > before && 'asks the old address for ever');

    expect(publisher.visitsTo('/new').length).toBeGreaterThan(before);
    expect(kept(10)).toEqual(KEPT);
  });

  it('11. reads a document once that comes again and again without validators', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/feed', { body: 'same' });
    const subscriptions = feeds('/feed');

    await live(subscriptions, DAY);
    card.note(11, subscriptions[0]?.reads !== 1 && `read it ${subscriptions[0]?.reads} times`);

    expect(publisher.visitsTo('/feed').length).toBeGreaterThan(20);
    expect(kept(11)).toEqual(KEPT);
  });

  it('12. says who it is, and brings no cookie, referrer or changed query', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/feed?id=1', {});
    publisher.page('/moved', { status: 302, location: '/feed?id=2' });
    publisher.page('/feed?id=2', {});

    await live(feeds('/feed?id=1', '/moved'), 3 * HOUR);

    expect(kept(12)).toEqual(KEPT);
  });

  it('13. knows after a restart what it knew before', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    publisher.page('/feed', { etag: '"1"', freshMs: 5 * HOUR });
    const subscriptions = feeds('/feed');
    await live(subscriptions, 10 * MINUTE);

    const restarted: Subscription[] = JSON.parse(JSON.stringify(subscriptions));
    publisher.intend('restarted');
    await live(restarted, 6 * HOUR);

    expect(publisher.visitsTo('/feed')).toHaveLength(2);
    expect(kept(13)).toEqual(KEPT);
  });

  it('14. is led to no address that is not public', async () => {
    await using scene = await world();
    const { publisher, feeds, live } = scene;
    const traps = [
      'http://169.254.169.254/',
      'http://[::ffff:a9fe:a9fe]/',
      'file:///etc/passwd',
      'http://0:22/',
    ];
    traps.forEach((location, index) => void publisher.page(`/${index}`, { status: 302, location }));
    const subscriptions = feeds('/0', '/1', '/2', '/3');

    await live(subscriptions, HOUR);

    for (const { url, lastCode } of subscriptions)
      card.note(14, lastCode !== 'feed.refused' && `followed the redirect of ${url}: ${lastCode}`);
    expect(kept(14)).toEqual(KEPT);
  });

  it('15. sends validators when a person polls, and leaves them out only when forced', async () => {
    await using scene = await world();
    const { publisher, feeds, live, reader } = scene;
    publisher.page('/feed', { etag: '"1"', freshMs: 5 * HOUR });
    const subscriptions = feeds('/feed');
    await live(subscriptions, 10 * MINUTE);

    publisher.intend('manual');
    await reader.poll(subscriptions, { manual: true });
    publisher.intend('forced');
    await reader.poll(subscriptions, { manual: true, forced: true });

    expect(publisher.visitsTo('/feed')).toHaveLength(3);
    expect(kept(15)).toEqual(KEPT);
  });
});

describe('the scoreboard', () => {
  it('is complete: each rule had its occasions, and none was broken', () => {
    process.stdout.write(`\n${card.print()}\n\n`);

    expect(card.isComplete()).toBe(true);
  });
});

describe('a rude visitor', () => {
  it('breaks every rule that a publisher can see, so the card does not flatter', async () => {
    let now = START;
    const rudeCard = scorecard();
    await using publisher = await scoringPublisher({ now: () => now, card: rudeCard });
    const get = (path: string, headers: Record<string, string> = {}) =>
      new Promise<void>((resolve) => {
        http.get(
          `${publisher.origin}${path}`,
          { headers: { cookie: 'visitor=1', ...headers } },
          (response) => {
            response.resume().once('end', resolve);
          },
        );
      });
    publisher.page('/feed', { etag: '"1"', freshMs: HOUR, ttlMs: HOUR });
    publisher.page('/night', { skipHours: [10] });
    publisher.page('/gone', { status: 410 });

    for (const path of ['/feed', '/night', '/gone']) await get(path);
    now += MINUTE;
    await Promise.all([get('/feed', { 'if-none-match': '1' }), get('/feed'), get('/night'), get('/gone')]);
    publisher.intend('restarted');
    await get('/feed');
    publisher.intend('manual');
    await get('/feed');
    publisher.page('/busy', { status: 429, retryAfterMs: HOUR });
    await get('/busy');
    now += MINUTE;
    await get('/night');

    const broken = [1, 3, 4, 5, 6, 8, 10, 12, 13, 15] as const;
    expect(broken.filter((rule) => rudeCard.of(rule).breaches.length === 0)).toEqual([]);
    expect(rudeCard.isComplete()).toBe(false);
  });
});
