import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cliOver, fakeTarget } from '../support/cli.ts';

const run = cliOver(fakeTarget());
let file: string;

const check = (text: string, more = '') => {
  writeFileSync(file, text);
  return run(`check --config ${file} ${more}`);
};

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  file = join(folder, 'feeds.yml');
  return () => rmSync(folder, { recursive: true });
});

const two = `
defaults: { brand_id: 144 }
feeds:
  newsroom: { url: https://www.example.com/a }
  journal: { url: https://www.example.com/b, every: 2h }
  shop: { url: https://www.example.com/c, brand_id: 7, caption: "{{ title }} #Shop" }
stages: { staging: { brand_id: 999 } }
`;

describe('check', () => {
  it('shows each error with line, column and remedy, and ends with 3', async () => {
    const text =
      'feeds:\n  newsroom:\n    url: ftp://x\n    brand_id: 1\n    capton: x\n  Big:\n    url: https://www.example.com/\n';

    const { code, out } = await check(text);
    const asJson = JSON.parse((await check(text, '--json')).out);

    expect(code).toBe(3);
    expect(out.split('\n')[0]).toBe(`${file} has 4 errors:`);
    expect(out).toContain(`  ${file}:3:10 feeds.newsroom.url must be the address of a feed`);
    expect(out).toContain(`  ${file}:5:5 feeds.newsroom.capton is not a setting: did you mean caption?`);
    expect(asJson).toMatchObject({
      ok: false,
      faults: [
        { line: 3, column: 10, path: 'feeds.newsroom.url', message: expect.stringContaining('https://') },
        {},
        {},
        {},
      ],
    });
  });

  it('[28] suggests a locale for a Strapi webhook without one', async () => {
    const strapi = `
defaults: { brand_id: 144 }
webhooks:
  site: { from: strapi, secret_name: a, content_types: [article], link: "https://www.example.com/{{ slug }}" }
`;

    const asked = await check(strapi);
    const decided = await check(strapi.replace('[article]', '[article], locale: en'));

    expect(asked.code).toBe(0);
    expect(asked.out).toContain(
      '! site has no locale: for localized content types only "en", Strapi’s default, is accepted',
    );
    expect(decided.out).not.toContain('no locale');
  });

  it('renders each caption once with a complete sample entry', async () => {
    const { code, out } = await check(two);
    const { captions } = JSON.parse((await check(two, '--json')).out);

    expect(code).toBe(0);
    expect(out).toContain('is valid: 3 feeds, 0 webhooks.');
    expect(out).toContain('newsroom, journal: the post of a sample entry');
    expect(out).toContain('#RainWind #NewIn #Nachhaltigkeit');
    expect(captions).toMatchObject([
      {
        feeds: ['newsroom', 'journal'],
        post: { brand_id: 144 },
        rules: [{ ok: true }, {}, {}, {}, {}],
        notes: [{ about: 'disclosure', warns: false }],
        bare: null,
      },
      { feeds: ['shop'], post: { brand_id: 7, text: expect.stringMatching(/#Shop$/) } },
    ]);
  });

  it('applies the settings of a stage', async () => {
    const { captions } = JSON.parse((await check(two, '--stage staging --json')).out);

    expect(captions).toMatchObject([{ post: { brand_id: 999 } }, { post: { brand_id: 999 } }]);
  });

  it('renders captions of webhooks too', async () => {
    const text = `${two}webhooks:\n  cms: { from: ghost, secret_name: a, caption: "Own: {{ title }}" }\n`;

    const { captions } = JSON.parse((await check(text, '--json')).out);

    expect(captions).toMatchObject([
      {},
      {},
      { feeds: ['cms'], post: { text: expect.stringMatching(/^Own: The/) } },
    ]);
  });

  it.each([
    ['cannot be rendered', '"{{ title | slice: 400 }}"', /✗ no post: the caption template renders nothing/],
    ['breaks a rule of TikTok', '"#a #A {{ title }}"', /✗ hashtags +#A appears twice/],
    ['starts without a word', '"{{ categories | hashtags }}"', /✗ first line/],
  ])('ends with 1 when a caption %s', async (_, caption, words) => {
    const { code, out } = await check(
      `feeds: { a: { url: https://www.example.com/a, brand_id: 1, caption: ${caption} } }`,
    );

    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(words) });
  });

  it('shows the line in the file for an error in a caption', async () => {
    const { code, out } = await check(
      'defaults: { brand_id: 1 }\nfeeds:\n  a:\n    url: https://www.example.com/a\n    caption: |\n      {{ title }}\n\n      {{ summary | sentense }}\n',
    );

    expect(code).toBe(3);
    expect(out).toContain(
      `${file}:8:7 feeds.a.caption is not a Liquid template: undefined filter: sentense, did you mean sentence? (its line 3, column 1)`,
    );
  });

  it('warns about YAML and Liquid pitfalls with line and column, and ends with 1', async () => {
    const text =
      "defaults: { brand_id: 1 }\nfeeds:\n  a:\n    url: https://www.example.com/a\n    caption: '{{ title }}\\n' #rain\n";

    const { code, out } = await check(text);
    const asJson = JSON.parse((await check(text, '--json')).out);

    expect(code).toBe(1);
    expect(out).toContain(`! ${file} is valid (1 feed, 0 webhooks), but has 2 probable mistakes:`);
    expect(out).not.toContain('is valid:');
    expect(out).toContain(`  ${file}:5:26 feeds.a.caption holds \\n, which is posted as it is`);
    expect(out).toContain(`  ${file}:5:30 feeds.a.caption ends before #rain, where a YAML comment begins`);
    expect(asJson).toMatchObject({ ok: false, faults: [], warnings: [{ line: 5, column: 26 }, { line: 5 }] });
  });

  it.each([
    [
      `'{{ title | append: " {link}" }}'`,
      'the post holds {link}, which is posted as it is: write {{ link }}',
    ],
    [`'{{ title | append: " 50 %title%" }}'`, 'the post holds %title%, which is posted as it is'],
  ])(
    'warns about pitfalls only visible in the rendered sample, in %s, and ends with 1',
    async (caption, words) => {
      const { code, out } = await check(
        `feeds: { a: { url: https://www.example.com/a, brand_id: 1, caption: ${caption} } }`,
      );

      expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(`  ! ${words}`) });
    },
  );

  it('warns once about a pitfall visible in both file and sample', async () => {
    const { out } = await check(
      'feeds: { a: { url: https://www.example.com/a, brand_id: 1, caption: "{title}" } }',
    );

    expect(out.match(/holds \{title\}/g)).toHaveLength(1);
  });

  it.each([
    ['', '· disclosure not declared. TikTok requires it'],
    ['post: { branded_content_type: promoted }', '· disclosure declared: promoted (your own brand)'],
    ['post: { branded_content_type: null }', '· disclosure declared: promotes nothing'],
  ])('shows the disclosure for "%s"', async (post, words) => {
    const { code, out } = await check(
      `feeds: { a: { url: https://www.example.com/a, brand_id: 1${post && `, ${post}`} } }`,
    );

    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(words) });
  });

  it('warns about undisclosed or too frequent public posts, and ends with 0', async () => {
    const webhook = 'from: ghost, secret_name: a, brand_id: 1, publish: now, post: { media_ids: [7] }';
    const { code, out } = await check(
      `webhooks: { cms: { ${webhook} }, shop: { ${webhook}, limits: { per_day: 5 } } }`,
    );
    const kept = await check(`webhooks: { cms: { ${webhook}, limits: { per_day: 15 } } }`);

    expect(code).toBe(0);
    expect(out).toContain('! disclosure not declared, but the post goes public');
    expect(out).toContain(
      '! Brand 1 may publish any number of posts per day (cms, shop), but TikTok allows about 15',
    );
    expect(kept.out).not.toContain('may publish');
  });

  it('warns when an entry with only title and link would be held', async () => {
    const { code, out } = await check(
      'feeds: { a: { url: https://www.example.com/a, brand_id: 1, caption: "{{ summary }}" } }',
    );

    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('! an entry with only title and link would be held'),
    });
  });

  it('reports a file that cannot be read', async () => {
    expect(await run('check --config none.yml')).toMatchObject({
      code: 3,
      err: expect.stringContaining(
        'none.yml does not exist. Create it with npm run -s cli -- init --config none.yml',
      ),
    });
  });
});
