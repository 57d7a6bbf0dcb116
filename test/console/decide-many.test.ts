import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { hostile } from '../support/console-scene.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { scene, ask, own, post, noticeAfter, rows } = consoleOverHttp();

const at = Date.UTC(2026, 10, 20, 10);
const put = (key: string, given: Partial<EntryRow> = {}): EntryRow => {
  const row = anEntryRow({
    key,
    title: `Old ${key}`,
    state: 'held',
    wakeAt: null,
    seenAt: at,
    batch: 'newsroom.12',
    lesson: 'by-place',
    history: [{ at, state: 'held', code: 'entry.late', detail: 'it is dated long ago' }],
    ...given,
  });
  scene().target.stores.ledger.rows.set(key, row);
  return row;
};
const stateOf = (key: string) => (scene().target.stores.ledger.rows.get(key) as EntryRow).state;
const keysIn = (body: string) => /name="keys" value="([^"]*)"/.exec(body)?.[1]?.split(' ') ?? [];
const teaching = 'a single old-dated entry in newsroom counts as new';

/** Posts a selection of single entries. */
const select = (keys: string[], fields: Record<string, string>) =>
  ask('/select', own(), {
    body: new URLSearchParams([
      ...keys.map((key): [string, string] => ['key', key]),
      ...Object.entries({ token: 'a-token-of-the-scene', back: '/entries', ...fields }),
    ]).toString(),
  });

