import { describe, expect, it } from 'vitest';
import { retryable } from '../../lib/core/errors.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';

const { scene, ask, anyOf } = consoleOverHttp();

describe('a thumbnail', () => {
  const path = () => `/thumbnail?key=${encodeURIComponent(anyOf('uncertain').key)}`;
  const serve = (bytes: Uint8Array, contentType = 'image/png') => {
    const asked: unknown[] = [];
    scene().context.fetchFeed = async (given) => {
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
    scene().context.fetchFeed = async () => {
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
