import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { runOnce } from '../../local/once.ts';
import { parseOptions } from '../../local/options.ts';
import type { ReceivedRequest } from '../../local/sandbox/request-log.ts';
import { openStack } from '../../local/stack.ts';
import { fakeTerminal, type Sitting } from '../support/cli.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

let folder: string;
let data: string;
let file: string;
let site: LocalPublisher;
const pages = new Map<string, string>();

const cli = async (line: string, sitting: Sitting = {}) => {
  const terminal = fakeTerminal({ clock: Date.now, ...sitting });
  const words = [...line.split(' '), '--data', data, '--config', file];
  const code = await runCli(words, terminal);
  return { code, ...terminal.heard };
};
const json = async (line: string) => JSON.parse((await cli(`${line} --json`)).out);

/** Polls and processes everything once. `bodies` are the posts the sandbox received, as sent. */
const run = async () => {
  const stack = await openStack(
    parseOptions(['--data', data, '--config', file, '--port', '0'], {}),
    () => {},
  );
  try {
    const result = await runOnce(stack);
    const { DASH_URL } = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8'));
    const requests = (await (await fetch(`${DASH_URL}/_sandbox/requests`)).json()) as ReceivedRequest[];
    const posts = requests.filter(({ method, raw }) => method === 'POST' && raw !== '{}');
    return { result, bodies: posts.map(({ raw }) => raw) };
  } finally {
    await stack.close();
  }
};

const item = (name: string, given = '') =>
  `<item><guid isPermaLink="false">${name}</guid><link>${site.origin}/${name}</link>
   <title>Story ${name}</title>${given}</item>`;

const dayMs = 86_400_000;
/** Recent enough to be new whenever the tests run. Each day has its own time, as equal times count as days only. */
const firstNoon = Math.floor(Date.now() / dayMs) * dayMs - 10.5 * dayMs;
const dated = (n: number) =>
  `<pubDate>${new Date(firstNoon + n * dayMs + n * 60_000).toUTCString()}</pubDate>`;
const publish = (id: string, ...items: string[]) =>
  pages.set(
    `/${id}.xml`,
    `<rss version="2.0"><channel><title>The ${id}</title>${items.join('')}</channel></rss>`,
  );

const write = (feeds: Record<string, string>) =>
  writeFileSync(
    file,
    `defaults: { brand_id: 144, allow_private: true, cron: "0 0 1 1 *" }\nfeeds:\n${Object.entries(feeds)
      .map(([id, more]) => `  ${id}:\n    url: ${site.origin}/${id}.xml\n${more.replaceAll(/^/gm, '    ')}\n`)
      .join('')}`,
  );

