import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { EntryRow, State } from '../../lib/core/ledger/row.ts';
import { leaveAll, startBrowser, visit } from './browser.ts';
import { type ConsoleScene, consoleScene } from './console-scene.ts';

/** One browser for a file's tests, with a new scene for each of them. */
export const consoleInBrowser = (given: Parameters<typeof consoleScene>[0] = { withEnemy: true }) => {
  let browser: Browser;
  let scene: ConsoleScene;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    scene = await consoleScene(given);
  });
  afterEach(async () => {
    await leaveAll();
    expect(scene.errors).toEqual([]);
  });

  const rows = () => [...scene.target.stores.ledger.rows.values()] as EntryRow[];
  return {
    context: () => scene.context,
    stores: () => scene.target.stores,
    open: (options?: BrowserContextOptions) => visit(browser, scene, options),
    rows,
    rowOf: (key: string) => scene.target.stores.ledger.rows.get(key) as EntryRow,
    keyOf: (state: State, part = '') =>
      (rows().find((row) => row.state === state && (row.title ?? '').includes(part)) as EntryRow).key,
  };
};

export const entryAt = (url: string, key: string) => `${url}/entry?key=${encodeURIComponent(key)}`;

export const noticeOn = (page: Page) => page.locator('main > .notice:not(#connection)').innerText();
