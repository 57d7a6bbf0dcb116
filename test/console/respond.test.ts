import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notRunning } from '../../cli/target.ts';
import { consoleResponse } from '../../console/respond.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { retryable } from '../../lib/core/errors.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { openSite, type Site } from '../../local/site.ts';
import { type ConsoleScene, consoleScene } from '../support/console-scene.ts';
import { story } from '../support/entries.ts';

let scene: ConsoleScene;
let site: Site;
let port: number;

beforeEach(async () => {
  scene = await consoleScene();
  site = await openSite([consoleResponse(scene.context)], 0);
  port = Number(new URL(site.url).port);
});
afterEach(() => site.close());

type Responseed = { status: number; headers: Record<string, unknown>; body: string };

/** Sends a request with exactly these headers; `fetch` does not allow setting Host and Origin. */
const ask = (
  path: string,
  headers: Record<string, string> = {},
  given: { method?: string; body?: string } = {},
) =>
  new Promise<Responseed>((resolve, reject) => {
    const method = given.method ?? (given.body === undefined ? 'GET' : 'POST');
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, async (response) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }),
    );
    sent.on('error', reject);
    sent.end(given.body);
  });

const type = 'application/x-www-form-urlencoded';
const own = () => ({ origin: site.url, 'content-type': type });
const token = 'a-token-of-the-scene';
const formOf = (fields: Record<string, string>) => new URLSearchParams({ token, ...fields }).toString();
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = own()) =>
  ask(path, headers, { body: formOf(fields) });

const circuitScopes = () => [...scene.target.stores.circuits.stored.keys()];
const rows = () => [...scene.target.stores.ledger.rows.values()] as EntryRow[];
const anyOf = (state: string) => rows().find((row) => row.state === state) as EntryRow;
const noticeAfter = async (response: Responseed) => {
  const { body } = await ask(String(response.headers.location));
  return /<p class="notice (?:good|bad)"[^>]*>([^<]*)/.exec(body)?.[1];
};

describe('the Host header', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST'])('may be %s', async (name) => {
    expect((await ask('/', { host: `${name}:${port}` })).status).toBe(200);
  });

  it.each([
    ['another host', () => 'evil.example.com'],
    ['another host with our port', () => `evil.example.com:${port}`],
    ['our host with another port', () => `127.0.0.1:${port + 1}`],
    ['our host without a port', () => '127.0.0.1'],
    ['our host as part of another', () => `127.0.0.1:${port}.evil.example.com`],
    ['all addresses', () => `0.0.0.0:${port}`],
  ])('may not be %s', async (_, host) => {
    const read = await ask('/', { host: host() });
    const posted = await post(
      '/pause',
      { scope: 'all' },
      { ...own(), host: host(), origin: `http://${host()}` },
    );

    for (const { status, body } of [read, posted]) {
      expect(status).toBe(421);
      expect(body).not.toMatch(/newsroom|a-token/);
    }
    expect(circuitScopes()).toEqual([]);
  });
});

