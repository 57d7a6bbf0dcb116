import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow, State } from '../../lib/core/ledger/row.ts';
import { leaveAll, startBrowser, type Visit, violations, visit } from '../support/browser.ts';
import { type ConsoleScene, consoleScene } from '../support/console-scene.ts';

let browser: Browser;
let scene: ConsoleScene;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  scene = await consoleScene({ withEnemy: true });
});
afterEach(async () => {
  await leaveAll();
  expect(scene.errors).toEqual([]);
});

const rows = () => [...scene.target.stores.ledger.rows.values()] as EntryRow[];
const keyOf = (state: State, part = '') =>
  (rows().find((row) => row.state === state && (row.title ?? '').includes(part)) as EntryRow).key;
const rowOf = (key: string) => scene.target.stores.ledger.rows.get(key) as EntryRow;
const entryAt = (url: string, key: string) => `${url}/entry?key=${encodeURIComponent(key)}`;
const noticeOn = (page: Page) => page.locator('main > .notice:not(#connection)').innerText();
const pages = [
  '/',
  '/entries',
  '/entries?state=waits',
  '/feeds',
  '/webhooks',
  '/overview',
  '/feeds/newsroom',
  '/feeds/journal',
  '/feeds/clips',
  '/nowhere',
];

describe('reading', () => {
  it('shows what needs attention in the inbox, the worst first, and the switch', async () => {
    const { page, url } = await visit(browser, scene);

    await page.goto(url);

    expect(await page.locator('.problem h2').allInnerTexts()).toEqual([
      '1 entry with unknown outcome',
      'Feed journal is failing',
      'Feed clips is failing',
      '1 entry rejected by Dash Social',
      '2 entries held',
    ]);
    expect(await page.locator('#feed-failing-feed-journal').innerText()).toMatch(
      /answered with 503[\s\S]*began 5 h ago · last tried 50 min ago · next try in/,
    );
    expect(await page.locator('nav .count').innerText()).toMatch(/^5/);
    expect(await page.getByRole('button', { name: 'Pause everything' }).isVisible()).toBe(true);
  });

  it('shows the figures and the chart in the overview', async () => {
    const { page, url } = await visit(browser, scene);

    await page.goto(`${url}/overview`);

    expect(await page.locator('#chart rect').count()).toBeGreaterThan(10);
    expect(await page.locator('#latest li').count()).toBe(5);
  });

  it('lists the feeds, failing ones first, and searches them', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(`${url}/feeds`);

    expect(await page.locator('tbody th a').allInnerTexts()).toEqual([
      'clips',
      'journal',
      'katalog',
      'newsroom',
    ]);
    await page.getByLabel('Search').fill('news');
    await expect.poll(() => page.locator('tbody th a').allInnerTexts()).toEqual(['newsroom']);
    await page.getByRole('button', { name: 'Poll now' }).click();

    expect(await noticeOn(page)).toMatch(/newsroom is being polled/);
    expect(new URL(page.url()).pathname).toBe('/feeds');
  });

  it('shows captions like TikTok, with the fold, the rest and hashtags', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(entryAt(url, keyOf('uncertain')));

    const seen = await page.locator('.post .caption').first().innerText();
    const hidden = page.locator('.rest .caption');
    expect(await hidden.isVisible()).toBe(false);
    await page.locator('.rest summary').click();

    expect([...seen].length).toBe(151); // including the ellipsis
    expect(await hidden.isVisible()).toBe(true);
    expect(await page.locator('.rest .tag').allInnerTexts()).toEqual(['#Hiking', '#Repair', '#TrailRunning']);
  });

  it('loads thumbnails only through the console', async () => {
    const { page, url, strangers } = await visit(browser, scene);

    await page.goto(entryAt(url, keyOf('uncertain')));
    await page.locator('img.picture').scrollIntoViewIfNeeded();
    // The image is loaded lazily, and the page's `load` event does not wait for it.
    await page.evaluate("document.querySelector('img.picture').decode()");

    expect(await page.evaluate("document.querySelector('img.picture').naturalWidth")).toBe(54);
    expect(strangers).toEqual([]);
  });

  it('keeps the space of a missing thumbnail', async () => {
    scene.context.fetchFeed = async () => {
      const response = { kind: 'unchanged', hints: { freshUntil: null } } as const;
      return response;
    };
    const { page, url } = await visit(browser, scene);

    await page.goto(entryAt(url, keyOf('uncertain')));

    const box = await page.locator('.picture').first().boundingBox();
    expect(box).toMatchObject({ width: 81, height: 144 });
  });

  it('shows a feed with its window, polls and errors', async () => {
    const { page, url } = await visit(browser, scene);

    await page.goto(`${url}/feeds/newsroom`);

    expect(await page.locator('#window tbody tr').count()).toBe(11);
    expect(await page.locator('#rate').innerText()).toMatch(
      /About 1\.1 entries per day .* next poll: every 60 min\.[\s\S]*requests at least 15 min [\s\S]*have been missed, last 9 h ago[\s\S]*has moved to javascript:/,
    );
    expect(await page.locator('#polls').innerText()).toMatch(/304[\s\S]*18\.3 kB[\s\S]*two megabytes of log/);
    await page.goto(`${url}/feeds/journal`);
    expect(await page.locator('.trouble').innerText()).toMatch(
      /answered with 503.*Failing since 20 Nov 2026, 05:30 UTC/,
    );
  });

  it('previews a feed’s posts and the rules they pass', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(`${url}/feeds/newsroom`);
    const before = JSON.stringify(rows());

    await page.getByRole('button', { name: 'Preview' }).click();

    expect(await page.locator('h1').innerText()).toBe('Preview of newsroom');
    expect(await page.locator('article').count()).toBe(10);
    expect(await page.locator('article').first().innerText()).toMatch(/length.*of 2200/);
    expect(JSON.stringify(rows())).toBe(before);
  });
});

