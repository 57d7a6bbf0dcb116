import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { startBrowser, violations } from '../support/browser.ts';
import { nobody } from '../support/console-config.ts';
import { type SignedInScene, signedInScene } from '../support/signed-in-scene.ts';

let browser: Browser;
let s: SignedInScene;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  s = await signedInScene();
  context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  page = await context.newPage();
});
afterEach(async () => {
  expect(s.scene.errors).toEqual([]);
  await context.close();
  await s.close();
});

/** Opens a page of the console, and chooses an account at the provider. */
const signIn = async (person: string, path = '/') => {
  await page.goto(`${s.origin}${path}`);
  expect(page.url().startsWith(s.idp.issuer)).toBe(true);
  await page.getByRole('button', { name: person, exact: true }).click();
  await page.waitForURL((url) => url.href.startsWith(s.origin));
};
const heading = () => page.locator('h1').innerText();
const held = () =>
  [...s.scene.target.stores.ledger.rows.values()].find(
    (row) => row.type === 'entry' && row.state === 'held',
  ) as EntryRow;
const rowOf = (key: string) => s.scene.target.stores.ledger.rows.get(key) as EntryRow;
const entryOf = ({ key }: EntryRow) => `/entry?key=${encodeURIComponent(key)}`;

describe('a person on a phone', () => {
  it('signs in to the page that was linked, decides, and signs out', async () => {
    const row = held();
    await signIn('ed', entryOf(row));

    expect(await page.locator('.visitor').innerText()).toMatch(/ed@example\.com\s+editor/);
    await page.getByRole('button', { name: /^Dismiss/ }).click();
    await page.locator('main > .notice.good').waitFor();
    expect(rowOf(row.key).state).toBe('dismissed');
    expect(JSON.stringify(rowOf(row.key).history.at(-1))).toContain('ed@example.com (ed)');

    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading()).toBe('You are signed out');
    await page.goto(`${s.origin}/entries`);
    expect(page.url().startsWith(s.origin)).toBe(true); // the provider still knows them
  });

  it('edits, approves and undoes what waits for review, and finds it in the activity', async () => {
    const { rows } = s.scene.target.stores.ledger;
    const drafted = [...rows.values()].find(
      (row) => row.type === 'entry' && row.state === 'drafted',
    ) as EntryRow;
    rows.set(drafted.key, { ...drafted, state: 'review', postId: null, expiresAt: null });
    const notice = () => page.locator('main > .notice:not(#connection)').innerText();
    await signIn('ed', entryOf(drafted));

    await page.getByLabel('Caption').fill('A bridge for everyone');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await notice()).toMatch(/^Saved\./);
    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    expect(await notice()).toMatch(/is approved/);
    expect(rowOf(drafted.key)).toMatchObject({ state: 'queued', post: { text: 'A bridge for everyone' } });
    await page.locator('main > .notice:not(#connection)').getByRole('button', { name: 'Undo' }).click();
    expect(await notice()).toMatch(/^Undone\./);
    expect(rowOf(drafted.key)).toMatchObject({ state: 'review', post: { text: 'A bridge for everyone' } });

    await page.goto(`${s.origin}/activity`);
    const lines = await page.locator('#activity li').allInnerTexts();
    const verbs = lines.map((line) => /ed@example\.com \(ed\) (\w+)/.exec(line)?.[1]);
    expect(verbs.sort()).toEqual(['approved', 'edited', 'undid']); // all within one millisecond of the scene
    expect(await violations(page)).toEqual([]);
  });

  it('sees no button that the role does not allow', async () => {
    await signIn('vera', entryOf(held()));

    expect(await page.locator('main form[method="post"]:visible').count()).toBe(0);
    expect(await page.locator('main .sure:visible').count()).toBe(0);
    await page.goto(`${s.origin}/`);
    expect(
      await page
        .getByRole('button', { name: /Pause|Resume/ })
        .filter({ visible: true })
        .count(),
    ).toBe(0);
  });

  it('is refused with a page that says so, and can sign in as somebody else', async () => {
    await signIn('mallory');

    expect(await heading()).toBe('You have no access');
    expect(await page.getByRole('link', { name: 'Sign in as somebody else' }).isVisible()).toBe(true);
    expect(await context.cookies(s.origin)).not.toContainEqual(
      expect.objectContaining({ name: 'rss-drafts-session' }),
    );
  });

  it('signs in again after eight hours, and is back on the same page', async () => {
    await signIn('vera', '/feeds');
    s.advance(8 * 3_600_000 + 1_000);
    await page.reload();

    expect(page.url()).toBe(`${s.origin}/feeds`); // by way of the provider, which still knows them
    expect(s.events.map(({ event }) => event)).toEqual(['console.signed-in', 'console.signed-in']);
  });

  it('loses access in the middle of a session', async () => {
    await signIn('vera');
    s.config.allow = { ...nobody, subjects: ['ed'] };
    await page.reload();

    expect(await heading()).toBe('You have no access');
  });

  it('cannot be made to act by another site', async () => {
    const row = held();
    await signIn('ed', entryOf(row));
    const token = await page.locator('input[name=token]').first().inputValue();
    await page.goto(`${s.idp.issuer}/interaction/elsewhere`); // another origin, at the same host name
    await page.setContent(`<form method="post" action="${s.origin}/move">
      <input name="token" value="${token}"><input name="key" value="${row.key}"><input name="move" value="dismiss">
      <button>Win</button></form>`);
    await page.getByRole('button', { name: 'Win' }).click();
    await page.waitForURL(`${s.origin}/move`);

    expect(await page.locator('body').innerText()).toContain('came from another site');
    expect(rowOf(row.key).state).toBe('held');
  });
});

describe('each page outside a session', () => {
  it('has no accessibility violation', async () => {
    await signIn('vera');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${s.origin}/signed-out`);
    expect(await violations(page)).toEqual([]);
    for (const name of Object.keys(s.secrets)) delete s.secrets[name];
    await page.goto(`${s.origin}/`);
    expect(await heading()).toBe('The console is not set up yet');
    expect(await violations(page)).toEqual([]);
  });

  it('reads no session from a script', async () => {
    await signIn('vera');
    expect(await page.evaluate('document.cookie')).toBe('');
  });
});
