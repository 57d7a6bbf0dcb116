import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoFeeds, openPublisher } from '../../../local/demo/publisher.ts';
import { openSite, type Site } from '../../../local/site.ts';

const noon = Date.UTC(2026, 2, 1, 12);
let folder: string;
let now: number;
let site: Site | null;

const open = () => openPublisher({ stateFile: join(folder, 'demo.json'), now: () => now });
const get = (feed: string, headers: Record<string, string> = {}) =>
  fetch(`${site?.url}/demo/${feed}.xml`, { headers });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publisher-'));
  now = noon;
});

afterEach(async () => {
  await site?.close();
  site = null;
  await rm(folder, { recursive: true });
});

async function serve() {
  const publisher = open();
  site = await openSite([publisher.respond], 0);
  return publisher;
}

describe('the demo publisher', () => {
  test.each(demoFeeds)('serves %s with validators and responds 304 to each', async (feed) => {
    await serve();
    const first = await get(feed);

    const etag = first.headers.get('etag') ?? '';
    const lastModified = first.headers.get('last-modified') ?? '';
    const byEtag = await get(feed, { 'if-none-match': etag, 'if-modified-since': new Date(0).toUTCString() });
    const byDate = await get(feed, { 'if-modified-since': lastModified });
    const byNeither = await get(feed, { 'if-none-match': '"other"', 'if-modified-since': lastModified });

    expect(first.status).toBe(200);
    expect([byEtag.status, byDate.status, byNeither.status]).toEqual([304, 304, 200]);
  });

  test('publishes on each feed in turn and changes only that feed’s validators', async () => {
    const publisher = await serve();
    const before = await Promise.all(demoFeeds.map(async (feed) => (await get(feed)).headers.get('etag')));

    now += 20_000;
    const published = publisher.publish();

    const after = await Promise.all(demoFeeds.map(async (feed) => (await get(feed)).headers.get('etag')));
    expect(after.map((etag, i) => (etag === before[i] ? null : demoFeeds[i])).filter(Boolean)).toEqual([
      published.feed,
    ]);
    expect(await (await get(published.feed)).text()).toContain(new Date(now).toUTCString());
    const turns = [published, publisher.publish(), publisher.publish(), publisher.publish()];
    expect(turns.map(({ feed }) => feed).sort()).toEqual([...demoFeeds].sort());
  });

  test('continues after a restart with identical feeds', async () => {
    const publisher = await serve();
    for (let i = 0; i < 15; i += 1) publisher.publish();
    const before = await Promise.all(demoFeeds.map(async (feed) => (await get(feed)).text()));
    await site?.close();

    now += 3_600_000;
    await serve();

    expect(await Promise.all(demoFeeds.map(async (feed) => (await get(feed)).text()))).toEqual(before);
  });

  test('writes the same stories on every first start', async () => {
    await serve();
    const titles = async () => [...(await (await get('newsroom')).text()).matchAll(/<title>(.*)<\/title>/g)];
    const before = await titles();
    await site?.close();
    await rm(join(folder, 'demo.json'));

    now += 86_400_000;
    await serve();

    expect((await titles()).map(([title]) => title)).toEqual(before.map(([title]) => title));
  });

  test('declares the Latin-1 encoding that it uses', async () => {
    await serve();

    const bytes = await (await get('katalog')).bytes();

    const text = new TextDecoder('iso-8859-1').decode(bytes);
    expect(text).toContain('<?xml version="1.0" encoding="ISO-8859-1"?>');
    expect(text).toContain('Rucksack Höhe 28');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  });

  test('stores what it has published on disk', async () => {
    const publisher = await serve();

    for (let i = 0; i < 3; i += 1) publisher.publish();

    const state = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'));
    expect(demoFeeds.reduce((sum, feed) => sum + state[feed].count, 0)).toBe(4 * 8 + 3);
    expect(await readdir(folder)).toEqual(['demo.json']);
  });

  test('refuses a state file it did not write', async () => {
    await writeFile(join(folder, 'demo.json'), '{"newsroom":{"count":-1,"times":[]}}');

    expect(open).toThrow(expect.objectContaining({ code: 'local.demo-state' }));
  });
});
