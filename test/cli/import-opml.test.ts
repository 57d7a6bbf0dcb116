import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { addFeeds } from '../../cli/feeds-yaml.ts';
import { writeOpml } from '../../cli/opml.ts';
import { readConfig } from '../../lib/config.ts';
import { cliOver, fakeTarget, type Sitting } from '../support/cli.ts';

const run = cliOver(fakeTarget());
let file: string;
let list: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'opml-'));
  [file, list] = [join(folder, 'feeds.yml'), join(folder, 'list.opml')];
  const feeds = ['a', 'b'].map((id) => ({ id: `The ${id}`, url: `https://www.example.com/${id}` }));
  writeFileSync(list, writeOpml('Mine', feeds));
  return () => rmSync(folder, { recursive: true });
});

const importInto = (text: string, more = '', sitting: Sitting = {}) => {
  writeFileSync(file, text);
  return run(`import-opml ${list} --config ${file} ${more}`, sitting);
};
const written = () => readFileSync(file, 'utf8');
const idsIn = (text: string) => readConfig(text, 'feeds.yml').feeds.map(({ id }) => id);

const usual = `# mine
defaults: { brand_id: 144 }   # ours

feeds:
    the-a:   # keep
        url: https://www.example.com/other
        caption: |
          {{ title }}

          # no comment

# after
stages: { staging: { deliver: none } }
`;

describe('import-opml', () => {
  it('adds lines at the end of feeds and changes no other byte', async () => {
    const { code, out } = await importInto(usual);

    expect(code).toBe(0);
    expect(out).toContain('2 feeds added to');
    expect(idsIn(written())).toEqual(['the-a', 'the-a-2', 'the-b']);
    const before = new Set(usual.split('\n'));
    const added = written()
      .split('\n')
      .filter((line) => !before.has(line));
    expect(added).toEqual([
      '    the-a-2: # The a',
      '        url: "https://www.example.com/a"',
      '    the-b: # The b',
      '        url: "https://www.example.com/b"',
    ]);
    expect(written().replaceAll(/^ {4}the-(a-2|b): .*\n.*\n/gm, '')).toBe(usual);
  });

  it('skips existing feeds, and adds nothing the second time', async () => {
    await importInto(usual);

    const again = await importInto(written());

    expect(again.out).toMatch(/skipped\t–\thttps:\/\/www.example.com\/a\talready in feeds.yml/);
    expect(again.out).toContain('0 feeds added');
    expect(idsIn(written())).toHaveLength(3);
  });

  it('only lists with --dry-run', async () => {
    const { out } = await importInto(usual, '--dry-run --json');

    expect(JSON.parse(out)).toMatchObject({
      dryRun: true,
      added: [{ id: 'the-a-2' }, { id: 'the-b' }],
      skipped: [],
    });
    expect(written()).toBe(usual);
  });

  it('needs --brand when the defaults have no brand', async () => {
    const text = 'feeds:\n  x:\n    url: https://www.example.com/x\n    brand_id: 1\n';

    expect(await importInto(text)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Name the brand with --brand'),
    });
    expect((await importInto(text, '--brand 7')).code).toBe(0);
    expect(readConfig(written(), '').feeds.map(({ brandId }) => brandId)).toEqual([1, 7, 7]);
  });

  it('suggests plan for the file that it wrote', async () => {
    expect((await importInto(usual)).out).toContain(`npm run -s cli -- plan --config ${file}\n`);
  });

  it('lists feeds at private addresses, which a list may not allow', async () => {
    const urls = [
      'http://127.0.0.1:8080/a',
      'http://[::1]/b',
      'https://intranet.local/c',
      'https://x.example/d',
    ];
    writeFileSync(
      list,
      writeOpml(
        'Mine',
        urls.map((url) => ({ id: url.slice(-1), url })),
      ),
    );

    const { out } = await importInto(usual);

    expect(out).toContain('Private address: a, b, c. If it is in your network, set allow_private: true');
    expect(readConfig(written(), '').feeds.filter(({ allowPrivate }) => allowPrivate)).toEqual([]);
  });

  it('reads standard input', async () => {
    writeFileSync(file, usual);

    await run(`import-opml - --config ${file}`, { input: readFileSync(list, 'utf8') });

    expect(idsIn(written())).toHaveLength(3);
  });

  it.each([
    ['that does not exist', null, 2, 'init --opml'],
    ['with an error', 'defaults: { brand_id: 1 }\nfeeds: { a: {} }\n', 3, 'a.url is missing'],
    [
      'in braces',
      'defaults: { brand_id: 1 }\nfeeds: { a: { url: https://a.example/ } }\n',
      2,
      'add them by hand',
    ],
  ])('changes nothing in a file %s', async (_, text, code, words) => {
    const ran = text === null ? await run(`import-opml ${list} --config none.yml`) : await importInto(text);

    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
    if (text !== null) expect(written()).toBe(text);
  });
});

describe('addFeeds', () => {
  const feed = { id: 'new', url: 'https://new.example/', title: null };
  const base = 'defaults: {brand_id: 1}\n';

  it.each([
    ['without feeds', `${base}x-a: 1`, ['new']],
    ['with empty feeds', `${base}feeds:\n\ntimezone: UTC\n`, ['new']],
    ['with feeds that are a comment', `${base}feeds: # mine\n#  a: 1\n`, ['new']],
    ['without a final line break', `${base}feeds:\n  a: {url: https://a.example/}`, ['a', 'new']],
    [
      'with a comment at the end',
      `${base}feeds:\n  a:\n    url: https://a.example/ # see\n  # b\ntimezone: UTC\n`,
      ['a', 'new'],
    ],
    [
      'with Windows line ends',
      `${base}feeds:\r\n  a:\r\n    url: https://a.example/\r\ntimezone: UTC\r\n`,
      ['a', 'new'],
    ],
    [
      'with a merge key',
      `${base}x: &x {every: 1h}\nfeeds:\n  a:\n    <<: *x\n    url: https://a.example/\n`.replace(
        'x:',
        'x-x:',
      ),
      ['a', 'new'],
    ],
    [
      'with a list at the end',
      `${base}feeds:\n  a:\n    url: https://a.example/\n    post:\n      campaign_ids:\n      - 1\n      - 2\ntimezone: UTC\n`,
      ['a', 'new'],
    ],
  ])('adds a feed to a file %s', (_, text, ids) => {
    const added = addFeeds(text, [feed]) ?? '';

    expect(idsIn(added)).toEqual(ids);
  });

  it('returns null when it cannot be added', () => {
    expect(addFeeds('- a', [feed])).toBeNull();
    expect(addFeeds('x-a: &a {}\nfeeds: *a\n', [feed])).toBeNull();
  });
});
