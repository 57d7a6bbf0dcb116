import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { storeChangedArticle } from '../support/changed-article.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';

const { scene, ask, post, noticeAfter } = consoleOverHttp();
const row = () => scene().target.stores.ledger.rows.get('a') as EntryRow;
const page = '/entry?key=a';

beforeEach(async () => {
  Object.assign(scene().target.config().feeds[0] ?? {}, { caption: '{{ title }}!' });
  await storeChangedArticle(scene().target.stores.ledger, scene().context.clock());
});

describe('the page of an entry whose article changed after its draft', () => {
  it('shows the difference, and the caption that was sent beside the one it would have now', async () => {
    const { body } = await ask(page);

    expect(body).toContain('The article changed after its draft was made.');
    expect(body).toContain('Opens on <del>Friday</del><ins>Monday</ins>');
    expect(body).toMatch(/The caption that was sent<\/h3><p class="caption" dir="auto">Opens on Friday</);
    expect(body).toMatch(/The caption now<\/h3><p class="caption" dir="auto">Opens on Monday!</);
  });

  it('shows the difference in a line when a version is no longer stored', async () => {
    await scene().target.stores.ledger.deleteStoredEntry('kept-a');

    expect((await ask(page)).body).toContain('title: “Friday” → “Monday”');
  });

  it('keeps the draft as it is', async () => {
    const notice = await noticeAfter(await post('/keep-draft', { key: 'a', back: page }));

    expect(notice).toContain('The draft of “Opens on Friday” stays as it is.');
    expect(row().laterVersion?.state).toBe('kept');
    expect((await ask(page)).body).not.toContain('Keep the draft as it is');
  });

  it('refuses a second decision with the reason', async () => {
    await noticeAfter(await post('/keep-draft', { key: 'a', back: page }));

    expect(await noticeAfter(await post('/keep-draft', { key: 'a', back: page }))).toContain(
      'needs no decision',
    );
  });
});

describe('lists', () => {
  it('have a filter for articles that changed, and the inbox a card', async () => {
    const list = await ask('/entries?state=changed');
    const inbox = await ask('/');

    expect(list.body).toContain('Opens on Friday');
    expect(list.body).toMatch(/1 entry/);
    expect(inbox.body).toContain('1 article changed after the draft');
    expect(inbox.body).toContain('title: “Friday” → “Monday”');
  });
});

describe('a draft that is to be changed', () => {
  it('is queued for a worker by one button', async () => {
    const notice = await noticeAfter(await post('/update-draft', { key: 'a', back: page }));

    expect(notice).toContain('is being changed');
    expect(row()).toMatchObject({ laterVersion: { state: 'updating', unchecked: false } });
    expect(scene().target.stores.queues.wakeUps).toContainEqual({ key: 'a', brand: 144 });
    expect((await ask(page)).body).not.toContain('Change the draft too');
  });

  it('shows why it was not changed, and asks before it is replaced', async () => {
    const { laterVersion } = row();
    scene().target.stores.ledger.rows.set('a', {
      ...row(),
      laterVersion: laterVersion && { ...laterVersion, why: 'Dash Social cannot show the post' },
    });

    const { body } = await ask(page);

    expect(body).toContain('The draft was not changed: <bdi>Dash Social cannot show the post</bdi>.');
    expect(body).toContain('Change the draft anyway…');
    await post('/update-draft', { key: 'a', back: page, unchecked: 'yes' });
    expect(row().laterVersion).toMatchObject({ state: 'updating', unchecked: true });
  });
});
