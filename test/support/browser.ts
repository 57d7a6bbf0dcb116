import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { consoleResponse } from '../../console/respond.ts';
import { openSite, type Site } from '../../local/site.ts';
import type { ConsoleScene } from './console-scene.ts';

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: quiet });

export type Visit = {
  page: Page;
  url: string;
  /** Script errors, policy violations and other console warnings. */
  complaints: string[];
  /** Every address outside the console that the page requested. */
  strangers: string[];
};

const open: { close: () => Promise<unknown> }[] = [];

/** Opens a page of its own for a scene. */
export const visit = async (
  browser: Browser,
  { context: consoleContext }: ConsoleScene,
  options: BrowserContextOptions = {},
): Promise<Visit> => {
  const site: Site = await openSite([consoleResponse(consoleContext)], 0);
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on(
    'console',
    (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())),
  );
  page.on('request', (asked) => void (asked.url().startsWith(site.url) || strangers.push(asked.url())));
  open.push(context, site);
  return { page, url: site.url, complaints, strangers };
};

/** For `afterEach`. */
export const leaveAll = async (): Promise<void> => {
  for (const one of open.splice(0)) await one.close();
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };

/** The axe-core violations of a page in its current state: WCAG 2.2 AA and best practices. */
export const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe); // injected by the debugger, to which the page's policy does not apply
  const found = (await page.evaluate('axe.run()')) as { violations: Violation[] };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
  );
};
