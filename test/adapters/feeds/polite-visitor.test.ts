import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { politeFleet } from '../../support/polite-fleet.ts';
import { type PoliteRule, scorecard } from '../../support/polite-rules.ts';
import { type ScoringPublisher, scoringPublisher } from '../../support/scoring-publisher.ts';

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

const fleet = (...paths: string[]) => politeFleet({ at: START, card, paths });

const gaps = (publisher: ScoringPublisher, path: string): number[] => {
  const visits = publisher.visitsTo(path);
  return visits.slice(1).map((at, index) => at - (visits[index] ?? 0));
};

/** A document with these elements in its channel. */
const saying = (words: string) =>
  `<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>F</title>${words}</channel></rss>`;

/** The last twenty entries of a feed that publishes at this interval. */
const showing = (everyMs: number, now: number): string => {
  const newest = now - (now % everyMs);
  const items = Array.from({ length: 20 }, (_, index) => newest - index * everyMs);
  return saying(
    items
      .map(
        (at) =>
          `<item><guid>${at}</guid><title>At ${at}</title><pubDate>${new Date(at).toUTCString()}</pubDate></item>`,
      )
      .join(''),
  );
};

describe('polite visitor', () => {
  it('1. returns validators byte for byte and stops at a 304', async () => {
    await using scene = await fleet('/both', '/date');
    scene.publisher.page('/both', { etag: 'W/"odd one"', lastModified: 'Sat, 1 Aug 2026 8:00:00 +0000' });
    scene.publisher.page('/date', { lastModified: 'yesterday' });

    await scene.live(DAY);

    expect(scene.publisher.visitsTo('/both').length).toBeGreaterThan(15);
    expect(scene.seen().map(({ reads }) => reads)).toEqual([1, 1]);
    expect(kept(1)).toEqual(KEPT);
  });

  it('3. waits for max-age and Expires, also of a 304, but not for a year', async () => {
    await using scene = await fleet('/age', '/expires', '/year');
    scene.publisher.page('/age', { etag: '"1"', freshMs: 150 * MINUTE });
    scene.publisher.page('/expires', { freshMs: 90 * MINUTE, freshBy: 'expires' });
    scene.publisher.page('/year', { freshMs: 365 * DAY });

    await scene.live(2 * DAY);

    expect(scene.publisher.visitsTo('/age').length).toBeGreaterThan(12);
    expect(scene.publisher.visitsTo('/year').length).toBeGreaterThan(5);
    expect(kept(3)).toEqual(KEPT);
  });

  it('3. waits for max-age even if it differs each time', async () => {
    await using scene = await fleet('/any');
    let turn = 0;

    await scene.live(3 * DAY, () => {
      turn += 1;
      scene.publisher.page('/any', { etag: '"1"', freshMs: (30 + ((turn * 37) % 200)) * MINUTE });
    });

    expect(scene.publisher.visitsTo('/any').length).toBeGreaterThan(10);
    const daily = 4; // The daily poll without validators is recorded: for three days that begin in the middle of one.
    expect(scene.stored(0)?.rev).toBeLessThan(8 + daily); // Otherwise only a floor higher than all before is worth a write.
    expect(kept(3)).toEqual(KEPT);
  });

  it.each([
    [429, 'seconds'],
    [429, 'date'],
    [503, 'seconds'],
    [503, 'date'],
  ] as const)('4. rests a host that responds %i with Retry-After in %s', async (status, retryAfterBy) => {
    await using scene = await fleet('/busy', '/other', '/third');
    const { publisher } = scene;
    publisher.page('/busy', { status, retryAfterMs: 3 * HOUR, retryAfterBy });
    for (const path of ['/other', '/third']) publisher.page(path, { etag: '"1"' });

    await scene.live(20 * MINUTE);
    const [busy] = scene.seen();
    publisher.page('/busy', { etag: '"1"' });
    await scene.live(DAY);

    expect(busy).toMatchObject({ code: status === 429 ? 'feed.throttled' : 'feed.unavailable' });
    expect(scene.events()).toContainEqual(
      expect.objectContaining({ event: 'poll.deferred', code: 'feed.host-paused' }),
    );
    for (const path of ['/busy', '/other', '/third'])
      expect(publisher.visitsTo(path).length).toBeGreaterThan(10);
    expect(kept(4)).toEqual(KEPT);
  });

  it('4. rests the other feeds on a host, including those due later', async () => {
    await using scene = await fleet('/one', '/two', '/three');
    const { publisher } = scene;
    for (const path of ['/one', '/two', '/three']) publisher.page(path, { etag: '"1"' });
    await scene.live(5 * HOUR);

    publisher.page('/two', { status: 429, retryAfterMs: 4 * HOUR });
    await scene.live(4 * HOUR);
    publisher.page('/two', { etag: '"1"' });
    await scene.live(DAY);

    expect(publisher.visitsTo('/one').length).toBeGreaterThan(15);
    expect(kept(4)).toEqual(KEPT);
  });

  it('5. respects ttl and sy:update*, skipped hours and skipped days', async () => {
    await using scene = await fleet('/ttl', '/sy', '/hours', '/days');
    const { publisher } = scene;
    const hours = [12, 13, 22, 23, 0];
    publisher.page('/ttl', { etag: '"1"', ttlMs: 3 * HOUR, body: saying('<ttl>180</ttl>') });
    publisher.page('/sy', {
      ttlMs: 2 * HOUR,
      body: saying('<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>'),
    });
    publisher.page('/hours', {
      skipHours: hours,
      body: saying(`<skipHours>${hours.map((hour) => `<hour>${hour}</hour>`).join('')}</skipHours>`),
    });
    publisher.page('/days', {
      skipDays: [0, 3],
      body: saying('<skipDays><day>Sunday</day><day>Wednesday</day></skipDays>'),
    });

    await scene.live(5 * DAY);

    expect(publisher.visitsTo('/ttl').length).toBeGreaterThan(30);
    expect(publisher.visitsTo('/sy').length).toBeGreaterThan(40);
    expect(publisher.visitsTo('/hours').length).toBeGreaterThan(60);
    expect(publisher.visitsTo('/days').length).toBeGreaterThan(50);
    expect(kept(5)).toEqual(KEPT);
  });

  it('6. requests compressed documents and can read them', async () => {
    await using scene = await fleet('/feed');
    scene.publisher.page('/feed', { body: saying('<description>long </description>'.repeat(1_000)) });

    await scene.live(HOUR);

    expect(scene.seen()).toMatchObject([{ reads: 1, code: null }]);
    expect(kept(6)).toEqual(KEPT);
  });

  it('2. and 7. polls in proportion to the publishing rate, hourly on average', async () => {
    const everyMs = { '/busy': HOUR, '/calm': 9 * HOUR, '/slow': 81 * HOUR };
    const paths = Object.keys(everyMs) as (keyof typeof everyMs)[];
    await using scene = await fleet(...paths);
    const { publisher } = scene;

    await scene.live(6 * DAY, (now) => {
      for (const path of paths)
        publisher.page(path, { etag: `"${now - (now % everyMs[path])}"`, body: showing(everyMs[path], now) });
    });

    const settledAt = START + DAY;
    const [busy = 0, calm = 0, slow = 0] = paths.map(
      (path) => publisher.visitsTo(path).filter((at) => at >= settledAt).length,
    );
    const perDay = (busy + calm + slow) / 5 / paths.length;
    card.note(2, perDay > 24 * 1.1 && `came ${perDay} times a day`);
    for (const ratio of [busy / calm, calm / slow])
      card.note(7, (ratio < 2 || ratio > 4) && `came ${ratio} times as often for 9 times the entries, not 3`);
    expect(perDay).toBeGreaterThan(24 * 0.8);
    expect([kept(2), kept(7)]).toEqual([KEPT, KEPT]);
  });

  it('8. opens one connection per host and requests a shared address once', async () => {
    await using scene = await fleet('/1', '/2', '/3', '/1', '/1');
    for (const path of ['/1', '/2', '/3']) scene.publisher.page(path, { etag: path });

    await scene.live(5 * HOUR);

    expect(scene.seen().map(({ code }) => code)).toEqual([null, null, null, null, null]);
    expect(scene.publisher.visitsTo('/1').length).toBeGreaterThan(3);
    expect(kept(8)).toEqual(KEPT);
  });

  it('9. backs off with jitter after every failure, up to a day, and never gives up', async () => {
    await using scene = await fleet('/one', '/two');
    const { publisher } = scene;
    for (const path of ['/one', '/two']) publisher.page(path, { status: 500 });

    await scene.live(30 * DAY);
    const waits = gaps(publisher, '/one');
    const together = publisher.visitsTo('/one').filter((at) => publisher.visitsTo('/two').includes(at));
    for (const path of ['/one', '/two']) publisher.page(path, { status: 200 });
    await scene.live(2 * DAY);

    waits.forEach((wait, index) => {
      const longest = Math.min(5 * MINUTE * 2 ** index, DAY) + 10 * MINUTE;
      card.note(9, (wait < longest / 2 - 10 * MINUTE || wait > longest) && `waited ${wait / MINUTE} minutes`);
    });
    card.note(9, together.length > waits.length / 4 && 'feeds that failed together came back together');
    expect(waits.length).toBeGreaterThan(30);
    expect(scene.seen()).toMatchObject([
      { failures: 0, reads: 1 },
      { failures: 0, reads: 1 },
    ]);
    expect(kept(9)).toEqual(KEPT);
  });

  it('10. stops polling after a 410', async () => {
    await using scene = await fleet('/feed');
    scene.publisher.page('/feed', { status: 410 });

    await scene.live(3 * DAY);
    card.note(10, scene.publisher.visitsTo('/feed').length !== 1 && 'came again after a 410');

    expect(scene.seen()).toMatchObject([{ isGone: true, code: 'feed.gone' }]);
    expect(kept(10)).toEqual(KEPT);
  });

  it('10. adopts a permanent redirect after it has lasted for days, not earlier', async () => {
    await using scene = await fleet('/old');
    const { publisher } = scene;
    publisher.page('/old', { status: 301, location: '/new' });
    publisher.page('/new', { etag: '"1"' });

    await scene.live(2 * DAY);
    card.note(10, scene.seen()[0]?.movedTo !== null && 'adopted a redirect after two days');
    await scene.live(2 * DAY);
    const before = publisher.visitsTo('/old').length;
    await scene.live(DAY);
    card.note(10, publisher.visitsTo('/old').length > before && 'still requests the old address');

    expect(publisher.visitsTo('/new').length).toBeGreaterThan(before);
    expect(scene.events().filter(({ event }) => event === 'poll.moved')).toHaveLength(1);
    expect(kept(10)).toEqual(KEPT);
  });

  it('10. returns to the configured address when the new one fails', async () => {
    await using scene = await fleet('/old');
    const { publisher } = scene;
    publisher.page('/old', { status: 308, location: '/new' });
    publisher.page('/new', { etag: '"1"' });
    await scene.live(5 * DAY);

    publisher.page('/new', { status: 404 });
    publisher.page('/old', { etag: '"back"' });
    const before = publisher.visitsTo('/old').length;
    await scene.live(DAY);

    expect(publisher.visitsTo('/old').length).toBeGreaterThan(before + 5);
    expect(scene.seen()).toMatchObject([{ movedTo: null, code: null }]);
  });

  it('11. parses a document without validators only once while it is unchanged', async () => {
    await using scene = await fleet('/feed');
    scene.publisher.page('/feed', { body: saying('same') });

    await scene.live(DAY);
    card.note(11, scene.seen()[0]?.reads !== 1 && `read it ${scene.seen()[0]?.reads} times`);

    expect(scene.publisher.visitsTo('/feed').length).toBeGreaterThan(15);
    expect(kept(11)).toEqual(KEPT);
  });

  it('12. identifies itself, and sends no cookie, referrer or changed query', async () => {
    await using scene = await fleet('/feed?id=1', '/moved');
    scene.publisher.page('/feed?id=1', {});
    scene.publisher.page('/moved', { status: 302, location: '/feed?id=2' });
    scene.publisher.page('/feed?id=2', {});

    await scene.live(3 * HOUR);

    expect(kept(12)).toEqual(KEPT);
  });

  it('13. keeps its schedule after a restart', async () => {
    await using scene = await fleet('/feed', '/busy');
    const { publisher } = scene;
    publisher.page('/feed', { etag: '"1"', freshMs: 5 * HOUR });
    publisher.page('/busy', { etag: '"1"', freshMs: 5 * HOUR });
    await scene.live(10 * MINUTE);

    scene.restart();
    publisher.intend('restarted');
    await scene.live(13 * HOUR);

    expect(publisher.visitsTo('/feed').length).toBeGreaterThan(1);
    expect(kept(13)).toEqual(KEPT);
  });

  it('14. follows no redirect to an address that is not public', async () => {
    const traps = [
      'http://169.254.169.254/',
      'http://[::ffff:a9fe:a9fe]/',
      'file:///etc/passwd',
      'http://0:22/',
    ];
    await using scene = await fleet('/0', '/1', '/2', '/3');
    traps.forEach((location, index) => void scene.publisher.page(`/${index}`, { status: 302, location }));

    await scene.live(HOUR);

    scene.seen().forEach(({ code }, index) => {
      card.note(14, code !== 'feed.refused' && `followed the redirect to ${traps[index]}: ${code}`);
    });
    expect(kept(14)).toEqual(KEPT);
  });

  it('15. sends validators on a manual poll and leaves them out only when forced', async () => {
    await using scene = await fleet('/feed');
    const { publisher } = scene;
    publisher.page('/feed', { etag: '"1"', freshMs: 5 * HOUR });
    await scene.live(10 * MINUTE);

    publisher.intend('manual');
    await scene.ask();
    publisher.intend('forced');
    await scene.ask({ force: true });
    publisher.intend(null);
    await scene.live(DAY);

    expect(publisher.visitsTo('/feed').length).toBeGreaterThan(5);
    expect([kept(15), kept(3)]).toEqual([KEPT, KEPT]);
  });
});

describe('the scoreboard', () => {
  it('is complete: every rule was tried and none was broken', () => {
    process.stdout.write(`\n${card.print()}\n\n`);

    expect(card.isComplete()).toBe(true);
  });
});

describe('a rude visitor', () => {
  it('breaks every rule that a publisher can observe, so the scoreboard is meaningful', async () => {
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
