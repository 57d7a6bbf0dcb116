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

/** A feed with one entry that is new. */
const withNews = async (w: W) => {
  w.publish([story(1)]);
  await w.minutes(1);
  w.publish([story(2), story(1)]);
};

/** A person decides about every row in a state. */
const decide = (w: W, move: Move, state: State) =>
  moveEntries(w.services)(
    w.rows().filter((row) => row.state === state),
    { move, by: 'somebody', postId: 1 },
  );

describe('the token', () => {
  it('that is refused is told of at once, once, and when it is taken again', async () => {
    const w = alertWorld();
    await withNews(w);
    w.state.answer = 'unauthorized';
    w.state.up = false;

    await w.live(20);

    expect(w.told()).toEqual(['began token-refused/all']);
    w.state.answer = 'created';
    w.state.up = true;
    await w.live(60);
    expect(w.told('slack', 'token-refused')).toEqual(['over token-refused/all']);
    expect(w.stores.alerts.flags.size).toBe(0);
  });
});

describe('a circuit breaker', () => {
  it('that is closed for half an hour is told of, with why', async () => {
    const w = alertWorld();
    await pausePosting(w.services)('all');

    await w.live(29);
    expect(w.told()).toEqual([]);
    await w.live(2);

    expect(w.heard.slack).toMatchObject([{ id: 'posting-stopped/all', text: /a person paused it/ }]);
    expect(w.told()).toEqual(['began posting-stopped/all']);
    await resumePosting(w.services)('all');
    await w.live(1);
    expect(w.told()).toEqual(['over posting-stopped/all']);
  });

  it('that opens before leaves no word and no flag', async () => {
    const w = alertWorld();
    await pausePosting(w.services)('all');
    await w.live(10);
    await resumePosting(w.services)('all');

    await w.live(30);

    expect(w.told('log')).toEqual([]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });

  it('that each 429 closes for less than a minute is no news', async () => {
    const w = alertWorld();
    await withNews(w);
    w.state.answer = 'throttled';

    await w.live(60);

    expect(w.told()).toEqual([]);
  });
});

describe('a feed', () => {
  it('that fails is told of after a day, with what its server says, and when it answers again', async () => {
    const w = alertWorld();
    w.publish([story(1)]);
    await w.live(1);
    w.publish(retryable('feed.server-error', 'www.example.com answered 500: it is in trouble'));
    await w.live(1);

    w.state.now += 24 * hour - 2 * minute;
    await w.look();
    expect(w.told('slack', 'feed-failing')).toEqual([]);
    w.state.now += 3 * minute;
    await w.look();
    await w.look();

    expect(w.heard.slack?.[0]?.text).toMatch(
      /^The feed newsroom cannot be read: www.example.com answered 500/,
    );
    expect(w.told()).toEqual(['began feed-failing/newsroom']);
    w.publish([story(1)]);
    await w.poll();
    await w.look();
    expect(w.told()).toEqual(['over feed-failing/newsroom']);
  });

  it('that fails ten times in a row is told of before the day is over', async () => {
    const w = alertWorld();
    w.publish(retryable('feed.server-error', 'www.example.com answered 500: it is in trouble'));
    for (let poll = 0; poll < 9; poll++) await w.poll();
    await w.look();
    const before = w.told();

    await w.poll();
    await w.look();

    expect([before, w.told()]).toEqual([[], ['began feed-failing/newsroom']]);
  });

  it('that is gone for good is told of at once', async () => {
    const w = alertWorld();
    w.publish(permanent('feed.gone', 'www.example.com answered 410: the feed is gone for good'));

    await w.live(2);

    expect(w.told()).toEqual(['began feed-failing/newsroom']);
  });

  it('that is well costs no read of its row', async () => {
    const reads: unknown[] = [];
    const w = alertWorld([{}], { before: (name, args) => void (name === 'feeds.read' && reads.push(args)) });
    w.publish([story(1)]);
    await w.minutes(2);
    reads.length = 0;

    await w.look();

    expect(reads).toEqual([]);
  });
});

describe('what is uncertain', () => {
  it('is told of when it is parked, again when one more is, and when a person has decided', async () => {
    const w = alertWorld([{ whenUncertain: 'park' }]);
    await withNews(w);
    w.state.answer = 'lost, not created';
    await w.live(2);
    expect(w.told()).toEqual(['began uncertain-parked/newsroom']);

    w.publish([story(3), story(2), story(1)]);
    await w.live(2);

    expect(w.heard.slack).toMatchObject([{ count: 2, text: /^2 entries of newsroom/ }]);
    expect(w.told()).toEqual(['began uncertain-parked/newsroom']);
    w.state.answer = 'created';
    await decide(w, 'dismiss', 'uncertain');
    await w.live(1);
    expect(w.told()).toEqual(['over uncertain-parked/newsroom']);
  });
});

describe('a re-issue', () => {
  const reissued = async (w: W) => {
    w.publish([1, 2, 3, 4, 5].map((n) => dated(n)));
    await w.minutes(1);
    w.publish(
      [1, 2, 3, 4, 5].map((n) => ({ ...dated(n, `new-${n}`), link: `https://new.example.com/${n}` })),
    );
    await w.live(3);
  };

  it('that is held is told of, and when a person has decided', async () => {
    const w = alertWorld();
    await reissued(w);

    expect(w.sums()).toMatchObject({ held: 5 });
    expect(w.heard.slack).toMatchObject([{ kind: 'batch-held', count: 5 }]);
    expect(w.told()).toHaveLength(1);
    await decide(w, 'dismiss', 'held');
    await w.live(1);
    expect(w.told()).toEqual([expect.stringMatching(/^over batch-held\/newsroom/)]);
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
    w.told();
    return w;
  };
  const held = (w: W) => w.rows().filter(({ state }) => state === 'held');

  it('is over with its last entry, whichever of them is forgotten or decided first', async () => {
    const w = await afterReissue();
    const { entryKey } = [...w.stores.alerts.flags.values()][0] ?? {};
    w.stores.ledger.rows.delete(String(entryKey));
    await w.live(2);
    expect(w.told()).toEqual([]);

    for (const row of held(w).slice(1)) await moveEntries(w.services)([row], { move: 'dismiss', by: 'ada' });
    await w.live(2);
    expect(w.told()).toEqual([]);

    await moveEntries(w.services)(held(w), { move: 'dismiss', by: 'ada' });
    await w.live(1);
    expect(w.told()).toEqual([expect.stringMatching(/^over batch-held/)]);
  });

  it('is over when an entry of it was released and is held again for a reason of its own', async () => {
    const w = await afterReissue();
    w.state.answer = 'created';
    await moveEntries(w.services)(held(w), { move: 'release', by: 'ada' });
    const row = w.rows().find(({ state }) => state === 'queued') as EntryRow;
    const again = step(row, { at: w.state.now, state: 'held', code: 'entry.stale' }, { wakeAt: null });
    w.stores.ledger.rows.set(row.key, again);

    await w.look();

    expect(w.told().sort()).toEqual(['began entry-held/newsroom', expect.stringMatching(/^over batch-held/)]);
  });
});

describe('an entry that is held alone', () => {
  it('is told of with its title and why, whose row is held, and when it has been decided', async () => {
    const w = alertWorld([{ caption: '{{ author }}' }]);
    await withNews(w);

    await w.live(2);

    expect(w.sums()).toMatchObject({ held: 1 });
    expect(w.heard.slack).toMatchObject([
      {
        kind: 'entry-held',
        count: 1,
        text: /^1 entry of newsroom is held, nothing was sent: Story 2: Held: its caption/,
      },
    ]);
    const { entryKey } = [...w.stores.alerts.flags.values()][0] ?? {};
    expect(w.rows().find(({ key }) => key === entryKey)).toMatchObject({ state: 'held' });
    w.told();
    await decide(w, 'dismiss', 'held');
    await w.live(1);
    expect(w.told()).toEqual(['over entry-held/newsroom']);
  });

  it('is told of with those of the hour before, once', async () => {
    const w = alertWorld([{ caption: '{{ author }}' }]);
    await withNews(w);
    await w.live(1);
    expect(w.told()).toEqual(['began entry-held/newsroom']);

    for (let n = 3; n < 13; n++) {
      w.publish(Array.from({ length: n }, (_, i) => story(n - i)));
      await w.live(1);
    }
    expect(w.told()).toEqual([]);
    await w.live(60);

    expect(w.heard.slack).toMatchObject([{ count: 11, text: /^11 entries of newsroom are held/ }]);
  });

  it('is told of when a webhook publishes for the first time what is dated long ago', async () => {
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
      { id: 'entry-held/newsroom', text: /Begun long ago: Published too long ago to be news/ },
    ]);
  });
});

