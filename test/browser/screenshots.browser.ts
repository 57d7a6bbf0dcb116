import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityRow } from '../../lib/core/activity/activity-row.ts';
import { anActivity } from '../support/activities.ts';
import { leaveAll, startBrowser, visit } from '../support/browser.ts';
import { consoleScene } from '../support/console-scene.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
afterEach(leaveAll);

const folder = new URL('../../docs/console/', import.meta.url).pathname;
const wants = process.env.SCREENSHOTS === 'write';

type Options = { colorScheme: 'light' | 'dark'; width?: number; fullPage?: boolean };

const pages: [name: string, path: string, options: Options][] = [
  ['inbox', '/', { colorScheme: 'light' }],
  ['inbox-dark', '/', { colorScheme: 'dark' }],
  ['inbox-narrow', '/', { colorScheme: 'light', width: 390 }],
  ['overview', '/overview', { colorScheme: 'light' }],
  ['feeds', '/feeds', { colorScheme: 'light' }],
  ['entries', '/entries?feed=newsroom', { colorScheme: 'light', fullPage: false }],
  ['entry', '/entry', { colorScheme: 'light' }],
  ['feed', '/feeds/newsroom', { colorScheme: 'light' }],
  ['activity', '/activity', { colorScheme: 'light' }],
];

/** What the pages of a picture show that people did. */
const deeds = (now: number) => {
  const ada = 'ada@example.com (00u1f4)';
  const grace = 'grace@example.com (00u2k9)';
  const many = { key: null, title: null };
  const given: [ago: number, activity: Partial<ActivityRow>][] = [
    [4 * 60_000, { by: ada, kind: 'approve', title: 'The Birch camp chair is now here in night blue' }],
    [9 * 60_000, { by: ada, kind: 'edit', title: 'The Birch camp chair is now here in night blue' }],
    [50 * 60_000, { by: grace, kind: 'release', count: 456, ...many }],
    [55 * 60_000, { by: 'olga', kind: 'poll', ...many }],
    [26 * 3_600_000, { by: grace, kind: 'resume', scope: 'brand/144', feeds: [], ...many }],
    [27 * 3_600_000, { by: grace, kind: 'pause', scope: 'brand/144', feeds: [], ...many }],
  ];
  return given.map(([ago, one]) => anActivity({ at: now - ago, endedAt: now - ago, ...one }));
};

/** The width in a PNG's header (RFC 2083, section 11.2.2). */
const widthOf = (png: Buffer) => png.readUInt32BE(16);

describe('screenshots in docs/console', () => {
  it.each(pages)(
    'exist with the current width: %s',
    async (name, path, { colorScheme, width = 1100, fullPage = true }) => {
      const file = `${folder}${name}.png`;
      const scene = await consoleScene();
      for (const row of deeds(scene.context.clock())) scene.target.stores.activities.deeds.set(row.id, row);
      const { page, url } = await visit(browser, scene, { colorScheme, viewport: { width, height: 1000 } });

      await page.goto(`${url}${path === '/entry' ? '/entries?state=uncertain' : path}`);
      if (path === '/entry') await page.locator('article h2 a').first().click();
      await page.waitForLoadState('networkidle');
      mkdirSync(folder, { recursive: true });
      const taken = await page.screenshot({ fullPage, ...(wants && { path: file }) });

      expect(existsSync(file), `${file}: SCREENSHOTS=write npm run test:browser`).toBe(true);
      expect(widthOf(readFileSync(file))).toEqual(widthOf(taken));
      expect(readFileSync(file).length).toBeLessThan(350_000);
    },
  );
});
