import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';
import { decide, withNews } from './feed-with-news.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('a feed', () => {
  it('alerts with the server’s response after failing for a day, and resolves when the feed works again', async () => {
    const w = alertWorld();
    w.publish([story(1)]);
    await w.live(1);
    w.publish(retryable('feed.server-error', 'www.example.com returned 500: a server error'));
    await w.live(1);

    w.state.now += 24 * hour - 2 * minute;
    await w.look();
    expect(w.takeNotices('slack', 'feed-failing')).toEqual([]);
    w.state.now += 3 * minute;
    await w.look();
    await w.look();

    expect(w.heard.slack?.[0]?.text).toMatch(/^Feed newsroom cannot be read: www.example.com returned 500/);
    expect(w.takeNotices()).toEqual(['began feed-failing/newsroom']);
    w.publish([story(1)]);
    await w.poll();
    await w.look();
    expect(w.takeNotices()).toEqual(['over feed-failing/newsroom']);
  });

  it('alerts after ten failures in a row, before the day is over', async () => {
    const w = alertWorld();
    w.publish(retryable('feed.server-error', 'www.example.com returned 500: a server error'));
    for (let poll = 0; poll < 9; poll++) await w.poll();
    await w.look();
    const before = w.takeNotices();

    await w.poll();
    await w.look();

    expect([before, w.takeNotices()]).toEqual([[], ['began feed-failing/newsroom']]);
  });

  it('alerts at once when the server returns 410', async () => {
    const w = alertWorld();
    w.publish(permanent('feed.gone', 'www.example.com returned 410: the feed is gone'));

    await w.live(2);

    expect(w.takeNotices()).toEqual(['began feed-failing/newsroom']);
  });

  it('costs no read of its row while it works', async () => {
    const reads: unknown[] = [];
    const w = alertWorld([{}], { before: (name, args) => void (name === 'feeds.read' && reads.push(args)) });
    w.publish([story(1)]);
    await w.minutes(2);
    reads.length = 0;

    await w.look();

    expect(reads).toEqual([]);
  });
});

describe('a possible gap', () => {
  it('alerts once a day, however often it happens', async () => {
    const w = alertWorld();
    await withNews(w);
    await w.live(1);
    for (let n = 10; n < 40; n += 1) {
      w.publish([story(n)]);
      await w.live(1);
    }

    expect(w.takeNotices()).toEqual(['began possible-gap/newsroom']);
    w.state.now += 24 * hour;
    await w.look();
    w.publish([story(99)]);
    await w.live(1);
    expect(w.takeNotices('slack', 'possible-gap')).toEqual(['began possible-gap/newsroom']);
  });
});

describe('a draft', () => {
  it('alerts once when it is created, if the channel asks for drafts', async () => {
    const w = alertWorld();
    await withNews(w);
    await w.poll();
    await w.announce();

    await w.look();
    await w.look();

    expect(w.heard.slack).toMatchObject([
      { kind: 'draft-made', text: /\(1\): Story 2\./, link: 'https://www.example.com/2' },
    ]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });

  it('alerts when confirmed after a lost response, but not when rejected', async () => {
    const w = alertWorld([{ whenUncertain: 'park' }]);
    await withNews(w);
    await w.poll();
    w.state.response = 'lost, created';
    await w.announce();
    await w.look();
    w.takeNotices();

    await decide(w, 'confirm', 'uncertain');
    await w.look();

    expect(w.takeNotices()).toContainEqual(expect.stringMatching(/^began ~draft-made/));
    w.publish([story(3), story(2), story(1)]);
    await w.poll();
    w.state.response = 'rejected';
    await w.announce();
    await w.look();
    await w.look();
    expect(w.takeNotices().filter((one) => one.includes('draft-made'))).toEqual([]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });
});

describe('a failing channel', () => {
  it('is retried without repeating the alert on the others, and each failure is logged', async () => {
    const w = alertWorld();
    w.dead.feeds = 1;
    w.broken.add('slack');
    await w.live(2);
    expect([w.takeNotices('slack'), w.takeNotices('email'), w.takeNotices('log')]).toEqual([
      [],
      ['began dead-letters/feeds'],
      ['began dead-letters/feeds'],
    ]);

    w.broken.clear();
    await w.live(2);

    expect([w.takeNotices('slack'), w.takeNotices('email')]).toEqual([['began dead-letters/feeds'], []]);
    expect(w.reported('alert.failed')).toMatchObject([
      { channel: 'slack', alerts: 1, code: 'alert.not-now' },
      { channel: 'slack' },
    ]);
  });

  it('is no longer retried after a day', async () => {
    const w = alertWorld();
    w.dead.feeds = 1;
    w.broken.add('slack');
    await w.live(1);
    w.state.now += 24 * hour;
    await w.live(1);
    w.broken.clear();

    await w.live(2);

    expect(w.takeNotices('slack')).toEqual([]);
  });
});
