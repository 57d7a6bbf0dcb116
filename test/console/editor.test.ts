import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { story } from '../support/entries.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { scene, ask, post, noticeAfter } = consoleOverHttp();
const pictures = ['https://www.example.com/a.jpg', 'https://www.example.com/b.jpg'];
const page = '/entry?key=a';
const row = () => scene().target.stores.ledger.rows.get('a') as EntryRow;
const put = (given: Partial<EntryRow>) => {
  const now = scene().context.clock();
  const history = [{ at: now - 1, state: 'review' as const, code: 'entry.new' }];
  const published = new Date(now).toISOString();
  scene().target.stores.ledger.rows.set(
    'a',
    anEntryRow({
      ...{ key: 'a', state: 'review', wakeAt: null, dueAt: 0, seenAt: now - 1, history },
      published,
      storedAs: 'kept-a',
      ...given,
    }),
  );
};
const setFeed = (given: Partial<FeedConfig>) => Object.assign(scene().target.config().feeds[0] ?? {}, given);
const shown = async () => (await ask(page)).body;
/** The caption in the editor. */
const written = async () => /<textarea[^>]*>\n([^<]*)/.exec(await shown())?.[1] ?? '';
/** What a browser sends when these fields of the editor were changed. */
const save = async (fields: Record<string, string>) =>
  post('/edit', {
    ...{
      key: 'a',
      back: page,
      text: await written(),
      media: '',
      time: '',
      editedAt: String(row().edited?.at ?? ''),
    },
    ...fields,
  });

beforeEach(async () => {
  const entry = story(1, { image: pictures[0] as string, images: pictures });
  await scene().target.stores.ledger.storeEntry('kept-a', toStoredEntry(entry), Number.MAX_SAFE_INTEGER);
  put({});
});

describe('the page of an entry to review', () => {
  it('says what it waits for, and offers to approve, dismiss and edit it', async () => {
    const body = await shown();

    expect(body).toContain('Waiting for your approval; nothing is sent before that.');
    for (const words of ['Approve: make a draft', 'Dismiss', 'Save', 'Snooze…'])
      expect(body).toContain(words);
    expect(body).toContain('Your team adds the video in Dash Social.');
    expect(body).toMatch(/\d+ of 2,200 characters/);
  });

  it('names each field, and offers the pictures of the entry', async () => {
    const body = await shown();

    for (const [, id] of body.matchAll(/<(?:textarea|input)(?! type="hidden")[^>]* id="([^"]+)"/g))
      expect(body).toMatch(new RegExp(`for="${id}"|<label class="choice"><input[^>]* id="${id}"`));
    expect(body.match(/name="thumbnail"/g)).toHaveLength(3);
    expect(body).toContain('/thumbnail?key=a&amp;picture=1');
  });

  it('warns of an entry that has become too old, and approves it all the same', async () => {
    const old = scene().context.clock() - 900 * 86_400_000;
    put({ published: new Date(old).toISOString() });
    setFeed({ maxAgeMs: 86_400_000 });

    expect(await shown()).toContain('Approve anyway');
    expect(await noticeAfter(await post('/move', { key: 'a', move: 'approve', back: page }))).toMatch(
      /was not approved: it is 900 d old/,
    );
    await post('/move', { key: 'a', move: 'approve', evenIfOld: 'yes', back: page });
    expect(row().state).toBe('queued');
  });

  it('has no editor once it was sent', async () => {
    put({ state: 'drafted', postId: 7 });

    expect(await shown()).not.toContain('Edit before it is sent');
  });
});

describe('the editor', () => {
  it('stores only the fields that were changed', async () => {
    const saved = await save({ text: 'Mine\r\n', thumbnail: pictures[1] as string });

    expect(await noticeAfter(saved)).toBe('Saved.');
    expect(row().edited).toMatchObject({ fields: { text: 'Mine', thumbnail_url: pictures[1] }, by: 'ada' });
    expect(await shown()).toContain('Edited: caption, thumbnail');
  });

  it('sets the time in the zone of the feed, and shows it in the same', async () => {
    setFeed({ timezone: 'Europe/Berlin' });
    await save({ time: '2027-07-01T09:00' });

    expect(row().edited?.fields).toEqual({ timestamp: '2027-07-01T07:00:00Z' });
    expect(await shown()).toContain('value="2027-07-01T09:00"');
  });

  it('shows on the page what is wrong, and changes nothing', async () => {
    const before = row();

    expect(await noticeAfter(await save({ text: 'x'.repeat(2_201) }))).toMatch(/text must be at most 2,200/);
    expect(await noticeAfter(await save({ media: 'x' }))).toMatch(/media_ids must be the ID of one video/);
    expect(await noticeAfter(await save({ text: ' ' }))).toMatch(/text must not be empty/);
    expect(row()).toEqual(before);
  });

  it('does nothing if nothing was changed', async () => {
    expect(await noticeAfter(await save({}))).toMatch(/^Nothing was changed/);
    expect(row().edited).toBeNull();
  });

  it('does not overwrite what somebody else has saved since', async () => {
    await save({ text: 'Theirs' });

    expect(await noticeAfter(await save({ text: 'Mine', editedAt: '' }))).toMatch(/^Nothing was saved/);
    expect(row().post?.text).toBe('Theirs');
  });

  it('resets to the template', async () => {
    await save({ text: 'Mine' });

    expect(await noticeAfter(await post('/edit', { key: 'a', reset: 'yes', back: page }))).toBe(
      'Reset to the template.',
    );
    expect(row()).toMatchObject({ edited: null });
    expect(row().post?.text).toContain('Story 1');
  });
});