describe('filtering', () => {
  it('filters while typing, without loading the page, and updates the address', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(`${url}/entries`);
    await page.evaluate('window.same = true');

    await page.getByLabel('Search').fill('THERMOS repairable');
    await page.locator('#found', { hasText: /^1 entry$/ }).waitFor();

    expect(await page.locator('article h2').allInnerTexts()).toEqual([
      'The Fern thermos is now here in a repairable edition 🎒',
    ]);
    expect(page.url()).toBe(`${url}/entries?text=THERMOS+repairable`);
    expect(await page.evaluate('window.same')).toBe(true);
  });

  it('filters by feed and state', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(`${url}/entries`);

    await page.getByLabel('Feed', { exact: true }).selectOption('journal');
    await page.getByLabel('State').selectOption('drafted');
    await page.locator('#found', { hasText: '11 entries' }).waitFor();

    expect(new Set(await page.locator('article .chip').filter({ visible: true }).allInnerTexts())).toEqual(
      new Set(['drafted']),
    );
  });

  it('pages through a long list', async () => {
    const { page, url } = await visit(browser, scene, { javaScriptEnabled: false });
    await page.goto(`${url}/entries`);

    const first = await page.locator('article').count();
    await page.getByRole('link', { name: 'Older' }).click();

    expect(first).toBe(25);
    expect(await page.locator('article').count()).toBe(rows().length - 25);
    expect(await page.locator('#found').innerText()).toBe(`${rows().length} entries, page 2 of 2`);
  });
});

