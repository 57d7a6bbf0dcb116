import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { violations } from '../support/browser.ts';
import { consoleInBrowser } from '../support/console-in-browser.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { context, open, stores, rows } = consoleInBrowser();

const at = Date.UTC(2026, 10, 20, 9);
const hold = (count: number) => {
  for (let n = 0; n < count; n++)
    stores().ledger.rows.set(
      `many-${n}`,
      anEntryRow({
        key: `many-${n}`,
        title: `Many ${n}`,
        state: 'held',
        wakeAt: null,
        seenAt: at,
        history: [{ at: at + n, state: 'held', code: 'caption.empty' }],
      }),
    );
};
const many = (): EntryRow[] => rows().filter(({ key }) => key.startsWith('many-'));
const inState = (state: string) => many().filter((row) => row.state === state).length;

describe('many entries', () => {
  it('are selected one by one, and decided after one confirmation', async () => {
    hold(3);
    const { page, url } = await open();
    await page.goto(`${url}/entries?state=held&text=many`);

    await page.getByLabel('Select Many 0').check();
    await page.getByLabel('Select Many 2').check();
    expect(await page.locator('#selected').innerText()).toBe('2 selected');
    await page.getByRole('button', { name: 'Dismiss selected…' }).click();
    expect(await page.locator('#chosen li').allInnerTexts()).toHaveLength(2);
    await page.getByRole('button', { name: 'Dismiss 2' }).click();
    await page.getByText('2 of 2 done.').waitFor();
    await page.getByRole('heading', { name: '2 entries dismissed' }).waitFor();

    expect(many().map(({ state }) => state)).toEqual(['dismissed', 'held', 'dismissed']);

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => inState('held')).toBe(3);
    await page.getByRole('heading', { name: 'The dismissal of 2 entries was undone' }).waitFor();
  });

  it('are decided in pieces of a hundred that can be stopped', async () => {
    hold(350);
    const { page, url } = await open();
    let pieces = 0;
    let release = () => {};
    await page.route('**/moves', async (route) => {
      pieces += 1;
      if (pieces === 2)
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      await route.continue();
    });
    await page.goto(`${url}/entries?state=held&text=many`);
    await page.getByLabel('All that match').check();
    await page.getByRole('button', { name: 'Dismiss selected…' }).click();
    await page.getByRole('button', { name: 'Dismiss 350' }).click();
    await page.getByText('100 of 350 done.').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    release();
    await page.getByText('200 of 350 done. Stopped; the others are unchanged.').waitFor();

    expect([pieces, inState('dismissed'), inState('held')]).toEqual([2, 200, 150]);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Back to the list');
  });

  it('stay selected while the page refreshes', async () => {
    hold(2);
    context().everyMs = 100;
    const { page, url } = await open();
    await page.goto(`${url}/entries?state=held&text=many`);
    await page.getByLabel('Select Many 1').check();

    hold(3);
    let refreshes = 0;
    page.on('response', () => (refreshes += 1));
    await expect.poll(() => refreshes, { timeout: 10_000 }).toBeGreaterThan(2);

    expect(await page.getByLabel('Select Many 1').isChecked()).toBe(true);
  });

  it('are reached by keyboard', async () => {
    hold(3);
    const { page, url } = await open();
    await page.goto(`${url}/entries?state=held&text=many`);

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect(await page.getByLabel('Select Many 1').isChecked()).toBe(true);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.keyboard.press('/');
    await page.keyboard.type('jk');
    expect(await page.locator('#filter-text').inputValue()).toContain('jk');
  });

  it('pass axe when they are confirmed', async () => {
    hold(3);
    const { page, url } = await open();
    await page.goto(`${url}/entries?state=held&text=many`);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('All that match').check();
    await page.getByRole('button', { name: 'Release selected…' }).click();
    await page.getByRole('heading', { name: /^Release 3 entries/ }).waitFor();

    expect(await violations(page)).toEqual([]);
  });
});
