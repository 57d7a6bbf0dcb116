import { describe, expect, it } from 'vitest';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../../lib/jobs/operator/resume-posting.ts';
import { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';
import { withNews } from './feed-with-news.ts';

const minute = 60_000;

describe('the token', () => {
  it('alerts at once when it is refused, and resolves the alert when it is accepted again', async () => {
    const w = alertWorld();
    await withNews(w);
    w.state.response = 'unauthorized';
    w.state.up = false;

    await w.live(20);

    expect(w.takeNotices()).toEqual(['began token-refused/all']);
    w.state.response = 'created';
    w.state.up = true;
    await w.live(60);
    expect(w.takeNotices('slack', 'token-refused')).toEqual(['over token-refused/all']);
    expect(w.stores.alerts.flags.size).toBe(0);
  });
});

describe('a circuit breaker', () => {
  it('alerts with the reason when it has been open for half an hour', async () => {
    const w = alertWorld();
    await pausePosting(w.services, 'all');

    await w.live(29);
    expect(w.takeNotices()).toEqual([]);
    await w.live(2);

    expect(w.heard.slack).toMatchObject([{ id: 'posting-stopped/all', text: /a person paused it/ }]);
    expect(w.takeNotices()).toEqual(['began posting-stopped/all']);
    await resumePosting(w.services, 'all');
    await w.live(1);
    expect(w.takeNotices()).toEqual(['over posting-stopped/all']);
  });

  it('raises no alert and leaves no flag when it closes within half an hour', async () => {
    const w = alertWorld();
    await pausePosting(w.services, 'all');
    await w.live(10);
    await resumePosting(w.services, 'all');

    await w.live(30);

    expect(w.takeNotices('log')).toEqual([]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });

  it('raises no alert when each 429 opens it for less than a minute', async () => {
    const w = alertWorld();
    await withNews(w);
    w.state.response = 'throttled';

    await w.live(60);

    expect(w.takeNotices()).toEqual([]);
  });
});

describe('dead letters', () => {
  it('alert, and resolve when the queue is empty', async () => {
    const w = alertWorld();
    w.dead.drafts = 2;
    await w.live(1);
    w.dead.drafts = 3;
    await w.live(1);
    w.dead.drafts = 0;
    await w.live(1);

    expect(w.takeNotices()).toEqual(['began dead-letters/drafts', 'over dead-letters/drafts']);
  });

  it('that cannot be counted hide no other alert, resolve none, and fail the run', async () => {
    const w = alertWorld();
    w.dead.drafts = 1;
    await w.live(1);
    w.takeNotices();
    w.dead.unreachable = true;
    w.state.now += 20 * minute;

    await expect(w.look())
      .rejects.toMatchObject({ errors: [{ code: 'queue.unreachable' }] })
      .catch(() => {});

    expect(w.takeNotices()).toEqual(['began ticks-stopped/feeds']);
    w.dead.unreachable = false;
    await w.live(1);
    expect(w.takeNotices()).toEqual(['over ticks-stopped/feeds']);
  });
});

describe('ticks', () => {
  it('alert after a quarter of an hour without one, but not by email, which the alarm covers', async () => {
    const w = alertWorld();
    await w.live(1);
    w.state.now += 14 * minute;
    await w.look();
    expect(w.takeNotices()).toEqual([]);
    w.state.now += minute;

    await w.look();

    expect(w.takeNotices('slack')).toEqual(['began ticks-stopped/feeds']);
    expect(w.takeNotices('email')).toEqual([]);
    await w.live(1);
    expect(w.takeNotices('slack')).toEqual(['over ticks-stopped/feeds']);
  });

  it('alert when the last one carries a future time', async () => {
    const w = alertWorld();
    w.state.now += 24 * 60 * minute;
    await w.live(1);
    w.state.now -= 24 * 60 * minute;

    await w.look();

    expect(w.takeNotices('slack')).toEqual(['began ticks-stopped/feeds']);
    await w.live(1);
    expect(w.takeNotices('slack')).toEqual(['over ticks-stopped/feeds']);
  });

  it('raise no alert on a new stack that has had none', async () => {
    const w = alertWorld();

    await w.look();

    expect(w.takeNotices()).toEqual([]);
  });
});

describe('a healthy stack', () => {
  it('writes and sends nothing', async () => {
    const writes: string[] = [];
    const w = alertWorld([{}], {
      before: (name) => void (/put|remove|save|set|tell|insert|replace/.test(name) && writes.push(name)),
    });
    w.publish([story(1)]);
    await w.minutes(1);
    writes.length = 0;

    await w.look();

    expect(writes).toEqual([]);
  });
});
