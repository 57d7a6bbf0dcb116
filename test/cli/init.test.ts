import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/config.ts';
import { cliOver, fakeTarget, type Sitting } from '../support/cli.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

const run = cliOver(fakeTarget());
let file: string;
let folder: string;
let site: LocalPublisher;
let pages: Record<string, string>;

const init = (line: string, sitting: Sitting = {}) =>
  run(`init ${line} --config ${file}`, { clock: Date.now, ...sitting });
const written = () => readFileSync(file, 'utf8');
const config = () => readConfig(written(), 'feeds.yml');
const rss = (title: string) =>
  `<rss version="2.0"><channel><title>${title}</title><item><guid>1</guid></item></channel></rss>`;
const page = (...hrefs: string[]) =>
  `<!doctype html><head>${hrefs.map((href) => `<link rel="alternate" type="application/rss+xml" href="${href}">`).join('')}</head><body>Hello</body>`;

beforeAll(async () => {
  site = await localPublisher((request, response) => {
    const body = pages[request.url ?? ''];
    if (body === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', body.startsWith('<!') ? 'text/html' : 'application/xml').end(body);
  });
});
afterAll(() => site[Symbol.asyncDispose]());
beforeEach(() => {
  pages = {};
  folder = mkdtempSync(join(tmpdir(), 'init-'));
  file = join(folder, 'feeds.yml');
  return () => rmSync(folder, { recursive: true });
});

describe('init', () => {
  it('writes a valid, commented file for a feed', async () => {
    pages = { '/feed.xml': rss('The Néwsroom') };

    const ran = await init(`--url ${site.origin}/feed.xml --brand 144 --timezone Europe/Berlin`);

    expect(ran).toMatchObject({ code: 0, err: '', out: expect.stringContaining('preview the-newsroom') });
    expect(ran.out).toContain('the-newsroom has a private address, so allow_private: true was set');
    expect(config()).toMatchObject({
      timezone: 'Europe/Berlin',
      feeds: [{ id: 'the-newsroom', url: `${site.origin}/feed.xml`, brandId: 144, allowPrivate: true }],
    });
    expect(config().feeds[0]?.rhythm).toHaveProperty('adaptive');
    expect(written()).toMatch(
      /^## Your feeds[\s\S]*approves each post[^\n]*\n {2}# review: true[\s\S]*# limits:[\s\S]*# stages:[\s\S]*# alerts:/,
    );
    expect((await run(`check --config ${file}`)).code).toBe(0);
  });

  it('writes comments that are valid settings as well', async () => {
    pages = { '/feed.xml': rss('The newsroom') };
    await init(`--url ${site.origin}/feed.xml --brand 144`);

    const all = written().replaceAll(/^( *)# (?!#)/gm, '$1');

    expect(readConfig(all, 'feeds.yml').feeds[0]?.review).not.toBeNull();
    expect(readConfig(all, 'feeds.yml').feeds[0]?.editorial).toMatchObject({
      limits: { perDay: 5, perHour: 2 },
      at: { kind: 'slot', slots: [540, 1_050] },
      utm: { source: 'tiktok' },
    });
  });

  it('finds the feeds of a page, news before comments, and lists the others', async () => {
    pages = {
      '/': page('/comments/feed', '/gone.xml', '/news.xml', '/all.xml'),
      '/comments/feed': rss('Comments'),
      '/news.xml': rss('News'),
      '/all.xml': rss('All'),
    };

    const { out } = await init(`--url ${site.origin} --brand 1 --json`);

    expect(JSON.parse(out).feeds).toEqual([
      {
        id: 'news',
        url: `${site.origin}/news.xml`,
        title: 'News',
        allowPrivate: true,
        others: [`${site.origin}/gone.xml`, `${site.origin}/all.xml`, `${site.origin}/comments/feed`],
      },
    ]);
  });

  it('tries the usual addresses when a page names no feed', async () => {
    pages = { '/blog/': page(), '/atom.xml': rss('Diary') };

    await init(`--url ${site.origin}/blog/ --brand 1`);

    expect(config().feeds).toMatchObject([{ id: 'diary', url: `${site.origin}/atom.xml` }]);
  });

  it('asks for missing options', async () => {
    pages = { '/': page('/news.xml'), '/news.xml': rss('Ταχυδρόμος'), '/b.xml': rss('B') };
    const answers = [`${site.origin}/`, `${site.origin}/b.xml`, '', ' 144 ', 'Asia/Kathmandu'];

    const { code } = await init('', { answers });

    expect(code).toBe(0);
    expect(config()).toMatchObject({
      timezone: 'Asia/Kathmandu',
      feeds: [{ id: '127-0-0-1', brandId: 144 }, { id: 'b' }],
    });
  });

  it.each([
    ['promoted', { branded_content_type: 'promoted' }],
    ['paid_partnership', { branded_content_type: 'paid_partnership' }],
    ['none', { branded_content_type: null }],
    ['', {}],
  ])('asks what the posts promote, and writes it when the answer is "%s"', async (answer, post) => {
    pages = { '/a.xml': rss('A') };

    const { code } = await init('', { answers: [`${site.origin}/a.xml`, '', '144', '', answer] });

    expect(code).toBe(0);
    expect(config().feeds[0]?.post).toEqual(post);
  });

  it('reads what posts promote from --disclosure, and refuses other values', async () => {
    pages = { '/a.xml': rss('A') };
    const named = await init(`--url ${site.origin}/a.xml --brand 1 --disclosure promoted`);
    const wrong = await init('--force', { answers: [`${site.origin}/a.xml`, '', '144', '', 'maybe'] });

    expect(named.code).toBe(0);
    expect(config().feeds[0]?.post).toEqual({ branded_content_type: 'promoted' });
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringContaining('promoted, paid_partnership, none'),
    });
  });

  it('combines an OPML list with --url', async () => {
    pages = { '/a.xml': rss('A') };
    const list = join(folder, 'list.opml');
    writeFileSync(
      list,
      `<opml><body><outline text="A" xmlUrl="${site.origin}/a.xml"/><outline text="A" xmlUrl="feed://www.example.com/x"/>
       <outline text="bad" xmlUrl="javascript:alert(1)"/></body></opml>`,
    );

    const { code, out } = await init(`--url ${site.origin}/a.xml --opml ${list} --brand 9`);

    expect(code).toBe(0);
    expect(config().feeds).toMatchObject([
      { id: 'a' },
      { id: 'a-2', url: 'http://www.example.com/x', brandId: 9 },
    ]);
    expect(out).toMatch(/skipped\t–\tjavascript:alert\(1\)\tmust be the address of a feed/);
  });

  it('keeps a feed’s title on one line', async () => {
    pages = { '/a.xml': rss('Evil&#10;feeds: {}&#10;# "\\ &lt;b&gt;') };

    await init(`--url ${site.origin}/a.xml --brand 1`);

    expect(config().feeds).toHaveLength(1);
  });

  it('overwrites a file with feeds only with --force, and one without feeds always', async () => {
    pages = { '/a.xml': rss('A') };
    writeFileSync(file, 'feeds:\n#   newsroom:\n');
    const first = await init(`--url ${site.origin}/a.xml --brand 1`);
    const kept = written();
    const second = await init(`--url ${site.origin}/a.xml --brand 2`);
    const refused = written();
    const forced = await init(`--url ${site.origin}/a.xml --brand 2 --force`);

    expect([first.code, second.code, forced.code]).toEqual([0, 2, 0]);
    expect(second.err).toContain('Add to it with import-opml, or overwrite it with --force.');
    expect(refused).toBe(kept);
    expect(config().feeds).toMatchObject([{ brandId: 2 }]);
  });

  it.each([
    ['no feed without a terminal', '', 2, '--url with the addresses'],
    ['no brand without a terminal', '--url ORIGIN/a.xml', 2, '--brand with the ID'],
    [
      'a page without a feed',
      '--url ORIGIN/page --brand 1',
      4,
      'links to no feed, and there is none at /feed',
    ],
    ['a page whose feeds are gone', '--url ORIGIN/gone --brand 1', 4, 'but no feed can be read there'],
    ['an address that responds 404', '--url ORIGIN/nothing --brand 1', 1, '404'],
    ['an unknown time zone', '--url ORIGIN/a.xml --brand 1 --timezone Mars/Olympus', 2, 'is not a time zone'],
    ['a file that is not OPML', '--opml package.json --brand 1', 1, 'is not OPML'],
    ['a missing list', '--opml none.opml --brand 1', 4, 'cannot be read'],
  ])('refuses %s, and writes nothing', async (_, line, code, words) => {
    pages = { '/a.xml': rss('A'), '/page': page(), '/gone': page('/gone.xml') };

    const ran = await init(line.replace('ORIGIN', site.origin));

    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
    expect(existsSync(file)).toBe(false);
  });
});