describe('a change', () => {
  it('is made for the console’s own pages', async () => {
    const { status, headers } = await post('/pause', { scope: 'all', back: '/' });

    expect(status).toBe(303);
    expect(headers.location).toMatch(/^\/\?notice=/);
    expect(circuitScopes()).toEqual(['all by person']);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example.com' }],
    ['a page with a null origin', { origin: 'null' }],
    ['a client without an origin', { origin: '' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page the browser reports as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a page the browser reports as same-site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused for %s', async (_, headers) => {
    const { status } = await post('/pause', { scope: 'all' }, { ...own(), ...headers });

    expect(status).toBe(403);
    expect(circuitScopes()).toEqual([]);
  });

  it.each([[''], ['another'], [`${token}x`], [token.slice(1)]])(
    'is refused with the token %j',
    async (given) => {
      const paths = [
        '/pause',
        '/resume',
        '/move',
        '/batch',
        '/feeds/newsroom/poll',
        '/feeds/newsroom/preview',
      ];
      const before = JSON.stringify(rows());

      for (const path of paths) {
        const response = await post(path, {
          token: given,
          scope: 'all',
          key: anyOf('held').key,
          move: 'dismiss',
        });
        expect(response).toMatchObject({ status: 403, body: expect.stringContaining('Reload it') });
      }

      expect(circuitScopes()).toEqual([]);
      expect(scene.target.stores.queues.feeds).toEqual([]);
      expect(JSON.stringify(rows())).toBe(before);
    },
  );

  it('is never made by GET', async () => {
    for (const path of [
      '/pause?scope=all',
      '/move',
      '/batch',
      '/feeds/newsroom/poll',
      '/feeds/newsroom/preview',
    ])
      expect((await ask(`${path}${path.includes('?') ? '&' : '?'}token=${token}`)).status).toBe(404);

    expect(circuitScopes()).toEqual([]);
  });

  it.each([
    ['JSON', { 'content-type': 'application/json' }, '{}'],
    ['text', { 'content-type': 'text/plain' }, `token=${token}&scope=all`],
    ['no content type', {}, `token=${token}&scope=all`],
  ])('is accepted as a form and refused as %s', async (_, headers, body) => {
    expect((await ask('/pause', { origin: site.url, ...headers }, { body })).status).toBe(400);
    expect(circuitScopes()).toEqual([]);
  });

  it('is refused in a form over 65536 bytes', async () => {
    const { status, body } = await post('/pause', { scope: 'all', back: 'x'.repeat(70_000) });

    expect(status).toBe(400);
    expect(body).toContain('65536 bytes at most');
  });

  it.each([['PUT'], ['DELETE'], ['PATCH'], ['OPTIONS']])('is not made by %s', async (method) => {
    expect(await ask('/pause', own(), { method })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it.each([
    ['https://evil.example.com/'],
    ['//evil.example.com/'],
    ['/\\evil.example.com/'],
    ['/\t/evil.example.com'],
    ['javascript:alert(1)'],
    [''],
    ['/..//evil.example.com'],
  ])('redirects within the console, not to %j', async (back) => {
    const { headers } = await post('/pause', { scope: 'all', back });

    expect(new URL(String(headers.location), site.url).origin).toBe(site.url);
    expect(String(headers.location)).not.toMatch(/^\/[/\\]/);
  });

  it.each([[''], ['brand/1'], ['feed/nowhere'], ['everything']])(
    'is refused for the unknown scope %j',
    async (scope) => {
      expect((await post('/pause', { scope })).status).toBe(400);
      expect(circuitScopes()).toEqual([]);
    },
  );

  it.each([[{ move: 'explode' }], [{ key: '' }], [{ postId: '12x' }], [{ postId: '-1' }]])(
    'is refused when a form field is invalid: %j',
    async (wrong) => {
      const row = anyOf('uncertain');

      const { status } = await post('/move', { key: row.key, move: 'confirm', ...wrong });

      expect(status).toBe(400);
      expect(anyOf('uncertain')).toEqual(row);
    },
  );

  it('shows once which entry was moved', async () => {
    const response = await post('/move', {
      key: anyOf('filtered').key,
      move: 'release',
      back: '/entries?state=filtered',
    });

    expect(response.headers.location).toMatch(/^\/entries\?state=filtered&notice=/);
    expect(await noticeAfter(response)).toMatch(/is released and waits for its turn/);
    expect(await noticeAfter(response)).toBeUndefined();
  });

  it('is offered with the entry’s command for the terminal', async () => {
    const { key } = anyOf('drafted');
    scene.target.where = { stage: 'prod' };

    expect((await ask(`/entry?key=${encodeURIComponent(key)}`)).body).toContain(
      `npm run -s cli -- explain ${key} --stage prod`,
    );
  });

  it('is offered with the waiting entry’s current post, by feeds.yml as it is now', async () => {
    const { ledger } = scene.target.stores;
    const row = anyOf('queued');
    ledger.entries.set('kept-a', { stored: toStoredEntry(story(1)), until: 9e15 });
    ledger.rows.set(row.key, { ...row, storedAs: 'kept-a', rendering: { ...row.rendering, from: 'before' } });

    const { body } = await ask(`/entry?key=${encodeURIComponent(row.key)}`);

    expect(body).toContain('The settings in feeds.yml have changed since it was registered');
    expect(body).toContain(`the template of feed ${row.feed}`);
    const sent = body.slice(body.indexOf('id="body-title"'));
    expect(sent).toContain('Story 1');
    expect(sent).not.toContain(row.post?.text?.slice(0, 20));
  });

  it('mentions that a feed is also paused in feeds.yml', async () => {
    const config = scene.target.config();
    const feeds = config.feeds.map((one) => ({ ...one, paused: true }));
    scene.target.config = () => ({ ...config, feeds });

    const response = await post('/resume', { scope: 'feed/newsroom', back: '/feeds/newsroom' });

    expect(await noticeAfter(response)).toMatch(
      /Feed newsroom was not paused\. Feed newsroom is paused in feeds\.yml \(paused: true\)/,
    );
  });

  it('that is refused shows why', async () => {
    const response = await post('/move', { key: anyOf('drafted').key, move: 'dismiss' });

    expect(await noticeAfter(response)).toMatch(/is drafted, so you cannot dismiss it/);
  });

  it('that needs a running stack reports that nothing is running', async () => {
    scene.target.sendFeeds = async () => {
      throw notRunning({ name: '.local', start: 'npm start' });
    };

    const response = await post('/feeds/newsroom/poll', {});

    expect(response.headers.location).toMatch(/^\/feeds\/newsroom\?notice=/);
    expect(await noticeAfter(response)).toMatch(/Not running \(data folder \.local\)/);
  });

  it('is never announced by an address alone', async () => {
    const { body } = await ask('/?notice=Send+money&said=Send+money');

    expect(body).not.toContain('Send money');
  });
});

describe('a response', () => {
  it.each(['/', '/entries', '/feeds/newsroom', '/static/console.js', '/nowhere'])(
    'to %s has all security headers',
    async (path) => {
      const { headers } = await ask(path);

      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    },
  );

  it('to HEAD has the same headers and no body', async () => {
    const whole = await ask('/');
    const head = await ask('/', {}, { method: 'HEAD' });

    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(whole.body));
  });

  it.each([
    ['/nowhere', 404],
    ['/static/../answer.ts', 404],
    ['/static/%2e%2e%2fanswer.ts', 404],
    ['/static/constructor', 404],
    ['/feeds/nowhere', 404],
    ['/feeds/%zz', 404],
    ['/entry', 404],
    ['/entry?key=none', 404],
    ['/entries?state=none&page=-1&feed=none', 200],
    ['/entries?page=99999999999999999999', 200],
    ['//evil.example.com/', 404],
  ])('to %s is %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
    expect(scene.errors).toEqual([]);
  });

  it('for an ID without a feed redirects to its entries', async () => {
    const row = anyOf('drafted');
    scene.target.stores.ledger.rows.set('k', { ...row, key: 'k', feed: 'shop hook' });

    expect(await ask('/feeds/shop%20hook')).toMatchObject({
      status: 303,
      headers: { location: '/entries?feed=shop+hook' },
    });
  });

  it('is a readable error when the ledger fails, and the next page works again', async () => {
    const { allRows } = scene.target.ledger;
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    scene.target.ledger.allRows = async function* () {
      throw retryable('dynamo.unreachable', 'DynamoDB does not answer');
    };

    expect(await ask('/')).toMatchObject({
      status: 503,
      body: expect.stringContaining('DynamoDB does not answer'),
    });
    scene.target.ledger.allRows = allRows;
    expect((await ask('/')).status).toBe(200);
  });

  it('keeps unexpected errors to the terminal', async () => {
    scene.target.config = () => {
      throw new Error('a secret of the machine');
    };

    const { status, body } = await ask('/');

    expect(status).toBe(500);
    expect(body).not.toContain('a secret');
    expect(scene.errors).toMatchObject([{ message: 'a secret of the machine' }]);
  });

  it('explains why a stage shows no single polls', async () => {
    scene.context.readPolls = null;

    const { body } = await ask('/feeds/newsroom');

    expect(body).toContain('Single polls are not shown for a stage');
  });

  it('shows when nothing is running, and offers no poll', async () => {
    Object.assign(scene.target, { isRunning: false, start: 'npm start -- --data ./data' });

    expect((await ask('/')).body).toMatch(/Nothing is running[\s\S]*npm start -- --data \.\/data/);
    expect((await ask('/feeds/newsroom')).body).not.toContain('Poll now');
  });

  it('shows when ticks have stopped', async () => {
    scene.context.clock = () => Date.UTC(2026, 10, 20, 11, 0);

    expect((await ask('/')).body).toContain('The schedule has not run for more than 3 minutes.');
  });
});

describe('a thumbnail', () => {
  const path = () => `/thumbnail?key=${encodeURIComponent(anyOf('uncertain').key)}`;
  const serve = (bytes: Uint8Array, contentType = 'image/png') => {
    const asked: unknown[] = [];
    scene.context.fetchFeed = async (given) => {
      asked.push(given);
      const validators = { etag: null, lastModified: null };
      return {
        kind: 'document',
        bytes,
        contentType,
        url: given.url,
        validators,
        hints: { freshUntil: null },
      };
    };
    return asked;
  };

  it('is fetched with the feed’s address rules, from the row’s URL', async () => {
    const asked = serve(Buffer.from('89504e470d0a1a0a00', 'hex'));

    const { status, headers } = await ask(path());

    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'image/png' });
    expect(asked).toMatchObject([
      { url: 'https://www.example.com/media/newsroom/18.jpg', allowPrivate: false },
    ]);
  });

  it.each([
    ['a page served as an image', '<html>'],
    ['SVG, which may contain a script', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['an empty body', ''],
  ])('is not %s', async (_, body) => {
    serve(Buffer.from(body));

    expect((await ask(path())).status).toBe(404);
  });

  it('is 404 when its host does not respond', async () => {
    scene.context.fetchFeed = async () => {
      throw retryable('feed.unreachable', 'no');
    };

    expect(await ask(path())).toMatchObject({
      status: 404,
      headers: { 'cache-control': 'private, max-age=600' },
    });
  });

  it('is not fetched for other sites or arbitrary URLs', async () => {
    const asked = serve(Buffer.from('89504e470d0a1a0a00', 'hex'));

    expect((await ask(path(), { 'sec-fetch-site': 'cross-site' })).status).toBe(404);
    expect((await ask('/thumbnail?key=https://evil.example.com/')).status).toBe(404);
    expect(asked).toEqual([]);
  });
});
