import { describe, expect, it } from 'vitest';
import { step } from '../../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import { decide, type W, withNews } from './feed-with-news.ts';

const minute = 60_000;
const hour = 60 * minute;

const dated = (n: number, id = `guid-${n}`) =>
  story(n, { id, published: `2025-12-${String(n).padStart(2, '0')}T00:00:00.000Z` });

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