describe('decisions', () => {
  const at = async (state: State, part?: string) => {
    const key = keyOf(state, part);
    const { page, url } = await visit(browser, scene);
    await page.goto(entryAt(url, key));
    return { key, page };
  };

  it('release an entry', async () => {
    const { key, page } = await at('filtered');

    await page.getByRole('button', { name: /^Release/ }).click();

    expect(await noticeOn(page)).toMatch(/is released and waits for its turn/);
    expect(rowOf(key)).toMatchObject({
      state: 'queued',
      history: [{}, { code: 'move.release', detail: 'by ada' }],
    });
    expect(scene.target.stores.queues.wakeUps).toEqual([{ key, brand: 144 }]);
  });

  it('retry a rejected entry at once', async () => {
    const { key, page } = await at('rejected');

    await page.getByRole('button', { name: /^Try again/ }).click();

    expect(await noticeOn(page)).toMatch(/is sent again/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', mayBeTwice: 0 });
  });

  it('retry an uncertain entry only after a warning', async () => {
    const { key, page } = await at('uncertain');

    await page.locator('summary', { hasText: 'Try again' }).click();
    expect(await page.locator('.careful').filter({ visible: true }).innerText()).toMatch(/there may be two/);
    await page.getByRole('button', { name: /^Try again/ }).click();

    expect(await noticeOn(page)).toMatch(/is sent again/);
    expect(rowOf(key)).toMatchObject({ state: 'queued', mayBeTwice: 1 });
  });

  it('dismiss an entry only after a warning', async () => {
    const { key, page } = await at('held', 'thermos');

    expect(await page.getByRole('button', { name: /^Dismiss/ }).isVisible()).toBe(false);
    await page.locator('summary', { hasText: 'Dismiss' }).click();
    await page.getByRole('button', { name: /^Dismiss/ }).click();

    expect(await noticeOn(page)).toMatch(/is dismissed/);
    expect(rowOf(key).state).toBe('dismissed');
  });

  it('confirm an entry with its draft ID', async () => {
    const { key, page } = await at('uncertain');

    await page.locator('summary', { hasText: 'Confirm' }).click();
    await page.getByLabel('draft id').fill('4711');
    await page.getByRole('button', { name: /^Confirm/ }).click();

    expect(await noticeOn(page)).toMatch(/is confirmed/);
    expect(rowOf(key)).toMatchObject({ state: 'drafted', postId: 4711 });
  });

  it('explain why an entry can no longer be moved', async () => {
    const { key, page } = await at('filtered');
    await page.evaluate('document.body.dataset.every'); // wait for the page
    const row = rowOf(key);
    scene.target.stores.ledger.rows.set(key, { ...row, rev: row.rev + 1, state: 'drafted' });
    await page.locator('form[action="/move"] input[name=move]').evaluateAll('() => 0');

    await page.evaluate(
      `(() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/move';
        for (const [name, value] of Object.entries({ token: 'a-token-of-the-scene', move: 'release', key: ${JSON.stringify(key)}, back: '/' })) {
          const input = document.createElement('input'); input.name = name; input.value = value; form.append(input); }
        document.body.append(form); form.submit(); })()`,
    );
    await page.locator('.notice.bad:not(#connection)').waitFor();

    expect(await noticeOn(page)).toMatch(/is drafted, so you cannot release it/);
  });

  it('pause and resume everything', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(url);

    await page.getByRole('button', { name: 'Pause everything' }).click();
    expect(await noticeOn(page)).toMatch(/Posting is paused/);
    expect([...scene.target.stores.circuits.stored.values()]).toMatchObject([{ scope: 'all', by: 'person' }]);
    expect(await page.locator('.light').innerText()).toBe('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();

    expect(await noticeOn(page)).toMatch(/Posting is resumed/);
    expect(scene.target.stores.circuits.stored.size).toBe(0);
  });

  it('pause one brand or one feed', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(url);

    await page.getByText('Pause one brand only').click();
    await page.getByRole('button', { name: 'Pause brand 205' }).click();
    await page.goto(`${url}/feeds/newsroom`);
    await page.getByRole('button', { name: 'Pause feed newsroom' }).click();

    expect([...scene.target.stores.circuits.stored.values()].map(({ scope }) => scope)).toEqual([
      'brand/205',
      'feed/newsroom',
    ]);
    await page.goto(url);
    expect(
      (await page.locator('.problem h2').allInnerTexts()).filter((one) => /205|newsroom/.test(one)),
    ).toEqual(['Brand 205 is paused', 'Feed newsroom is paused']);
    await page.locator('#paused-brand-205').getByRole('button', { name: 'Resume' }).click();
    expect([...scene.target.stores.circuits.stored.values()].map(({ scope }) => scope)).toEqual([
      'feed/newsroom',
    ]);
  });

  it('poll a feed now', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(`${url}/feeds/newsroom`);

    await page.getByRole('button', { name: 'Poll now' }).click();

    expect(await noticeOn(page)).toMatch(/newsroom is being polled/);
    expect(scene.target.stores.queues.feeds).toEqual([{ feeds: ['newsroom'], manual: true }]);
  });

  it('reject a token from an earlier start', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(url);
    scene.context.token = 'of-another-start';

    await page.evaluate("document.querySelector('#posting form').submit()");
    await page.locator('h1', { hasText: 'Nothing was changed' }).waitFor();

    expect(scene.target.stores.circuits.stored.size).toBe(0);
  });
});

