import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeTarget, fakeTerminal } from '../support/cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const fixture = (name: string) => join(ROOT, 'test/fixtures/feeds', name);

const printed = async (...args: string[]): Promise<string> => {
  const terminal = fakeTerminal();
  await runCli(['parse', ...args], terminal, async () => fakeTarget());
  return terminal.heard.out;
};

const parse = async (...args: string[]): Promise<unknown[]> =>
  (await printed(...args))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

let server: Server | undefined;
afterEach(() => server?.close());

const serve = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('each source gets one line, in order, whether or not others fail', async () => {
  const sources = ['rss-2.0.xml', 'html-page.html', 'no-such-file.xml', 'json-feed-1.0.jsonfeed'].map(
    fixture,
  );

  const lines = await parse(...sources);

  expect(lines).toMatchObject([
    { source: sources[0], format: 'rss 2.0', title: 'Harbour News', entries: [{ id: 'harbour-17' }, {}] },
    { source: sources[1], error: { code: 'feed.html-page' } },
    { source: sources[2], error: { code: 'file.unreadable' } },
    { source: sources[3], format: 'json feed 1.0', entries: [{ id: 'x', content: 'Hi', author: 'Flo' }] },
  ]);
});

test('a WebSub hub in the headers is named', async () => {
  const url = await serve((_, response) =>
    response
      .setHeader('link', '<https://hub.example/>; rel="hub"')
      .end('<rss><channel><title>x</title></channel></rss>'),
  );

  expect(await parse(url)).toMatchObject([{ title: 'x', hub: 'https://hub.example/' }]);
});

test('an entry has exactly these fields', async () => {
  const [line] = (await parse(fixture('podcast.xml'))) as [{ entries: Record<string, unknown>[] }];

  expect(line.entries[0]).toEqual({
    id: 'tide-3',
    title: 'Episode 3',
    link: null,
    published: '2015-03-10T14:30:00.000Z',
    updated: null,
    author: 'Ines Roth',
    categories: ['mud', 'tide', 'birds'],
    enclosures: [
      { url: 'https://tide.example/3.mp4', type: 'video/mp4' },
      { url: 'https://tide.example/3.mp3', type: 'audio/mpeg' },
    ],
    image: 'https://tide.example/3.jpg',
    images: ['https://tide.example/3.jpg'],
    video: { url: 'https://tide.example/3.mp4', type: 'video/mp4', length: 10485760, durationS: 3723 },
    content: null,
    summary: 'What the mud remembers.',
  });
});

test('a URL is fetched, and its address and content type are used', async () => {
  const site = await serve((_, response) => {
    response.setHeader('content-type', 'text/xml; charset=koi8-r');
    response.end(
      Buffer.from('<rss><channel><item><title>\xc1</title><link>/a</link></item></channel></rss>', 'latin1'),
    );
  });

  const [line] = await parse(`${site}/feed`);

  expect(line).toMatchObject({ entries: [{ title: 'а', link: `${site}/a` }] });
});

test('--content-type overrides the content type', async () => {
  const [line] = await parse('--content-type', 'text/xml; charset=utf-16le', fixture('rss-0.90.xml'));

  expect(line).toMatchObject({ format: 'rss 0.90', entries: [{ title: 'First' }, { title: 'Second' }] });
});

test('control characters are printed escaped', async () => {
  const url = await serve((_, response) => {
    const item = '<item><guid>\u009b31m</guid><title>a\u202egpj.exe</title></item>';
    response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' });
    response.end(`<rss><channel>${item}</channel></rss>`);
  });

  const stdout = await printed(url);

  expect(stdout).toMatch(/"id":"\\u009b31m","title":"a\\u202egpj\.exe"/);
  expect(JSON.parse(stdout).entries[0].title).toBe('a\u202egpj.exe');
});