describe('a decision made while the editor is open', () => {
  const decide = async (fields: Record<string, string>) =>
    post('/move', {
      ...{ key: 'a', move: 'approve', back: page, text: await written(), media: '', time: '' },
      ...{ editedAt: String(row().edited?.at ?? ''), ...fields },
    });

  it('belongs to the form of the editor, where Enter only saves', async () => {
    const body = await shown();
    const [, form] = /<form [^>]*class="editor" id="([^"]+)"/.exec(body) ?? [];
    const buttons = [...body.matchAll(new RegExp(`<button [^>]*form="${form}"[^>]*>`, 'g'))].map(String);

    expect(buttons[0]).not.toContain('formaction');
    expect(buttons[1]).toContain('formaction="/move" name="move" value="approve"');
  });

  it('sends the caption that was typed, and not the one before it', async () => {
    expect(await noticeAfter(await decide({ text: 'Mine' }))).toMatch(/is approved/);

    expect(row()).toMatchObject({
      state: 'queued',
      post: { text: 'Mine' },
      edited: { fields: { text: 'Mine' } },
    });
  });

  it('edits nothing if nothing was typed', async () => {
    await decide({});

    expect(row()).toMatchObject({ state: 'queued', edited: null });
  });

  it('is not made if what was typed cannot be saved', async () => {
    const before = row();

    expect(await noticeAfter(await decide({ text: ' ' }))).toMatch(
      /text must not be empty.* Nothing was sent\.$/,
    );
    expect(await noticeAfter(await decide({ editedAt: '1' }))).toMatch(
      /edited in the meantime.* Nothing was sent\.$/,
    );
    expect(row()).toEqual(before);
  });
});

describe('a decision', () => {
  it('waits 10 seconds, and its notice has an undo', async () => {
    const response = await post('/move', { key: 'a', move: 'approve', back: page });
    const { body } = await ask(String(response.headers.location));
    expect(row()).toMatchObject({ state: 'queued', dueAt: scene().context.clock() + 10_000 });
    expect(body).toMatch(
      /role="status"><span>[^<]*is approved\.<\/span><span class="until">[^<]*<\/span><form method="post" action="\/undo">/,
    );

    expect(await noticeAfter(await post('/undo', { key: 'a', back: page }))).toBe('Undone.');
    expect(row().state).toBe('review');
  });

  it('says once when it is sent', async () => {
    const response = await post('/move', { key: 'a', move: 'approve', back: page });
    const { body } = await ask(String(response.headers.location));

    expect(body).toContain(
      'is approved.</span><span class="until">Sent in about 10 s. Undo until then.</span>',
    );
    expect(body).not.toContain('It is not due yet.');
  });

  it('leads to the next entry to review', async () => {
    scene().target.stores.ledger.rows.set('b', { ...row(), key: 'b' });

    const response = await post('/move', { key: 'a', move: 'approve', back: page });

    expect((await ask(String(response.headers.location))).body).toContain(
      '<a href="/entry?key=b">Next to review</a>',
    );
  });

  it('that was sent cannot be undone, and names its draft', async () => {
    put({ state: 'drafted', postId: 1004 });

    expect(await noticeAfter(await post('/undo', { key: 'a', back: page }))).toMatch(
      new RegExp(`^“${row().title}” was sent already: draft 1004 is in Dash Social`),
    );
  });

  it('may be put off, which ends with a button', async () => {
    await post('/snooze', { key: 'a', until: '2h', back: page });
    expect(row().dueAt).toBe(scene().context.clock() + 7_200_000);
    expect(await shown()).toContain('End the snooze');

    await post('/snooze', { key: 'a', until: 'now', back: page });

    expect(row().dueAt).toBe(scene().context.clock());
  });
});
