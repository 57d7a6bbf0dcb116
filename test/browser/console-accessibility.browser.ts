import { describe, expect, it } from 'vitest';
import { violations } from '../support/browser.ts';
import { consoleInBrowser, entryAt, noticeOn } from '../support/console-in-browser.ts';

const { open, rowOf, keyOf } = consoleInBrowser();

const pages = [
  '/',
  '/entries',
  '/entries?state=waits',
  '/feeds',
  '/webhooks',
  '/overview',
  '/schedule',
  '/activity',
  '/feeds/newsroom',
  '/feeds/journal',
  '/feeds/clips',
  '/nowhere',
];

describe('accessibility', () => {
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(pages)('passes axe on %s', async (path) => {
      const { page, url } = await open({ colorScheme });
      await page.goto(url + path);
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");

      expect(await violations(page)).toEqual([]);
    });

    it('passes axe on entries, a preview and the paused overview', async () => {
      const { page, url } = await open({ colorScheme });
      for (const state of ['rejected', 'uncertain', 'held'] as const) {
        await page.goto(entryAt(url, keyOf(state)));
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        expect(await violations(page)).toEqual([]);
      }
      await page.goto(`${url}/feeds/newsroom`);
      await page.getByRole('button', { name: 'Preview' }).click();
      expect(await violations(page)).toEqual([]);
      await page.goto(url);
      await page.getByText('Pause everything…').click();
      await page.getByRole('button', { name: 'Pause everything' }).click();
      expect(await violations(page)).toEqual([]);
    });
  });

  it.each(pages.slice(0, -1))('loads %s without script errors or other hosts', async (path) => {
    const { page, url, complaints, strangers } = await open();

    await page.goto(url + path);
    await page.waitForLoadState('networkidle');

    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  });

  it('allows reading, filtering and decisions without JavaScript', async () => {
    const { page, url } = await open({ javaScriptEnabled: false });
    const key = keyOf('filtered');

    await page.goto(`${url}/feeds`);
    expect(await page.locator('tbody tr').count()).toBe(4);
    await page.goto(`${url}/entries`);
    await page.getByLabel('State').selectOption('filtered');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('article').count()).toBe(1);
    await page.locator('.past summary').click();
    expect(await page.locator('.history').innerText()).toMatch(/Filtered by /);
    await page.getByRole('button', { name: /^Release:/ }).click();

    expect(await noticeOn(page)).toMatch(/is released/);
    expect(rowOf(key).state).toBe('queued');
  });

  it('works with the keyboard alone', async () => {
    const { page, url } = await open();
    await page.goto(url);
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');

    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Pause everything…');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Pause everything');
    await page.keyboard.press('Enter');

    expect(await noticeOn(page)).toMatch(/Posting is paused/);
    expect(outline).toBe('solid');
  });

  it.each(pages)('fits %s into a narrow screen', async (path) => {
    const { page, url } = await open({ viewport: { width: 320, height: 700 } });

    await page.goto(url + path);

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });
});