describe('a selection', () => {
  it('is confirmed once, with its number, effect and lesson, and changes nothing yet', async () => {
    for (const key of ['a', 'b', 'c']) put(key);

    const { status, body } = await select(['a', 'b'], { move: 'release' });

    expect(status).toBe(200);
    expect(body).toContain('<h1>Release 2 entries?</h1>');
    expect(body).toContain('Makes 2 drafts in Dash Social.');
    expect(body).toContain(teaching);
    expect(body).toContain('>Release 2</button>');
    expect(keysIn(body)).toEqual(['a', 'b']);
    expect(['a', 'b', 'c'].map(stateOf)).toEqual(['held', 'held', 'held']);
  });

  it('lists its first ten titles with their dates and reasons', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
    for (const key of keys) put(key, { title: `Title of ${key}`, published: '2019-05-03T10:00:00Z' });

    const { body } = await select(keys, { move: 'dismiss' });
    const list = body.split('<ul id="chosen"')[1]?.split('</ul>')[0] ?? '';

    expect(list.match(/Title of k\d+/g)).toHaveLength(10);
    expect(list.match(/dated 3 May 2019, 10:00 UTC/g)).toHaveLength(10);
    expect(list).toContain('but its date is old');
    expect(list).toContain('and 2 others');
  });

  it('to be dismissed mentions no time for an undo, because nothing is sent', async () => {
    put('a');

    expect((await select(['a'], { move: 'dismiss' })).body).not.toContain('nothing is sent for');
    expect((await select(['a'], { move: 'release' })).body).toContain('nothing is sent for 10 seconds');
  });

  it('names first what goes public', async () => {
    const post = { ...put('a').post, status: 'SCHEDULED', auto_publish: true } as EntryRow['post'];
    put('a', { post });

    expect((await select(['a'], { move: 'release' })).body).toMatch(/Schedules 1 post|Publishes 1 post/);
  });

  it('of everything that matches means the whole filter, not the page', async () => {
    for (let n = 0; n < 60; n++) put(`k${n}`);
    put('other', { batch: 'newsroom.13' });

    const { body } = await post('/select', {
      move: 'dismiss',
      all: 'all',
      state: 'held',
      batch: 'newsroom.12',
    });

    expect(body).toContain('<h1>Dismiss 60 entries?</h1>');
    expect(keysIn(body)).toHaveLength(60);
    expect(keysIn(body)).not.toContain('other');
  });

  it('of everything that matches leaves out an exact match that the other filters exclude', async () => {
    put('a', { title: 'about bridge', batch: null });
    put('bridge', {
      state: 'filtered',
      batch: null,
      history: [{ at, state: 'filtered', code: 'rule.skip' }],
    });

    const { body } = await post('/select', { move: 'release', all: 'all', state: 'held', text: 'bridge' });

    expect(keysIn(body)).toEqual(['a']);
  });

  it('of everything that matches does not claim to be the latest thousand when fewer were found', async () => {
    for (let n = 0; n < 2_100; n++)
      put(`k${n}`, { batch: null, title: n % 100 === 0 ? 'lighthouse' : 'tunnel', feed: 'newsroom' });

    const { body } = await post('/select', {
      move: 'dismiss',
      all: 'all',
      state: 'held',
      text: 'lighthouse',
    });

    expect(keysIn(body).length).toBeLessThan(100);
    expect(body).not.toContain('latest 1,000');
    expect(body).toContain('Older entries may match, too.');
  });

  it('has a thousand entries at most, and says so', async () => {
    for (let n = 0; n < 1_200; n++) put(`k${n}`, { batch: null });

    const { body } = await post('/select', { move: 'dismiss', all: 'all', state: 'held' });

    expect(keysIn(body)).toHaveLength(1_000);
    expect(body).toContain('These are the latest 1,000. Older entries may match, too.');
  });

  it('leaves out entries that do not allow the decision', async () => {
    put('a');
    put('b', { state: 'drafted' });

    const { body } = await select(['a', 'b', 'gone'], { move: 'dismiss' });

    expect(keysIn(body)).toEqual(['a']);
    expect(body).toContain('1 other entry of your selection cannot be dismissed, and stays unchanged.');
  });

  it('leaves out entries that are still looked up, and names their number', async () => {
    put('a', { state: 'uncertain' });
    put('b', { state: 'uncertain', wakeAt: at });

    const { body } = await select(['a', 'b'], { move: 'retry' });

    expect(keysIn(body)).toEqual(['a']);
    expect(body).toContain('1 entry is still being looked up and was left out.');
    expect(await noticeAfter(await select(['b'], { move: 'retry' }))).toContain('still being looked up');
  });

  it('does not retry an entry that came to be looked up after the question', async () => {
    put('b', { state: 'uncertain', wakeAt: at });

    await post('/moves', { move: 'retry', keys: 'b' });

    expect(stateOf('b')).toBe('uncertain');
  });

  it.each([
    [[], 'No entry is selected.'],
    [
      ['b'],
      'The selected entry cannot be released. Possible states: Held for your decision, Skipped by a rule,',
    ],
  ])('without an entry that fits reports it: %j', async (keys, words) => {
    put('b', { state: 'drafted' });

    expect(await noticeAfter(await select(keys, { move: 'release' }))).toContain(words);
  });

  it('escapes what comes from a feed', async () => {
    put('a', { batch: '"><script>alert(1)</script>', title: hostile.title });

    expect((await select(['a'], { move: 'release' })).body).not.toMatch(/<script>alert|<img src=x/);
  });

  it.each([{ move: 'explode' }, { move: 'confirm' }, {}])('is refused: %j', async (fields) => {
    put('a');

    const { status, body } = await select(['a'], fields as Record<string, string>);

    expect([status, stateOf('a')]).toEqual([400, 'held']);
    expect(body).toContain('cannot be read');
  });
});

