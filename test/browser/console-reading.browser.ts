import { beforeEach, describe, expect, it } from 'vitest';
import { consoleInBrowser, entryAt, noticeOn } from '../support/console-in-browser.ts';

const { context, stores, open, rows, rowOf, keyOf } = consoleInBrowser();

describe('reading', () => {
  it('shows what needs attention in the inbox, the worst first, and the switch', async () => {
    const { page, url } = await open();

    await page.goto(url);

    expect(await page.locator('.problem h3').allInnerTexts()).toEqual([
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
    expect(await page.getByText('Pause everything…').isVisible()).toBe(true);
  });

  it('shows the figures and the chart in the overview', async () => {
    const { page, url } = await open();

    await page.goto(`${url}/overview`);

    expect(await page.locator('#chart rect').count()).toBeGreaterThan(10);
    expect(await page.locator('#latest li').count()).toBe(5);
  });

  it('lists the feeds, failing ones first, and searches them', async () => {
    const { page, url } = await open();
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
    const { page, url } = await open();
    await page.goto(entryAt(url, keyOf('uncertain')));

    const seen = await page.locator('.phone .caption').first().innerText();
    const hidden = page.locator('.rest .caption');
    expect(await hidden.isVisible()).toBe(false);
    await page.locator('.rest summary').click();

    expect([...seen].length).toBe(151); // including the ellipsis
    expect(await hidden.isVisible()).toBe(true);
    expect(await page.locator('.rest .tag').allInnerTexts()).toEqual(['#Hiking', '#Repair', '#TrailRunning']);
  });

  it('loads thumbnails only through the console', async () => {
    const { page, url, strangers } = await open();

    await page.goto(entryAt(url, keyOf('uncertain')));
    await page.locator('.phone img').scrollIntoViewIfNeeded();
    // The image is loaded lazily, and the page's `load` event does not wait for it.
    await page.evaluate("document.querySelector('.phone img').decode()");

    expect(await page.evaluate("document.querySelector('.phone img').naturalWidth")).toBe(54);
    expect(strangers).toEqual([]);
  });

  it('keeps the space of a missing thumbnail', async () => {
    context().fetchFeed = async () => {
      const response = { kind: 'unchanged', hints: { freshUntil: null } } as const;
      return response;
    };
    const { page, url } = await open();

    await page.goto(`${url}/entries?state=uncertain`);

    const box = await page.locator('.picture').first().boundingBox();
    expect(box).toMatchObject({ width: 81, height: 144 });
  });

  it('shows a feed with its window, polls and errors', async () => {
    const { page, url } = await open();

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
    const { page, url } = await open();
    await page.goto(`${url}/feeds/newsroom`);
    const before = JSON.stringify(rows());

    await page.getByRole('button', { name: 'Preview' }).click();

    expect(await page.locator('h1').innerText()).toBe('Preview of newsroom');
    expect(await page.locator('article').count()).toBe(10);
    expect(await page.locator('article').first().innerText()).toMatch(/length.*of 2,200/);
    expect(JSON.stringify(rows())).toBe(before);
  });
});

describe('filtering', () => {
  it('filters while typing, without loading the page, and updates the address', async () => {
    const { page, url } = await open();
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
    const { page, url } = await open();
    await page.goto(`${url}/entries`);

    await page.getByLabel('Feed', { exact: true }).selectOption('journal');
    await page.getByLabel('State').selectOption('drafted');
    await page.locator('#found', { hasText: '11 entries' }).waitFor();

    expect(new Set(await page.locator('article .chip').filter({ visible: true }).allInnerTexts())).toEqual(
      new Set(['Sent to Dash Social']),
    );
  });

  it('pages through a long list', async () => {
    const { page, url } = await open({ javaScriptEnabled: false });
    await page.goto(`${url}/entries`);

    const first = await page.locator('article').count();
    await page.getByRole('link', { name: 'Older' }).click();

    expect(first).toBe(25);
    const others = rows().filter(({ state }) => state !== 'baselined').length - 25;
    expect(await page.locator('article').count()).toBe(others);
    expect(await page.locator('#found').innerText()).toBe(`${others} entries`);
    await page.getByRole('link', { name: 'Latest' }).click();
    expect(await page.locator('article').count()).toBe(25);
  });
});

describe('live updates', () => {
  beforeEach(() => {
    context().everyMs = 100;
  });

  it('show changes automatically and keep open sections open', async () => {
    const { page, url } = await open();
    const key = keyOf('queued');
    await page.goto(`${url}/entries?feed=newsroom`);
    const article = page.locator('article').first();
    await article.locator('.past summary').click();

    const row = rowOf(key);
    const history = [...row.history, { at: row.seenAt, state: 'drafted' as const, code: 'draft.created' }];
    stores().ledger.rows.set(key, {
      ...row,
      rev: row.rev + 1,
      state: 'drafted',
      postId: 1021,
      history,
    });
    await article.locator('header .chip', { hasText: 'Sent to Dash Social' }).waitFor();

    expect(await article.locator('.history li').last().isVisible()).toBe(true);
    expect(await article.locator('.past summary').innerText()).toBe('History (2)');
  });

  it('change nothing while a form is being filled in', async () => {
    const { page, url } = await open();
    const key = keyOf('uncertain');
    await page.goto(entryAt(url, key));
    await page.locator('summary', { hasText: 'Confirm' }).click();
    await page.getByLabel('Draft ID').fill('47');

    let asked = 0;
    page.on('response', () => (asked += 1));
    const row = rowOf(key);
    stores().ledger.rows.set(key, { ...row, rev: row.rev + 1, title: 'Another title' });
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(2);

    expect(await page.getByLabel('Draft ID').inputValue()).toBe('47');
  });

  it('show when the console is not responding, and when it is again', async () => {
    const { page, url, complaints } = await open();
    await page.goto(url);

    await page.context().setOffline(true);
    await page.locator('#connection', { hasText: 'is not responding' }).waitFor();
    await page.context().setOffline(false);
    await page.locator('#connection').waitFor({ state: 'hidden' });

    expect(complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});