beforeAll(async () => {
  site = await localPublisher((request, response) => {
    const page = pages.get(request.url ?? '');
    if (page === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', 'application/rss+xml').end(page);
  });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preview-'));
  data = join(folder, 'data');
  file = join(folder, 'feeds.yml');
  pages.clear();
  return () => rmSync(folder, { recursive: true });
});
afterAll(() => site[Symbol.asyncDispose]());

/** Six hours ahead, so that it does not pass between preview and poll however slow the test is. */
const slot = () => new Date(Date.now() + 6 * 3_600_000).toISOString().slice(11, 16);

const tricky = `
backfill: 4
caption: |
  {{ title }} – {{ feed }}

  {{ content }}

  {{ link }} {{ categories | hashtags: 5 }}
at: next_slot
slots: ["${slot()}"]
utm: { source: tiktok, campaign: "{{ feed.id }}" }
post:
  campaign_ids: [12, 7]
  title: "{{ author | default: 'The newsroom' }}"
  music_info: { zulu: 1, alpha: [2, { b: 1, a: 2 }] }
  duplicate_to_brand_ids: [145]`;

const trickyItems = () => [
  item('4', `<category>Überraschung &amp; mehr</category><category>überraschung mehr</category>`),
  item('3', `<description>${'&lt;p&gt;Long 👩‍🚀 text. '.repeat(400)}&lt;/p&gt;</description>${dated(3)}`),
  item('2', `<description>a &lt;b&gt;b&lt;/b&gt; "c" \\ \u2028 d</description>${dated(2)}`),
  item('1', `<enclosure url="${site.origin}/1.jpg" type="image/jpeg" length="1"/>${dated(1)}`),
];

describe('preview', () => {
  it('shows exactly the bytes that Dash Social receives', async () => {
    publish('newsroom', ...trickyItems());
    write({ newsroom: tricky });

    const preview = await json('preview newsroom');
    const { bodies } = await run();

    expect(preview).toMatchObject({ firstPoll: true, entries: [{}, {}, {}, {}] });
    const previewed = preview.entries.map(({ post }: { post: unknown }) => JSON.stringify(post)) as string[];
    expect(bodies.toSorted()).toEqual(previewed.toSorted());
    expect(new Set(bodies.map((body) => JSON.parse(body).timestamp)).size).toBe(4);
  });

  it('shows exactly the bytes sent after a release', async () => {
    publish('newsroom', item('1', '<description>About it</description>'));
    write({ newsroom: tricky.replace('backfill: 4', 'backfill: 0') });
    await run();

    const [entry] = (await json('preview newsroom')).entries;
    await cli(`release ${entry.key}`);
    const { bodies } = await run();

    expect(entry).toMatchObject({ isKnown: true, state: 'baselined', timing: 'if-released' });
    expect(bodies).toEqual([JSON.stringify(entry.post)]);
  });

  it('prints for a terminal and for a pipe', async () => {
    publish('newsroom', ...trickyItems());
    write({ newsroom: tricky });

    const seen = await cli('preview newsroom --limit 2', { columns: 100, color: true });
    const piped = await cli('preview newsroom');

    expect(seen).toMatchObject({ code: 0, err: '' });
    expect(seen.out).toContain('Showing 2 of 4 entries. See more with --limit.');
    expect(piped.out).not.toContain('\u001B');
    expect(piped.out).toContain('The next poll is its first');
    expect(piped.out).toMatch(/queued, sent at once\n {2}Already on the feed when it was added, and chosen/);
    expect(piped.out).toContain('  ✓ hashtags   1 hashtag');
    expect(piped.out).toMatch(/brand_id: 144 · .* · timestamp: \d{4}-/);
  });

  it('notes undeclared disclosures, media TikTok does not take and the one-paragraph caption, without failing', async () => {
    const video = `<enclosure url="${site.origin}/1.mkv" type="video/x-matroska" length="1"/>`;
    publish('newsroom', item('1', `<category>rain</category>${video}`));
    write({ newsroom: 'backfill: 1\ncaption: "{{ title }}\\n\\n{{ categories | hashtags }}"' });

    const { code, out } = await cli('preview newsroom');

    expect(code).toBe(0);
    expect(out).toContain('  · disclosure not declared');
    expect(out).toContain('  ! video      the format is video/x-matroska: TikTok allows MP4, MOV and WebM');
    expect(out).toContain('  · one paragraph Story 1 #rain');
  });

  it('names the WebSub hub of a feed', async () => {
    const hub = '<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/>';
    publish('newsroom', hub, item('1'));
    write({ newsroom: '' });

    expect((await cli('preview newsroom')).out).toContain(
      'It advertises the WebSub hub https://hub.example/, which is not used: the feed is polled.',
    );
    expect(await json('preview newsroom')).toMatchObject({ hub: 'https://hub.example/' });
  });

  it('ends with 1 when a post breaks a rule or cannot be rendered', async () => {
    publish('newsroom', item('1'));
    write({ newsroom: 'caption: "#{{ title | slice: 0, 5 }} #story"' });
    const broken = await cli('preview newsroom');
    write({ newsroom: 'backfill: 1\ncaption: "{{ author }}"' });
    const empty = await cli('preview newsroom');

    expect(broken).toMatchObject({
      code: 1,
      out: expect.stringContaining('✗ hashtags   #story appears twice'),
    });
    expect(empty).toMatchObject({
      code: 1,
      out: expect.stringContaining('✗ no post: the caption template renders nothing'),
    });
  });

  it.each([
    ['an unknown feed', 'preview nwsroom', 4, 'Feeds: newsroom'],
    ['a feed that cannot be read', 'preview newsroom', 1, '404'],
  ])('reports %s', async (_, line, code, words) => {
    write({ newsroom: '' });

    const ran = await cli(line);

    expect(ran.err + ran.out).toContain(words);
    expect(ran.code).toBe(code);
  });
});

describe('plan', () => {
  const many = (id: string, from: number, to: number, prefix = '') =>
    Array.from({ length: to - from + 1 }, (_, n) => item(`${prefix}${id}-${to - n}`, dated(to - n)));

  it('summarizes the next poll, for every kind of feed', async () => {
    for (const id of ['known', 'ruled', 'rebuilt', 'limited', 'same']) publish(id, ...many(id, 1, 6));
    write({ known: '', ruled: '', rebuilt: '', limited: '', same: '' });
    await run();
    publish('known', ...many('known', 2, 8));
    publish('ruled', item('ruled-9', '<category>Internal</category>'), ...many('ruled', 3, 7));
    publish('rebuilt', ...many('rebuilt', 1, 6, 'new-'));
    publish('limited', ...many('limited', 4, 9));
    publish('added', ...many('added', 1, 3), item('known-8', dated(8)));
    write({
      known: '',
      ruled: 'skip: { categories: [Internal] }',
      rebuilt: '',
      limited: 'limits: { per_day: 2 }',
      same: '',
      added: 'backfill: 2',
      missing: '',
      paused: 'paused: true',
    });

    const plan = await json('plan');
    const { result, bodies } = await run();

    const { feeds } = plan as { feeds: { id: string; [name: string]: unknown }[] };
    const drafted = (id: string) => result.drafts.filter(({ feed }) => feed === id).length;
    const sum = (id: string) => feeds.find((feed) => feed.id === id);
    for (const really of result.feeds.filter(({ id }) => id !== 'same')) {
      const { id, seen, known, baselined, filtered, held, queued } = really;
      expect(sum(id)).toMatchObject({ seen, known, baselined, filtered, held, drafted: drafted(id) });
      expect(sum(id)?.waiting).toBe(queued - drafted(id));
    }
    expect(bodies).toHaveLength(plan.total.drafted);
    expect(feeds).toMatchObject([
      { id: 'known', outcome: 'changed', drafted: 1, known: 6 },
      { id: 'ruled', drafted: 1, filtered: 1, known: 4 },
      { id: 'rebuilt', held: 6 },
      { id: 'limited', drafted: 2, waiting: 1, known: 3 },
      { id: 'same', outcome: 'unchanged' },
      { id: 'added', seen: 4, known: 0, baselined: 2, drafted: 2 },
      { id: 'missing', outcome: 'failed' },
      { id: 'paused', outcome: 'paused' },
    ]);
  });

  it('prints a table, and ends with 1 when something needs fixing', async () => {
    publish('known', ...many('known', 1, 2));
    write({ known: 'backfill: 1' });
    const well = await cli('plan', { columns: 120 });
    write({ known: 'backfill: 1', missing: '' });
    const failed = await cli('plan known missing');

    expect(well).toMatchObject({ code: 0, err: '' });
    expect(well.out).toMatch(/feed +document +drafts +waiting +to review +held/);
    expect(well.out).toContain('The next poll would make 1 draft, 1 already existed. Nothing was written.');
    expect(failed.out).toMatch(/^feed +document +drafts .*\nknown +changed +\d/m); // also in a pipe
    expect(failed.code).toBe(1);
    expect(failed.out).toMatch(/missing: .*404/);
  });

  it('explains where feeds are defined when there are none', async () => {
    writeFileSync(file, 'feeds:\n');

    expect(await cli('plan')).toMatchObject({ code: 3, err: expect.stringContaining('has no feeds') });
  });
});
