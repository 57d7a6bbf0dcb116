import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleInBrowser, entryAt } from '../support/console-in-browser.ts';

const { stores, rows, rowOf, open } = consoleInBrowser({});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** A phone, and three entries to review. */
const onPhone = async (path: string | null = null) => {
  const waiting = rows()
    .filter(({ state }) => state === 'drafted')
    .slice(0, 3)
    .map((row): EntryRow => ({ ...row, state: 'review', postId: null, expiresAt: null }));
  for (const row of waiting) stores().ledger.rows.set(row.key, row);
  const { page, url } = await open(phone);
  await page.clock.install();
  const keys = waiting.map(({ key }) => key);
  await page.goto(path === null ? entryAt(url, keys[0] ?? '') : `${url}${path}`);
  return { page, keys };
};

const inReview = () => rows().filter(({ state }) => state === 'review').length;
const notice = (page: Page) => page.locator('main > .notice:not(#connection)');

describe('the list of entries to review, on a phone', () => {
  it('keeps a decided card in its place, so that a second tap decides nothing', async () => {
    const { page } = await onPhone('/entries?state=review');
    const card = page.locator('article.entry').first();
    const [place, button] = [await card.boundingBox(), card.locator('button.approve')];
    await button.scrollIntoViewIfNeeded();
    const finger = (await button.boundingBox()) ?? { x: 0, y: 0 };

    await page.touchscreen.tap(finger.x + 20, finger.y + 10);
    await page.locator('.decided').waitFor();
    await page.touchscreen.tap(finger.x + 20, finger.y + 10);

    expect(await card.innerText()).toMatch(/is approved\./);
    expect((await card.boundingBox())?.height).toBeCloseTo(place?.height ?? 0, -1);
    expect(inReview()).toBe(2);
    await page.evaluate('refresh()');
    expect(await page.locator('article.entry').count()).toBe(3);
  });

  it('undoes a decision in its place', async () => {
    const { page } = await onPhone('/entries?state=review');
    const card = page.locator('article.entry').first();
    const words = await card.innerText();
    await card.locator('button.approve').click();
    await page.locator('.decided').waitFor();
    await page.clock.runFor(1_000);

    await card.getByRole('button', { name: 'Undo' }).click();
    await card.locator('button.approve').waitFor();

    expect(await card.innerText()).toBe(words);
    expect(inReview()).toBe(3);
  });
});

describe('the notice of a decision, on a phone', () => {
  it('is in the window, and counts down until the undo is over', async () => {
    const { page, keys } = await onPhone();
    await page.locator('button.approve').scrollIntoViewIfNeeded();
    await page.locator('button.approve').click();
    await notice(page).waitFor();

    const box = (await notice(page).boundingBox()) ?? { y: 0, height: 0 };
    expect(box.y).toBeGreaterThan(0);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    expect(await page.getByRole('button', { name: /Undo/ }).count()).toBe(1);
    await page.clock.runFor(1_100);
    expect(await notice(page).getByText(/^Undo/).last().innerText()).toMatch(/^Undo \([89]\)$/);
    await page.clock.runFor(10_000);

    expect(await page.getByRole('button', { name: /Undo/ }).count()).toBe(0);
    expect(await notice(page).innerText()).not.toContain('Undo until then');
    await notice(page).getByRole('link', { name: 'Next to review' }).click();
    await page.waitForURL((url) => keys.slice(1).includes(url.searchParams.get('key') ?? ''));
    expect(rowOf(keys[0] ?? '').state).toBe('queued');
  });

  it('leaves the number of the inbox where it is', async () => {
    const { page } = await onPhone();
    const count = page.locator('#pages .count');
    await count.waitFor();
    const before = Number.parseInt(await count.innerText(), 10);

    await page.locator('button.approve').click();
    await notice(page).waitFor();

    await expect.poll(async () => Number.parseInt(await count.innerText(), 10)).toBeLessThanOrEqual(before);
    expect(before).toBeGreaterThan(0);
  });
});
