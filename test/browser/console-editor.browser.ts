import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleInBrowser, entryAt, noticeOn } from '../support/console-in-browser.ts';

const { stores, open, rowOf, keyOf } = consoleInBrowser();

/** An entry to review, on its page. */
const editor = async (options: Parameters<typeof open>[0] = {}) => {
  const key = keyOf('drafted');
  const waits = { state: 'review', postId: null, expiresAt: null } as const;
  const row: EntryRow = { ...rowOf(key), ...waits };
  stores().ledger.rows.set(key, row);
  const { page, url } = await open(options);
  await page.goto(entryAt(url, key));
  return { key, page, caption: page.getByLabel('Caption') };
};

describe('the editor', () => {
  it('counts while you type, saves, and shows the caption in the phone', async () => {
    const { key, page, caption } = await editor();

    await caption.fill('A bridge for everyone #a #b #c #d #e #f');
    expect(await page.locator('[id$=-count]').innerText()).toMatch(
      /^39 of 2,200.*6 hashtags: TikTok allows 5/,
    );
    await caption.fill('A bridge for everyone');
    expect(await page.locator('[id$=-count]').innerText()).toBe('21 of 2,200 characters');
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    expect(await noticeOn(page)).toMatch(/^Saved\./);
    expect(await page.locator('.phone').innerText()).toContain('A bridge for everyone');
    expect(rowOf(key).edited?.fields).toEqual({ text: 'A bridge for everyone' });
    expect(await page.evaluate('document.activeElement.id')).toMatch(/-save$/);
    expect(await page.locator('.editor .saved').innerText()).toBe('Saved');
  });

  it('does not send a caption that is too long', async () => {
    const { key, page, caption } = await editor();

    await caption.fill('x'.repeat(2_300));
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    expect(await page.locator('[id$=-count]').innerText()).toContain('100 too many');
    expect(rowOf(key).edited).toBeNull();
  });

  it.each([
    ['on a phone', { viewport: { width: 390, height: 844 } }],
    ['without JavaScript', { javaScriptEnabled: false }],
  ])('saves a caption that was only typed when the post is approved, %s', async (_, options) => {
    const { key, page, caption } = await editor(options);
    await caption.fill('Only typed');

    await page.locator('button.approve').click();

    expect(await noticeOn(page)).toMatch(/is approved/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', post: { text: 'Only typed' } });
  });

  it('names what a decision saves, and asks before you leave', async () => {
    const { key, page, caption } = await editor();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    const approve = page.locator('button.approve');
    const words = await approve.innerText();
    await caption.fill('Only typed');
    expect(await approve.innerText()).toMatch(/^Save and approve/);

    await page.getByRole('button', { name: /^Dismiss/ }).click();
    await expect.poll(() => asked).toEqual(['beforeunload']);
    expect(rowOf(key).state).toBe('review');

    await caption.fill(rowOf(key).post?.text ?? '');
    expect(await approve.innerText()).toBe(words);
  });

  it('keeps what you type while the page refreshes', async () => {
    const { page, caption } = await editor();
    await caption.fill('Half a sentence');
    await page.getByRole('button', { name: 'Save', exact: true }).focus();

    await page.evaluate('refresh()');

    expect(await caption.inputValue()).toBe('Half a sentence');
  });

  it.each([
    ['without JavaScript', { javaScriptEnabled: false }],
    ['on a phone', { viewport: { width: 360, height: 740 } }],
    ['in dark mode', { colorScheme: 'dark' as const }],
  ])('approves an edited post, and undoes it, %s', async (_, options) => {
    const { key, page, caption } = await editor(options);
    await caption.fill('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    expect(await noticeOn(page)).toMatch(/is approved/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', post: { text: 'Mine' } });
    const isWide = await page
      .evaluate('document.documentElement.scrollWidth > innerWidth')
      .catch(() => false);
    expect(isWide).toBe(false);
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();

    expect(rowOf(key)).toMatchObject({ state: 'review', post: { text: 'Mine' } });
  });
});