describe('live updates', () => {
  beforeEach(() => {
    scene.context.everyMs = 100;
  });

  it('show changes automatically and keep open sections open', async () => {
    const { page, url } = await visit(browser, scene);
    const key = keyOf('queued');
    await page.goto(`${url}/entries?feed=newsroom`);
    const article = page.locator('article').first();
    await article.locator('.past summary').click();

    const row = rowOf(key);
    const history = [...row.history, { at: row.seenAt, state: 'drafted' as const, code: 'draft.created' }];
    scene.target.stores.ledger.rows.set(key, {
      ...row,
      rev: row.rev + 1,
      state: 'drafted',
      postId: 1021,
      history,
    });
    await article.locator('header .chip', { hasText: 'drafted' }).waitFor();

    expect(await article.locator('.history li').last().isVisible()).toBe(true);
    expect(await article.locator('.past summary').innerText()).toBe('History (2)');
  });

  it('change nothing while a form is being filled in', async () => {
    const { page, url } = await visit(browser, scene);
    const key = keyOf('uncertain');
    await page.goto(entryAt(url, key));
    await page.locator('summary', { hasText: 'Confirm' }).click();
    await page.getByLabel('draft id').fill('47');

    let asked = 0;
    page.on('response', () => (asked += 1));
    const row = rowOf(key);
    scene.target.stores.ledger.rows.set(key, { ...row, rev: row.rev + 1, title: 'Another title' });
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(2);

    expect(await page.getByLabel('draft id').inputValue()).toBe('47');
  });

  it('show when the console is not responding, and when it is again', async () => {
    const { page, url, complaints } = await visit(browser, scene);
    await page.goto(url);

    await page.context().setOffline(true);
    await page.locator('#connection', { hasText: 'does not answer' }).waitFor();
    await page.context().setOffline(false);
    await page.locator('#connection').waitFor({ state: 'hidden' });

    expect(complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});

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
    const visited = await visit(browser, scene);

    await visited.page.goto(visited.url + path);
    await visited.page.waitForLoadState('networkidle');

    expect(await visited.page.locator('main').innerText()).toMatch(/<(script|style)>/);
    await sane(visited);
  });

  it('is shown as text, and its entry can be dismissed', async () => {
    const visited = await visit(browser, scene);
    const { page, url } = visited;
    const key = keyOf('held', '<script>');
    await page.goto(entryAt(url, key));

    expect(await page.locator('h1').innerText()).toContain('<img src=x onerror=');
    expect(await page.locator('.caption').first().innerText()).toContain('<style>body{display:none}</style>');
    await sane(visited);
    await page.locator('summary', { hasText: 'Dismiss' }).click();
    await page.getByRole('button', { name: /^Dismiss/ }).click();

    expect(rowOf(key).state).toBe('dismissed');
    await sane(visited);
  });
});

