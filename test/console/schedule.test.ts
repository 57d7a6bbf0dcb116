import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { hostile } from '../support/console-scene.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { scene, ask } = consoleOverHttp();

const now = Date.UTC(2026, 10, 20, 10, 30);
const hour = 3_600_000;
const day = 24 * hour;

const only = (...rows: EntryRow[]) => {
  const { rows: stored } = scene().target.stores.ledger;
  stored.clear();
  for (const row of rows) stored.set(row.key, row);
};
const queued = (key: string, dueAt: number, title = key) =>
  anEntryRow({ key, title, state: 'queued', seenAt: now - hour, dueAt });
const drafted = (key: string, at: number) =>
  anEntryRow({
    key,
    title: key,
    state: 'drafted',
    postId: 1004,
    post: { ...anEntryRow().post, timestamp: new Date(at).toISOString() } as EntryRow['post'],
    history: [{ at: now - day, state: 'drafted', code: 'draft.created' }],
  });
const scheduleOf = async () => (await ask('/schedule')).body.split('<div id="schedule"')[1] ?? '';
const headings = (body: string) => [...body.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, text]) => text);
const titles = (body: string) => [...body.matchAll(/<bdi>([^<]*)<\/bdi>/g)].map(([, text]) => text);

describe('the schedule', () => {
  it('shows by day what is sent, and drafts at their time in the calendar', async () => {
    only(
      queued('later', now + 2 * day),
      queued('at once', now - hour),
      drafted('in the calendar', now + day),
      drafted('published', now - hour),
      queued('next month', now + 30 * day),
      anEntryRow({ key: 'held', state: 'held' }),
    );

    const body = await scheduleOf();

    expect(headings(body)).toEqual(['Friday 20 November', 'Saturday 21 November', 'Sunday 22 November']);
    expect(titles(body)).toEqual(['at once', 'in the calendar', 'later']);
    expect(body).toContain('as soon as possible');
  });

  it('names what keeps an entry from being sent', async () => {
    only(queued('waiting', now));
    scene().target.stores.circuits.stored.set('all person', {
      rev: 1,
      scope: 'all',
      by: 'person',
      reason: 'person',
      openedAt: now - hour,
      openUntil: null,
    } as never);

    expect(await scheduleOf()).toMatch(/It waits\. All posting is paused/);
  });

  it('explains itself when nothing is planned', async () => {
    only();

    expect(await scheduleOf()).toContain('Nothing is planned for the next 7 days.');
  });

  it('groups days in the time zone of feeds.yml, and names it', async () => {
    only(queued('after midnight there', Date.UTC(2026, 10, 20, 23, 30)));
    const config = scene().target.config();
    scene().target.config = () => ({ ...config, timezone: 'Europe/Berlin' });

    const { body } = await ask('/schedule');

    expect(body).toContain('Times are those of Europe/Berlin.');
    expect(headings(body)).toEqual(['Saturday 21 November']);
  });

  it('escapes titles', async () => {
    only(queued('a', now, hostile.title));

    expect(await scheduleOf()).not.toMatch(/<script>|<img src=x/);
  });
});
