import { describe, expect, it } from 'vitest';
import { notRunning } from '../../cli/target.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { consoleOverHttp, token } from '../support/console-over-http.ts';
import { story } from '../support/entries.ts';

const { scene, site, ask, own, post, circuitScopes, rows, anyOf, noticeAfter } = consoleOverHttp();

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
        '/select',
        '/moves',
        '/edit',
        '/snooze',
        '/undo',
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
      expect(scene().target.stores.queues.feeds).toEqual([]);
      expect(JSON.stringify(rows())).toBe(before);
    },
  );

  it('is never made by GET', async () => {
    for (const path of [
      '/pause?scope=all',
      '/move',
      '/select',
      '/moves',
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
    expect((await ask('/pause', { origin: site().url, ...headers }, { body })).status).toBe(400);
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

    expect(new URL(String(headers.location), site().url).origin).toBe(site().url);
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
    expect(await noticeAfter(response)).toMatch(/is released\./);
    expect(await noticeAfter(response)).toBeUndefined();
  });

  it('is offered with the entry’s command for the terminal', async () => {
    const { key } = anyOf('drafted');
    scene().target.where = { stage: 'prod' };

    expect((await ask(`/entry?key=${encodeURIComponent(key)}`)).body).toContain(
      `npm run -s cli -- explain ${key} --stage prod`,
    );
  });

  it('is offered with the waiting entry’s current post, by feeds.yml as it is now', async () => {
    const { ledger } = scene().target.stores;
    const row = anyOf('queued');
    ledger.entries.set('kept-a', { stored: toStoredEntry(story(1)), until: 9e15 });
    ledger.rows.set(row.key, { ...row, storedAs: 'kept-a', rendering: { ...row.rendering, from: 'before' } });

    const { body } = await ask(`/entry?key=${encodeURIComponent(row.key)}`);

    expect(body).toContain('The settings in feeds.yml have changed since it was registered');
    expect(body).toContain(`the template of feed ${row.feed}`);
    const sent = body.split('Request body')[1]?.split('</pre>')[0];
    expect(sent).toContain('Story 1');
    expect(sent).not.toContain(row.post?.text?.slice(0, 20));
  });

  it('mentions that a feed is also paused in feeds.yml', async () => {
    const config = scene().target.config();
    const feeds = config.feeds.map((one) => ({ ...one, paused: true }));
    scene().target.config = () => ({ ...config, feeds });

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
    scene().target.sendFeeds = async () => {
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
