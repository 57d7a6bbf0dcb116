import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { localPublisher } from '../../support/local-publisher.ts';
import { always, ask, fetchFeed, USER_AGENT } from './fetch-here.ts';

describe('fetchFeeds, redirects', () => {
  const chain = (...answers: [number, string][]): RequestListener => {
    return ({ url }, response) => {
      const [status, location] = answers[Number(url?.slice(1))] ?? [200, ''];
      response.writeHead(status, location ? { location } : {}).end(location ? 'moved' : '<rss/>');
    };
  };

  it.each<[string, [number, string][], string | undefined]>([
    ['none', [], undefined],
    ['one permanent', [[301, '/1']], '/1'],
    [
      'two permanent',
      [
        [308, '/1'],
        [301, '/2'],
      ],
      '/2',
    ],
    [
      'a permanent one before a temporary one',
      [
        [301, '/1'],
        [302, '/2'],
      ],
      '/1',
    ],
    [
      'a temporary one before a permanent one',
      [
        [307, '/1'],
        [301, '/2'],
      ],
      undefined,
    ],
    ['a See Other', [[303, '/1']], undefined],
  ])('report the permanent address: %s', async (_name, answers, permanentPath) => {
    await using publisher = await localPublisher(chain(...answers));

    const answer = await fetchFeed(ask(`${publisher.origin}/0`));

    expect(answer).toMatchObject({ kind: 'document', url: `${publisher.origin}/${answers.length}` });
    expect(answer.permanentUrl).toBe(permanentPath && `${publisher.origin}${permanentPath}`);
  });

  it('are followed five times but not six', async () => {
    const hops = [1, 2, 3, 4, 5, 6].map((next): [number, string] => [302, `/${next}`]);
    await using five = await localPublisher(chain(...hops.slice(0, 5)));
    await using six = await localPublisher(chain(...hops));

    await expect(fetchFeed(ask(`${five.origin}/0`))).resolves.toMatchObject({ kind: 'document' });
    await expect(fetchFeed(ask(`${six.origin}/0`))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'feed.redirect',
    });
    expect(six.visits).toHaveLength(6);
  });

  it('that loop until a cookie is set are feed.wants-cookie after two visits', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const location = url === '/check' ? '/feed' : '/check';
      response.writeHead(302, { location, 'set-cookie': 'seen=1; Path=/' }).end();
    });
    await using itself = await localPublisher(always(307, { location: '/', 'set-cookie': 'a=b' }));

    const code = 'feed.wants-cookie';
    await expect(fetchFeed(ask(`${publisher.origin}/feed`))).rejects.toMatchObject({
      kind: 'permanent',
      code,
    });
    await expect(fetchFeed(ask(itself.origin))).rejects.toMatchObject({ kind: 'permanent', code });
    expect(itself.visits).toHaveLength(2);
  });

  it('that loop once are followed even if a cookie was set', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const isFirst = publisher.visits.length === 1;
      if (isFirst) response.writeHead(302, { location: url, 'set-cookie': 'seen=1' }).end();
      else response.end('<rss/>');
    });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });

  it.each([
    ['no Location', {}],
    ['an invalid one', { location: 'http://' }],
  ])('without a valid target fail: %s', async (_name, headers) => {
    await using publisher = await localPublisher(always(302, headers as Record<string, string>));

    await expect(fetchFeed(ask(publisher.origin))).rejects.toMatchObject({ code: 'feed.redirect' });
  });

  it('may contain unescaped UTF-8', async () => {
    const location = Buffer.from('/flux/été').toString('latin1');
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 302 : 200, { location }).end();
    });

    await fetchFeed(ask(publisher.origin));

    expect(publisher.visits[1]?.url).toBe('/flux/%C3%A9t%C3%A9');
  });

  it('may lead to an unchanged document', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 301 : 304, { location: '/feed' }).end();
    });

    const answer = await fetchFeed(
      ask(publisher.origin, { validators: { etag: '"1"', lastModified: null } }),
    );

    expect(answer).toMatchObject({ kind: 'unchanged', permanentUrl: `${publisher.origin}/feed` });
  });

  it('are followed without waiting for the body', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 302 : 304, { location: '/feed', 'content-length': '100' });
      response.flushHeaders(); // and never a body
    });

    const answer = await fetchFeed(
      ask(publisher.origin, { validators: { etag: '"1"', lastModified: null } }),
    );

    expect(answer.kind).toBe('unchanged');
  });

  it('close the connection first, so that a host has one connection at a time', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      const first = publisher.visits[0]?.socket;
      if (url === '/') response.writeHead(302, { location: '/feed' }).write('for ever');
      else if (first?.destroyed) response.end('<rss/>');
      else first?.once('close', () => response.end('<rss/>'));
    });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ bytes: Buffer.from('<rss/>') });
  });
});

describe('fetchFeeds, credentials', () => {
  const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret' };

  it("are sent to the feed's origin but not to origins it redirects to", async () => {
    await using elsewhere = await localPublisher((_request, response) => {
      response.writeHead(302, { location: `${home.origin}/back` }).end();
    });
    await using home = await localPublisher(({ url }, response) => {
      if (url === '/') response.writeHead(302, { location: `${elsewhere.origin}/` }).end();
      else response.end('<rss/>');
    });

    await fetchFeed(ask(home.origin, { headers }));

    expect(home.visits.map((visit) => visit.headers.authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
    ]);
    expect(elsewhere.visits[0]?.rawHeaders.join()).not.toContain('secret');
  });

  it('in the address are sent as Basic authentication and not returned', async () => {
    await using publisher = await localPublisher(always(200, {}, '<rss/>'));

    const answer = await fetchFeed(ask(`http://me%40home:p%C3%A4ss@${publisher.host}/`));

    const pair = Buffer.from('me@home:päss').toString('base64');
    expect(publisher.visits[0]?.headers.authorization).toBe(`Basic ${pair}`);
    expect(answer).toMatchObject({ url: `${publisher.origin}/` });
  });

  it('in the address may contain a lone percent sign', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(ask(`http://me:100%@${publisher.host}/`));

    const pair = Buffer.from('me:100%').toString('base64');
    expect(publisher.visits[0]?.headers.authorization).toBe(`Basic ${pair}`);
  });

  it('that are not valid in a header are a config error and not printed', async () => {
    const failure = await fetchFeed(
      ask('http://127.0.0.1:9999/', { headers: { 'x-key': 'sec\nret' } }),
    ).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'config', code: 'feed.headers' });
    expect(failure.message).not.toContain('ret');
  });

  it('that a redirect adds to an address are not sent', async () => {
    await using publisher = await localPublisher(({ url }, response) => {
      response.writeHead(url === '/' ? 301 : 200, { location: `http://a:b@${publisher.host}/feed` }).end();
    });

    const answer = await fetchFeed(ask(publisher.origin));

    expect(publisher.visits[1]?.headers).not.toHaveProperty('authorization');
    expect(answer).toMatchObject({
      url: `${publisher.origin}/feed`,
      permanentUrl: `${publisher.origin}/feed`,
    });
  });

  it('cannot replace the user agent or the accepted encodings', async () => {
    await using publisher = await localPublisher(always(200));

    await fetchFeed(
      ask(publisher.origin, { headers: { 'user-agent': 'Mozilla', 'accept-encoding': 'identity' } }),
    );

    expect(publisher.visits[0]?.headers['user-agent']).toBe(USER_AGENT);
    expect(publisher.visits[0]?.headers['accept-encoding']).toContain('gzip');
  });
});