describe('a held batch', () => {
  beforeEach(async () => {
    scene = await consoleScene({ withBatch: true });
  });
  const batchStates = () => new Set(rows().flatMap(({ batch, state }) => (batch === null ? [] : [state])));

  it('is released as one from the overview, after viewing its entries', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(url);
    expect(await page.locator('#problems article.batch').count()).toBe(1);

    await page.locator('article.batch').getByRole('link', { name: 'Look at them' }).click();
    expect(await page.locator('article.entry').count()).toBe(20);
    await page.goBack();
    await page.locator('summary', { hasText: 'Release all' }).click();
    await page.getByRole('button', { name: 'Release all 20' }).click();

    expect(await noticeOn(page)).toMatch(
      /^20 entries of batch newsroom\.12 are released.* Learned for newsroom: a single entry/,
    );
    expect(batchStates()).toEqual(new Set(['queued']));
    expect(await page.locator('#problems article.batch').count()).toBe(0);
  });

  it('is dismissed without JavaScript', async () => {
    const { page, url } = await visit(browser, scene, { javaScriptEnabled: false });
    await page.goto(`${url}/entries?batch=newsroom.12`);

    await page.locator('summary', { hasText: 'Dismiss all' }).click();
    await page.getByRole('button', { name: 'Dismiss all 20' }).click();

    expect(batchStates()).toEqual(new Set(['dismissed']));
    expect(await page.locator('#results').innerText()).toContain('Batch newsroom.12 holds no entries');
  });

  it.each(['light', 'dark'] as const)('passes axe in %s on every page', async (colorScheme) => {
    const { page, url } = await visit(browser, scene, { colorScheme });
    const paths = ['/', '/entries?state=held', '/entries?batch=newsroom.12', '/feeds/newsroom'];
    for (const path of [...paths, `/entry?key=${keyOf('held', 'From the archive 1')}`]) {
      await page.goto(url + path);
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
      expect(await violations(page)).toEqual([]);
    }
  });
});

describe('accessibility', () => {
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(pages)('passes axe on %s', async (path) => {
      const { page, url } = await visit(browser, scene, { colorScheme });
      await page.goto(url + path);
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");

      expect(await violations(page)).toEqual([]);
    });

    it('passes axe on entries, a preview and the paused overview', async () => {
      const { page, url } = await visit(browser, scene, { colorScheme });
      for (const state of ['rejected', 'uncertain', 'held'] as const) {
        await page.goto(entryAt(url, keyOf(state)));
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        expect(await violations(page)).toEqual([]);
      }
      await page.goto(`${url}/feeds/newsroom`);
      await page.getByRole('button', { name: 'Preview' }).click();
      expect(await violations(page)).toEqual([]);
      await page.goto(url);
      await page.getByRole('button', { name: 'Pause everything' }).click();
      expect(await violations(page)).toEqual([]);
    });
  });

  it.each(pages.slice(0, -1))('loads %s without script errors or other hosts', async (path) => {
    const { page, url, complaints, strangers } = await visit(browser, scene);

    await page.goto(url + path);
    await page.waitForLoadState('networkidle');

    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  });

  it('allows reading, filtering and decisions without JavaScript', async () => {
    const { page, url } = await visit(browser, scene, { javaScriptEnabled: false });
    const key = keyOf('filtered');

    await page.goto(`${url}/feeds`);
    expect(await page.locator('tbody tr').count()).toBe(4);
    await page.goto(`${url}/entries`);
    await page.getByLabel('State').selectOption('filtered');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('article').count()).toBe(1);
    await page.locator('.past summary').click();
    expect(await page.locator('.history').innerText()).toMatch(/Filtered by /);
    await page.getByRole('button', { name: /^Release/ }).click();

    expect(await noticeOn(page)).toMatch(/is released/);
    expect(rowOf(key).state).toBe('queued');
  });

  it('works with the keyboard alone', async () => {
    const { page, url } = await visit(browser, scene);
    await page.goto(url);
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');

    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Pause everything');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    await page.keyboard.press('Enter');

    expect(await noticeOn(page)).toMatch(/Posting is paused/);
    expect(outline).toBe('solid');
  });

  it.each(pages)('fits %s into a narrow screen', async (path) => {
    const { page, url } = await visit(browser, scene, { viewport: { width: 320, height: 700 } });

    await page.goto(url + path);

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });
});
