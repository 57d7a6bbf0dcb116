import { describe, expect, it } from 'vitest';
import type { Visit } from '../support/browser.ts';
import { consoleInBrowser, entryAt } from '../support/console-in-browser.ts';

const { open, rowOf, keyOf } = consoleInBrowser();

describe('hostile feed content', () => {
  const sane = async ({ page, complaints, strangers }: Visit) => {
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('main').isVisible()).toBe(true);
    expect(
      await page.locator('main script, main style, svg[onload], img[onerror], a[href^=javascript]').count(),
    ).toBe(0);
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  };

  it.each(['/', '/entries?state=held', '/feeds/newsroom', '/feeds/clips'])('is inert on %s', async (path) => {
    const visited = await open();

    await visited.page.goto(visited.url + path);
    await visited.page.waitForLoadState('networkidle');

    expect(await visited.page.locator('main').innerText()).toMatch(/<(script|style)>/);
    await sane(visited);
  });

  it('is shown as text, and its entry can be dismissed', async () => {
    const visited = await open();
    const { page, url } = visited;
    const key = keyOf('held', '<script>');
    await page.goto(entryAt(url, key));

    expect(await page.locator('h1').innerText()).toContain('<img src=x onerror=');
    expect(await page.locator('.caption').first().innerText()).toContain('<style>body{display:none}</style>');
    await sane(visited);
    await page.getByRole('button', { name: /^Dismiss/ }).click();

    expect(rowOf(key).state).toBe('dismissed');
    await sane(visited);
  });
});