describe('a decision about many entries', () => {
  it('changes them, teaches their feed and reports both', async () => {
    for (const key of ['a', 'b', 'c']) put(key);

    const { status, body } = await post('/moves', {
      move: 'release',
      keys: 'a b',
      back: '/entries?state=held',
    });

    expect(status).toBe(200);
    expect(body).toContain('<h1>2 entries released</h1>');
    expect(body).toContain(`2 entries released. From now on, ${teaching}.`);
    expect(body).toContain('href="/entries?state=held">Back to the list');
    expect(['a', 'b', 'c'].map(stateOf)).toEqual(['queued', 'queued', 'held']);
    expect(scene().target.stores.feeds.memory.feeds.get('newsroom')?.memory?.byPlace).toBe(true);
  });

  it('changes only those that still allow it', async () => {
    put('a');
    put('b', { state: 'drafted', history: [{ at, state: 'drafted', code: 'draft.created' }] });

    const { body } = await post('/moves', { move: 'dismiss', keys: 'a b gone' });

    expect(body).toMatch(/1 entry dismissed\. 1 unchanged: /);
    expect(['a', 'b'].map(stateOf)).toEqual(['dismissed', 'drafted']);
  });

  it('returns its numbers to the script of the page', async () => {
    put('a');
    put('b', { state: 'drafted' });

    const { headers, body } = await post('/moves', { move: 'release', keys: 'a b', as: 'json' });

    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      done: 1,
      refused: 1,
      why: expect.stringContaining('b'),
      learned: [`From now on, ${teaching}.`],
      keys: ['a'],
      activity: expect.stringMatching(/^\d{13}\./),
      waits: [],
    });
  });

  it('without an entry that still allows it returns to the list with the reason', async () => {
    put('a', { state: 'drafted', history: [{ at, state: 'drafted', code: 'draft.created' }] });

    const response = await post('/moves', { move: 'dismiss', keys: 'a', back: '/entries?state=held' });

    expect(response.headers.location).toMatch(/^\/entries\?state=held&notice=/);
    expect(await noticeAfter(response)).toMatch(/^0 entries dismissed\. 1 unchanged: /);
  });

  it('names what keeps the entries waiting, on its page and for its script', async () => {
    for (const key of ['a', 'b', 'c']) put(key);
    await post('/pause', { scope: 'brand/144' });

    const { body } = await post('/moves', { move: 'release', keys: 'a b' });
    const part = await post('/moves', { move: 'release', keys: 'c', as: 'json' });

    expect(body).toContain('Brand 144 is paused by ada, so they wait until you resume it.');
    expect(JSON.parse(part.body).waits).toEqual([
      'Brand 144 is paused by ada, so they wait until you resume it.',
    ]);
  });

  it('can be undone as a whole without a script, in time for each entry', async () => {
    const keys = Array.from({ length: 150 }, (_, n) => `k${n}`);
    for (const key of keys) put(key);

    const { body } = await post('/moves', { move: 'release', keys: keys.join(' '), back: '/entries' });
    const dueAt = rows()
      .filter(({ key }) => keys.includes(key))
      .map((row) => row.dueAt);
    const response = await post('/moves', { move: 'undo', keys: keysIn(body).join(' '), back: '/entries' });

    expect(body).toContain('>Undo all 150</button>');
    expect(Math.min(...dueAt)).toBeGreaterThanOrEqual(scene().context.clock() + 12_000);
    expect(await noticeAfter(response)).toBe('The release of 150 entries was undone.');
    expect(keys.map(stateOf)).toEqual(keys.map(() => 'held'));
  });

  it('can be undone while nothing was sent', async () => {
    put('a');
    await post('/moves', { move: 'release', keys: 'a' });
    expect(scene().target.stores.ledger.rows.get('a')).toMatchObject({ state: 'queued' });

    expect(await noticeAfter(await post('/moves', { move: 'undo', keys: 'a' }))).toBe(
      'The release of 1 entry was undone.',
    );
    expect(stateOf('a')).toBe('held');
  });

  it('never goes beyond a thousand entries', async () => {
    for (let n = 0; n < 1_100; n++) put(`k${n}`);

    await post('/moves', {
      move: 'dismiss',
      keys: Array.from({ length: 1_100 }, (_, n) => `k${n}`).join(' '),
    });

    expect(rows().filter(({ state }) => state === 'dismissed')).toHaveLength(1_000);
  });

  it('is recorded with the person who made it', async () => {
    put('a');

    await post('/moves', { move: 'dismiss', keys: 'a' });

    expect(JSON.stringify(scene().target.stores.ledger.rows.get('a'))).toContain(scene().context.by);
  });
});
