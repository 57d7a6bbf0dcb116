import { describe, expect, it } from 'vitest';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { step } from '../../../lib/core/ledger/entry-state.ts';
import type { EntryRow, State } from '../../../lib/core/ledger/row.ts';
import type { Move } from '../../../lib/core/operator/moves.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { resumePosting } from '../../../lib/jobs/operator/resume-posting.ts';
import { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';

type W = ReturnType<typeof alertWorld>;
const minute = 60_000;
const hour = 60 * minute;

const dated = (n: number, id = `guid-${n}`) =>
  story(n, { id, published: `2025-12-${String(n).padStart(2, '0')}T00:00:00.000Z` });

/** A feed with one new entry. */
const withNews = async (w: W) => {
  w.publish([story(1)]);
  await w.minutes(1);
  w.publish([story(2), story(1)]);
};

/** Applies a move to every row in a state. */
const decide = (w: W, move: Move, state: State) =>
  moveEntries(
    w.services,
    w.rows().filter((row) => row.state === state),
    { move, by: 'ada', postId: 1 },
  );

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

describe('uncertain entries', () => {
  it('alert when parked, update the count when one more is parked, and resolve when decided', async () => {
    const w = alertWorld([{ whenUncertain: 'park' }]);
    await withNews(w);
    w.state.response = 'lost, not created';
    await w.live(2);
    expect(w.takeNotices()).toEqual(['began outcome-unknown/newsroom']);

    w.publish([story(3), story(2), story(1)]);
    await w.live(2);

    expect(w.heard.slack).toMatchObject([{ count: 2, text: /^2 entries of newsroom/ }]);
    expect(w.takeNotices()).toEqual(['began outcome-unknown/newsroom']);
    w.state.response = 'created';
    await decide(w, 'dismiss', 'uncertain');
    await w.live(1);
    expect(w.takeNotices()).toEqual(['over outcome-unknown/newsroom']);
  });
});

describe('a mass re-issue', () => {
  const reissued = async (w: W) => {
    w.publish([1, 2, 3, 4, 5].map((n) => dated(n)));
    await w.minutes(1);
    w.publish(
      [1, 2, 3, 4, 5].map((n) => ({ ...dated(n, `new-${n}`), link: `https://new.example.com/${n}` })),
    );
    await w.live(3);
  };

  it('alerts when it is held, and resolves when its entries are decided', async () => {
    const w = alertWorld();
    await reissued(w);

    expect(w.sums()).toMatchObject({ held: 5 });
    expect(w.heard.slack).toMatchObject([{ kind: 'batch-held', count: 5 }]);
    expect(w.takeNotices()).toHaveLength(1);
    await decide(w, 'dismiss', 'held');
    await w.live(1);
    expect(w.takeNotices()).toEqual([expect.stringMatching(/^over batch-held\/newsroom/)]);
  });
});

describe('a batch', () => {
  const reissue = [1, 2, 3, 4, 5].map((n) => ({
    ...dated(n, `new-${n}`),
    link: `https://new.example.com/${n}`,
  }));
  const afterReissue = async () => {
    const w = alertWorld();
    w.publish([1, 2, 3, 4, 5].map((n) => dated(n)));
    await w.minutes(1);
    w.publish(reissue);
    await w.live(3);
    w.takeNotices();
    return w;
  };
  const held = (w: W) => w.rows().filter(({ state }) => state === 'held');

  it('resolves with its last entry, even if the entry named in the alert is gone', async () => {
    const w = await afterReissue();
    const { entryKey } = [...w.stores.alerts.flags.values()][0] ?? {};
    w.stores.ledger.rows.delete(String(entryKey));
    await w.live(2);
    expect(w.takeNotices()).toEqual([]);

    for (const row of held(w).slice(1)) await moveEntries(w.services, [row], { move: 'dismiss', by: 'ada' });
    await w.live(2);
    expect(w.takeNotices()).toEqual([]);

    await moveEntries(w.services, held(w), { move: 'dismiss', by: 'ada' });
    await w.live(1);
    expect(w.takeNotices()).toEqual([expect.stringMatching(/^over batch-held/)]);
  });

  it('resolves when an entry was released and is held again for another reason', async () => {
    const w = await afterReissue();
    w.state.response = 'created';
    await moveEntries(w.services, held(w), { move: 'release', by: 'ada' });
    const row = w.rows().find(({ state }) => state === 'queued') as EntryRow;
    const again = step(row, { at: w.state.now, state: 'held', code: 'entry.stale' }, { wakeAt: null });
    w.stores.ledger.rows.set(row.key, again);

    await w.look();

    expect(w.takeNotices().sort()).toEqual([
      'began entries-held/newsroom',
      expect.stringMatching(/^over batch-held/),
    ]);
  });
});

describe('an entry held on its own', () => {
  it('alerts with its title, reason and row key, and resolves when it is decided', async () => {
    const w = alertWorld([{ caption: '{{ author }}' }]);
    await withNews(w);

    await w.live(2);

    expect(w.sums()).toMatchObject({ held: 1 });
    expect(w.heard.slack).toMatchObject([
      {
        kind: 'entries-held',
        count: 1,
        text: /^1 entry of newsroom is held, nothing was sent: Story 2: Held: its caption/,
      },
    ]);
    const { entryKey } = [...w.stores.alerts.flags.values()][0] ?? {};
    expect(w.rows().find(({ key }) => key === entryKey)).toMatchObject({ state: 'held' });
    w.takeNotices();
    await decide(w, 'dismiss', 'held');
    await w.live(1);
    expect(w.takeNotices()).toEqual(['over entries-held/newsroom']);
  });

  it('shares one alert with the entries held within the hour', async () => {
    const w = alertWorld([{ caption: '{{ author }}' }]);
    await withNews(w);
    await w.live(1);
    expect(w.takeNotices()).toEqual(['began entries-held/newsroom']);

    for (let n = 3; n < 13; n++) {
      w.publish(Array.from({ length: n }, (_, i) => story(n - i)));
      await w.live(1);
    }
    expect(w.takeNotices()).toEqual([]);
    await w.live(60);

    expect(w.heard.slack).toMatchObject([{ count: 11, text: /^11 entries of newsroom are held/ }]);
  });

  it('alerts when a webhook first publishes an entry with an old date', async () => {
    const alerts = alertWorld();
    const w = hookWorld([webhookOf({}, { maxAgeMs: 30 * 24 * hour })]);
    const published = new Date(w.state.now - 90 * 24 * hour).toISOString();
    const old = {
      event: 'publish',
      id: '7',
      title: 'Begun long ago',
      link: 'https://www.example.com/7',
      published,
    };

    const { outcome } = await w.deliver({ ...old, first: true });
    for (const row of w.rows()) alerts.stores.ledger.rows.set(row.key, row);
    await alerts.look();

    expect(outcome).toBe('held');
    expect(alerts.heard.slack).toMatchObject([
      { id: 'entries-held/newsroom', text: /Begun long ago: Published too long ago to be news/ },
    ]);
  });
});

describe('an entry whose post exceeds feeds.yml’s publish', () => {
  it('alerts when it is held, and resolves when it is decided', async () => {
    const w = alertWorld([{ publish: 'now', post: { media_ids: [7] } }]);
    await withNews(w);
    await w.poll();
    for (const feed of w.config.feeds) feed.publish = 'draft';

    await w.live(3);

    expect(w.heard.slack).toMatchObject([
      { kind: 'not-as-configured', text: /further than feeds.yml allows: .*publish: draft for newsroom/ },
    ]);
    w.takeNotices();
    await decide(w, 'dismiss', 'held');
    await w.live(2);
    expect(w.takeNotices()).toEqual([expect.stringMatching(/^over ~not-as-configured/)]);
    expect(w.stores.alerts.flags.size).toBe(0);
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
