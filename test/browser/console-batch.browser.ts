import { describe, expect, it } from 'vitest';
import { violations } from '../support/browser.ts';
import { consoleInBrowser, noticeOn } from '../support/console-in-browser.ts';

const { open, rows, keyOf } = consoleInBrowser({ withBatch: true });

describe('a held batch', () => {
  const batchStates = () => new Set(rows().flatMap(({ batch, state }) => (batch === null ? [] : [state])));

  it('is released as one from the overview, after viewing its entries', async () => {
    const { page, url } = await open();
    await page.goto(url);
    expect(await page.locator('#problems article.batch').count()).toBe(1);

    await page.locator('article.batch').getByRole('link', { name: 'Look at them' }).click();
    expect(await page.locator('article.entry').count()).toBe(20);
    await page.goBack();
    await page.getByRole('button', { name: 'Release all 20…' }).click();
    await page.getByRole('heading', { name: 'Release 20 entries?' }).waitFor();
    expect(batchStates()).toEqual(new Set(['held']));
    await page.getByRole('button', { name: 'Release 20' }).click();

    await page.getByText(/^20 of 20 done\. From now on, a single old-dated entry in newsroom/).waitFor();
    await page.getByRole('heading', { name: '20 entries released' }).waitFor();
    expect(await page.getByText('Release 20 entries?').count()).toBe(0);
    expect(batchStates()).toEqual(new Set(['queued']));
    await page.getByRole('link', { name: 'Back to the list' }).click();
    expect(await page.locator('#problems article.batch').count()).toBe(0);
  });

  it('is dismissed without JavaScript, and undone as a whole', async () => {
    const { page, url } = await open({ javaScriptEnabled: false });
    await page.goto(`${url}/entries?batch=newsroom.12`);

    await page.getByRole('button', { name: 'Dismiss all 20…' }).click();
    await page.getByRole('button', { name: 'Dismiss 20' }).click();

    expect(await page.locator('h1').innerText()).toBe('20 entries dismissed');
    expect(batchStates()).toEqual(new Set(['dismissed']));
    await page.getByRole('button', { name: 'Undo all 20' }).click();

    expect(await noticeOn(page)).toBe('The dismissal of 20 entries was undone.');
    expect(batchStates()).toEqual(new Set(['held']));
  });

  it.each(['light', 'dark'] as const)('passes axe in %s on every page', async (colorScheme) => {
    const { page, url } = await open({ colorScheme });
    const paths = ['/', '/entries?state=held', '/entries?batch=newsroom.12', '/feeds/newsroom'];
    for (const path of [...paths, `/entry?key=${keyOf('held', 'From the archive 1')}`]) {
      await page.goto(url + path);
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
      expect(await violations(page)).toEqual([]);
    }
  });
});