describe('an entry whose post goes further than feeds.yml allows', () => {
  it('is reported once it is held, and when it has been decided', async () => {
    const w = alertWorld([{ publish: 'now', post: { media_ids: [7] } }]);
    await withNews(w);
    await w.poll();
    for (const feed of w.config.feeds) feed.publish = 'draft';

    await w.live(3);

    expect(w.heard.slack).toMatchObject([
      { kind: 'not-as-configured', text: /further than feeds.yml allows: .*publish: draft for newsroom/ },
    ]);
    w.told();
    await decide(w, 'dismiss', 'held');
    await w.live(2);
    expect(w.told()).toEqual([expect.stringMatching(/^over ~not-as-configured/)]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });
});

describe('a possible gap', () => {
  it('is told of once a day, however often it happens', async () => {
    const w = alertWorld();
    await withNews(w);
    await w.live(1);
    for (let n = 10; n < 40; n += 1) {
      w.publish([story(n)]);
      await w.live(1);
    }

    expect(w.told()).toEqual(['began possible-gap/newsroom']);
    w.state.now += 24 * hour;
    await w.look();
    w.publish([story(99)]);
    await w.live(1);
    expect(w.told('slack', 'possible-gap')).toEqual(['began possible-gap/newsroom']);
  });
});

describe('dead letters', () => {
  it('are told of, and when they are gone', async () => {
    const w = alertWorld();
    w.dead.drafts = 2;
    await w.live(1);
    w.dead.drafts = 3;
    await w.live(1);
    w.dead.drafts = 0;
    await w.live(1);

    expect(w.told()).toEqual(['began dead-letters/drafts', 'over dead-letters/drafts']);
  });

  it('that cannot be counted hide nothing else, end nothing, and fail the run', async () => {
    const w = alertWorld();
    w.dead.drafts = 1;
    await w.live(1);
    w.told();
    w.dead.unreachable = true;
    w.state.now += 20 * minute;

    await expect(w.look())
      .rejects.toMatchObject({ errors: [{ code: 'queue.unreachable' }] })
      .catch(() => {});

    expect(w.told()).toEqual(['began nothing-polled/feeds']);
    w.dead.unreachable = false;
    await w.live(1);
    expect(w.told()).toEqual(['over nothing-polled/feeds']);
  });
});

describe('a tick', () => {
  it('that stays away for a quarter of an hour is told of, but not by mail, which the alarm sends', async () => {
    const w = alertWorld();
    await w.live(1);
    w.state.now += 14 * minute;
    await w.look();
    expect(w.told()).toEqual([]);
    w.state.now += minute;

    await w.look();

    expect(w.told('slack')).toEqual(['began nothing-polled/feeds']);
    expect(w.told('email')).toEqual([]);
    await w.live(1);
    expect(w.told('slack')).toEqual(['over nothing-polled/feeds']);
  });

  it('that bears a time to come does not hide that none has come since', async () => {
    const w = alertWorld();
    w.state.now += 24 * 60 * minute;
    await w.live(1);
    w.state.now -= 24 * 60 * minute;

    await w.look();

    expect(w.told('slack')).toEqual(['began nothing-polled/feeds']);
    await w.live(1);
    expect(w.told('slack')).toEqual(['over nothing-polled/feeds']);
  });

  it('that has never been is no news: the stack is young', async () => {
    const w = alertWorld();

    await w.look();

    expect(w.told()).toEqual([]);
  });
});

describe('a draft', () => {
  it('is told of once it is there, where that is wanted', async () => {
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

  it('whose answer was lost is told of when a person has confirmed it, and one that was refused is not', async () => {
    const w = alertWorld([{ whenUncertain: 'park' }]);
    await withNews(w);
    await w.poll();
    w.state.answer = 'lost, created';
    await w.announce();
    await w.look();
    w.told();

    await decide(w, 'confirm', 'uncertain');
    await w.look();

    expect(w.told()).toContainEqual(expect.stringMatching(/^began ~draft-made/));
    w.publish([story(3), story(2), story(1)]);
    await w.poll();
    w.state.answer = 'rejected';
    await w.announce();
    await w.look();
    await w.look();
    expect(w.told().filter((one) => one.includes('draft-made'))).toEqual([]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });
});

describe('a channel that fails', () => {
  it('is told later, the others are not told twice, and the log says so each time', async () => {
    const w = alertWorld();
    w.dead.feeds = 1;
    w.broken.add('slack');
    await w.live(2);
    expect([w.told('slack'), w.told('email'), w.told('log')]).toEqual([
      [],
      ['began dead-letters/feeds'],
      ['began dead-letters/feeds'],
    ]);

    w.broken.clear();
    await w.live(2);

    expect([w.told('slack'), w.told('email')]).toEqual([['began dead-letters/feeds'], []]);
    expect(w.reported('alert.failed')).toMatchObject([
      { channel: 'slack', alerts: 1, code: 'alert.not-now' },
      { channel: 'slack' },
    ]);
  });

  it('for a day is let off', async () => {
    const w = alertWorld();
    w.dead.feeds = 1;
    w.broken.add('slack');
    await w.live(1);
    w.state.now += 24 * hour;
    await w.live(1);
    w.broken.clear();

    await w.live(2);

    expect(w.told('slack')).toEqual([]);
  });
});

describe('all is well', () => {
  it('and nothing is written, nor said', async () => {
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
