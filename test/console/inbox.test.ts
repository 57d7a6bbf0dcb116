import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleResponse } from '../../console/respond.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { openSite, type Site } from '../../local/site.ts';
import { type ConsoleScene, consoleScene } from '../support/console-scene.ts';
import { aCircuitRow, anEntryRow } from '../support/store-rows.ts';

let scene: ConsoleScene;
let site: Site;

beforeEach(async () => {
  scene = await consoleScene();
  scene.target.stores.ledger.rows.clear();
  site = await openSite([consoleResponse(scene.context)], 0);
});
afterEach(() => site.close());

const at = Date.UTC(2026, 10, 20, 10);
const put = (key: string, given: Partial<EntryRow>) =>
  scene.target.stores.ledger.rows.set(key, anEntryRow({ key, wakeAt: null, seenAt: at, ...given }));
const held = (key: string, given: Partial<EntryRow> = {}) =>
  put(key, {
    title: `Story ${key}`,
    state: 'held',
    history: [{ at: at + Number(key), state: 'held', code: 'caption.empty' }],
    ...given,
  });

const inboxPage = async () => (await fetch(site.url)).text();
const sectionOf = (body: string, id: string) =>
  body.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';
/** Posts a form, and returns the page that follows. */
const act = async (path: string, fields: Record<string, string>) => {
  const response = await fetch(new URL(path, site.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(site.url).origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: 'a-token-of-the-scene', back: '/', ...fields }).toString(),
  });
  return (await fetch(new URL(response.headers.get('location') ?? '/', site.url))).text();
};
const textOf = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the inbox', () => {
  it('names five entries with their reasons, and links to the rest', async () => {
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) held(key);

    const card = sectionOf(await inboxPage(), 'needs-you');

    expect(card.match(/<a href="\/entry\?key=\d">/g)).toHaveLength(5);
    expect(textOf(card)).toContain('Story 1 newsroom Held: the caption is empty. Story 2');
    expect(textOf(card)).toContain('and 2 more');
    expect(card).toContain('<a class="action" href="/entries?state=held">See all 7</a>');
  });

  it('gives the errors of Dash Social in words', async () => {
    const detail = 'The post has errors. Media: Only one video is allowed.';
    put('r', { state: 'rejected', history: [{ at, state: 'rejected', code: 'dash.rejected', detail }] });

    expect(textOf(sectionOf(await inboxPage(), 'needs-you'))).toContain(
      'Dash Social rejected the post: The post has errors. Media: Only one video is allowed.',
    );
  });

  it('dates possible duplicates', async () => {
    put('d', {
      state: 'drafted',
      postId: 7,
      mayBeTwice: 1,
      history: [{ at, state: 'drafted', code: 'draft.created' }],
    });

    expect(sectionOf(await inboxPage(), 'needs-you')).toMatch(
      /1 possible duplicate<\/h3>[\s\S]*began <time datetime="2026-11-20T10:00:00.000Z"/,
    );
  });

  it('counts what needs a person, and lists apart what resolves itself', async () => {
    held('1');
    const circuit = aCircuitRow({
      scope: 'all',
      reason: 'throttled',
      openUntil: scene.context.clock() + 9_000,
    });
    await scene.target.stores.circuits.put(circuit);

    const body = await inboxPage();

    expect(textOf(sectionOf(body, 'needs-you'))).toContain('2 things need your attention.');
    expect(textOf(sectionOf(body, 'resolves-itself'))).toContain('Waiting for the rate limit');
    expect(body).toContain('<span class="count">2<span class="unseen"> need attention</span></span>');
  });

  it('folds away what only an administrator can do', async () => {
    const circuit = aCircuitRow({ scope: 'brand/144', reason: 'forbidden', openUntil: null });
    await scene.target.stores.circuits.put(circuit);

    const [shown = '', folded = ''] = sectionOf(await inboxPage(), 'needs-you').split(
      '<details class="admin"',
    );

    expect(textOf(shown)).toContain('An administrator can fix this');
    expect(shown).not.toContain('npm run');
    expect(folded).toMatch(/correct brand_id[\s\S]*npm run -s cli -- dash brands/);
  });

  it.each([
    ['Nothing for you to do.', true],
    ['All clear.', false],
  ])('teaches when nothing needs a person: %s', async (words, isFailing) => {
    const row = scene.target.stores.feeds.memory.feeds.get('journal');
    if (row?.trouble) row.trouble = isFailing ? { ...row.trouble, failures: 1 } : null;

    expect(textOf(sectionOf(await inboxPage(), 'needs-you'))).toContain(
      `${words} When an entry needs a decision, or a feed stops working, it appears here`,
    );
  });

  it('names who paused, and why a released entry still waits', async () => {
    held('1');
    await act('/pause', { scope: 'brand/144' });
    const notice = await act('/move', { key: '1', move: 'release' });

    expect(textOf(sectionOf(await inboxPage(), 'needs-you'))).toContain(
      'Brand 144 is paused It was paused by ada.',
    );
    expect(textOf(notice)).toMatch(
      /is released[^.]*\. Brand 144 is paused by ada, so it waits until you resume it\./,
    );
  });

  it.each(['/feeds', '/webhooks', '/entries', '/overview'])('teaches on an empty page: %s', async (path) => {
    const config = { ...scene.target.config(), feeds: [], webhooks: [] };
    scene.target.config = () => config;

    expect(textOf(await (await fetch(new URL(path, site.url))).text())).toMatch(
      /No (feeds|webhooks|entries|drafts) yet\. /,
    );
  });
});
