import { describe, expect, it } from 'vitest';
import type { State } from '../../lib/core/ledger/row.ts';
import { consoleInBrowser, entryAt, noticeOn } from '../support/console-in-browser.ts';

const { context, stores, open, rowOf, keyOf } = consoleInBrowser();

describe('decisions', () => {
  const at = async (state: State, part?: string) => {
    const key = keyOf(state, part);
    const { page, url } = await open();
    await page.goto(entryAt(url, key));
    return { key, page };
  };

  it('release an entry', async () => {
    const { key, page } = await at('filtered');

    await page.getByRole('button', { name: /^Release/ }).click();

    expect(await noticeOn(page)).toMatch(/is released\./);
    expect(rowOf(key)).toMatchObject({
      state: 'queued',
      history: [{}, { code: 'move.release', detail: 'by ada' }],
    });
    expect(stores().queues.wakeUps).toEqual([{ key, brand: 144 }]);
  });

  it('retry a rejected entry at once', async () => {
    const { key, page } = await at('rejected');

    await page.getByRole('button', { name: /^Try again/ }).click();

    expect(await noticeOn(page)).toMatch(/is sent again/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', mayBeTwice: 0 });
  });

  it('retry an uncertain entry only after a warning', async () => {
    const { key, page } = await at('uncertain');

    await page.locator('summary', { hasText: 'Try again' }).click();
    expect(await page.locator('.careful').filter({ visible: true }).innerText()).toMatch(/there may be two/);
    await page.getByRole('button', { name: /^Try again/ }).click();

    expect(await noticeOn(page)).toMatch(/is sent again/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', mayBeTwice: 1 });
  });

  it('dismiss an entry at once, and undo it in the notice', async () => {
    const { key, page } = await at('held', 'thermos');
    const before = rowOf(key);

    await page.getByRole('button', { name: /^Dismiss/ }).click();
    expect(await noticeOn(page)).toMatch(/is dismissed/);
    expect(rowOf(key).state).toBe('dismissed');
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();

    expect(await noticeOn(page)).toMatch(/Undone/);
    const { history: _, rev: __, ...restored } = rowOf(key);
    expect(restored).toEqual(expect.objectContaining({ state: before.state, post: before.post, undo: null }));
  });

  it('confirm an entry with its draft ID', async () => {
    const { key, page } = await at('uncertain');

    await page.locator('summary', { hasText: 'Confirm' }).click();
    await page.getByLabel('Draft ID').fill('4711');
    await page.getByRole('button', { name: /^Confirm/ }).click();

    expect(await noticeOn(page)).toMatch(/is confirmed/);
    expect(rowOf(key)).toMatchObject({ state: 'drafted', postId: 4711 });
  });

  it('explain why an entry can no longer be moved', async () => {
    const { key, page } = await at('filtered');
    await page.evaluate('document.body.dataset.every'); // wait for the page
    const row = rowOf(key);
    stores().ledger.rows.set(key, { ...row, rev: row.rev + 1, state: 'drafted' });
    await page.locator('form[action="/move"] input[name=move]').evaluateAll('() => 0');

    await page.evaluate(
      `(() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/move';
        for (const [name, value] of Object.entries({ token: 'a-token-of-the-scene', move: 'release', key: ${JSON.stringify(key)}, back: '/' })) {
          const input = document.createElement('input'); input.name = name; input.value = value; form.append(input); }
        document.body.append(form); form.submit(); })()`,
    );
    await page.locator('.notice.bad:not(#connection)').waitFor();

    expect(await noticeOn(page)).toMatch(/is drafted, so you cannot release it/);
  });

  it('pause and resume everything', async () => {
    const { page, url } = await open();
    await page.goto(url);

    await page.getByText('Pause everything…').click();
    expect(stores().circuits.stored.size).toBe(0);
    await page.getByRole('button', { name: 'Pause everything' }).click();
    expect(await noticeOn(page)).toMatch(/Posting is paused/);
    expect([...stores().circuits.stored.values()]).toMatchObject([{ scope: 'all', by: 'person' }]);
    expect(await page.locator('.light').innerText()).toBe('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();

    expect(await noticeOn(page)).toMatch(/Posting is resumed/);
    expect(stores().circuits.stored.size).toBe(0);
  });

  it('pause one brand or one feed', async () => {
    const { page, url } = await open();
    await page.goto(url);

    await page.getByText('Pause one brand only').click();
    await page.getByText('Pause brand 205…').click();
    await page.getByRole('button', { name: 'Pause brand 205' }).click();
    await page.goto(`${url}/feeds/newsroom`);
    await page.getByText('Pause feed newsroom…').click();
    await page.getByRole('button', { name: 'Pause feed newsroom' }).click();

    expect([...stores().circuits.stored.values()].map(({ scope }) => scope)).toEqual([
      'brand/205',
      'feed/newsroom',
    ]);
    await page.goto(url);
    expect(
      (await page.locator('.problem h3').allInnerTexts()).filter((one) => /205|newsroom/.test(one)),
    ).toEqual(['Brand 205 is paused', 'Feed newsroom is paused']);
    await page.locator('#paused-brand-205').getByRole('button', { name: 'Resume' }).click();
    expect([...stores().circuits.stored.values()].map(({ scope }) => scope)).toEqual(['feed/newsroom']);
  });

  it('poll a feed now', async () => {
    const { page, url } = await open();
    await page.goto(`${url}/feeds/newsroom`);

    await page.getByRole('button', { name: 'Poll now' }).click();

    expect(await noticeOn(page)).toMatch(/newsroom is being polled/);
    expect(stores().queues.feeds).toEqual([{ feeds: ['newsroom'], manual: true }]);
  });

  it('reject a token from an earlier start', async () => {
    const { page, url } = await open();
    await page.goto(url);
    context().token = 'of-another-start';

    await page.evaluate("document.querySelector('#posting form').submit()");
    await page.locator('h1', { hasText: 'Nothing was changed' }).waitFor();

    expect(stores().circuits.stored.size).toBe(0);
  });
});
