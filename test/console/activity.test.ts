import { describe, expect, it } from 'vitest';
import type { ActivityRow } from '../../lib/core/activity/activity-row.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { anActivity } from '../support/activities.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { hostile } from '../support/console-scene.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { scene, ask, post } = consoleOverHttp();

const now = Date.UTC(2026, 10, 20, 10, 30);
const hour = 3_600_000;

const record = (...rows: Partial<ActivityRow>[]) => {
  const { deeds } = scene().target.stores.activities;
  for (const row of rows) {
    const activity = anActivity({ at: now - hour, endedAt: now - hour, ...row });
    deeds.set(activity.id, activity);
  }
};
const recorded = () => [...scene().target.stores.activities.deeds.values()];
const held = (key: string): EntryRow => {
  const row = anEntryRow({ key, title: `Old ${key}`, state: 'held', wakeAt: null, feed: 'newsroom' });
  scene().target.stores.ledger.rows.set(key, row);
  return row;
};
const plain = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
const linesOf = (body: string) =>
  [...body.matchAll(/<li class="step">(.*?)<\/li>/g)].map(([, line]) => plain(line ?? ''));
const lines = async (query = '') => linesOf((await ask(`/activity${query}`)).body);

describe('the activity page', () => {
  it('lists who did what, the latest first, with a link to the entry or feed', async () => {
    record(
      { at: now - 2 * hour, by: 'ada', kind: 'approve', key: 'entry-1', title: 'A bridge' },
      { at: now - hour, by: 'grace', kind: 'poll', key: null, title: null },
    );

    const { body } = await ask('/activity');

    expect(linesOf(body)).toEqual([
      expect.stringMatching(/ grace polled newsroom$/),
      expect.stringMatching(/ ada approved A bridge of newsroom$/),
    ]);
    expect(body).toContain('href="/entry?key=entry-1"');
    expect(body).toContain('href="/feeds/newsroom"');
    expect(body).toMatch(/aria-current="page">Activity</);
  });

  it('lists one person’s actions', async () => {
    record({ by: 'ada' }, { by: 'grace', kind: 'dismiss' });

    const { body } = await ask('/activity?by=grace');

    expect(linesOf(body)).toEqual([expect.stringContaining('grace dismissed')]);
    expect(body).toContain('<option value="grace" selected>');
    expect(body).toContain('<option value="ada">');
  });

  it('has pages of fifty', async () => {
    record(...Array.from({ length: 60 }, (_, n) => ({ at: now - n * 1_000, title: `Story ${n}` })));

    const { body } = await ask('/activity');
    const next = /href="(\/activity\?before=[^"]+)" rel="next"/.exec(body)?.[1] ?? '';

    expect(linesOf(body)).toHaveLength(50);
    expect(linesOf((await ask(next)).body)).toHaveLength(10);
  });

  it('explains itself when it is empty', async () => {
    expect((await ask('/activity')).body).toContain('it is listed with their name');
    expect((await ask('/activity?by=grace')).body).toContain('Nothing by <bdi>grace</bdi>');
  });

  it('marks an action that may not have been completed, once it cannot be running any more', async () => {
    record({ endedAt: null, count: 0 }, { at: now - 1_000, by: 'grace', endedAt: null, count: 0 });

    const [running, broken] = await lines();

    expect(running).not.toContain('completed');
    expect(broken).toContain('It may not have been completed.');
  });

  it('escapes names and titles', async () => {
    record({ by: hostile.title, title: hostile.title });

    expect((await ask('/activity')).body).not.toMatch(/<script>alert|<img src=x/);
  });
});

describe('an action in the console', () => {
  it.each<[path: string, fields: Record<string, string>, line: string]>([
    ['/pause', { scope: 'all' }, 'ada paused everything'],
    ['/pause', { scope: 'brand/144' }, 'ada paused brand 144'],
    ['/pause', { scope: 'feed/newsroom' }, 'ada paused newsroom'],
    ['/feeds/newsroom/poll', {}, 'ada polled newsroom'],
    ['/move', { key: 'a', move: 'release' }, 'ada released Old a of newsroom'],
    ['/move', { key: 'a', move: 'dismiss' }, 'ada dismissed Old a of newsroom'],
    ['/edit', { key: 'a', text: 'Another caption' }, 'ada edited Old a of newsroom'],
    ['/snooze', { key: 'a', until: '2h' }, 'ada snoozed Old a of newsroom'],
    ['/moves', { move: 'dismiss', keys: 'a b' }, 'ada dismissed 2 entries of newsroom'],
  ])('%s %j is listed as "%s"', async (path, fields, line) => {
    held('a');
    held('b');

    await post(path, fields);

    expect(await lines()).toEqual([expect.stringMatching(new RegExp(` ${line}$`))]);
  });

  it('that resumes or undoes something is listed, too', async () => {
    held('a');
    await post('/pause', { scope: 'all' });
    await post('/resume', { scope: 'all' });
    await post('/move', { key: 'a', move: 'dismiss' });
    await post('/undo', { key: 'a' });

    expect(recorded().map(({ kind }) => kind)).toEqual(['pause', 'resume', 'dismiss', 'undo']);
  });

  it.each<[path: string, fields: Record<string, string>]>([
    ['/resume', { scope: 'all' }],
    ['/move', { key: 'a', move: 'confirm' }],
    ['/edit', { key: 'a', text: '' }],
    ['/undo', { key: 'a' }],
    ['/moves', { move: 'retry', keys: 'a' }],
  ])('%s %j that changes nothing is not listed', async (path, fields) => {
    held('a');

    await post(path, fields);

    expect(recorded()).toEqual([]);
  });

  it('in pieces is one line', async () => {
    for (const key of ['a', 'b', 'c']) held(key);
    const piece = async (keys: string, activity: string) =>
      JSON.parse((await post('/moves', { move: 'release', keys, activity, as: 'json' })).body).activity;

    await piece('c', await piece('a b', ''));

    expect(recorded()).toMatchObject([{ count: 3, key: null, feeds: ['newsroom'] }]);
  });
});
