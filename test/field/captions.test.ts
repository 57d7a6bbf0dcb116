import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tiktokRules } from '../../lib/core/posts/tiktok-rules.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';
import { fieldWorld } from './field-world.ts';

/** The result of `check` for the feeds.yml in a folder. */
const checked = async (name: string) => {
  const file = fileURLToPath(new URL(`../fixtures/field/${name}/feeds.yml`, import.meta.url));
  const { code, out } = await cliOver(fakeTarget())(`check --json --config ${file}`);
  return { code, ...JSON.parse(out) };
};

const drafted = async (name: string) => {
  const w = fieldWorld(name);
  await w.poll(1);
  return w.sent;
};

describe('a valid but mistaken feeds.yml', () => {
  it('[12] is reported with line and column if YAML reads hashtags as a comment', async () => {
    const { code, warnings } = await checked('12-yaml-hash');

    expect(code).toBe(1);
    expect(warnings).toMatchObject([
      { line: 5, column: 28, path: 'feeds.shop.caption', message: expect.stringContaining('before #clay') },
      { line: 8, column: 32, path: 'feeds.notes.caption', message: expect.stringContaining('before #clay') },
      { line: 11, path: 'feeds.notes.skip.keywords', message: expect.stringContaining('before #sale') },
    ]);
  });

  it("[13] is reported if \\n or another program's placeholders would be posted literally", async () => {
    const { code, warnings } = await checked('13-yaml-literal-newline');

    expect(code).toBe(1);
    expect(warnings).toMatchObject([
      { line: 5, path: 'feeds.shop.caption', message: expect.stringContaining('holds \\n') },
      { line: 9, path: 'feeds.notes.caption', message: expect.stringContaining('holds \\n') },
      { line: 12, path: 'feeds.news.caption', message: expect.stringContaining('{{ title }}') },
      { line: 12, path: 'feeds.news.caption', message: expect.stringContaining('{{ summary }}') },
      { line: 12, path: 'feeds.news.caption', message: expect.stringContaining('{{ link }}') },
    ]);
  });

  it('[14] breaks a rule if a caption has more than five hashtags, including typed ones', async () => {
    const { code, captions } = await checked('14-five-hashtags');
    const [typed, byDefault] = captions;

    expect(code).toBe(1);
    expect(typed.rules).toContainEqual({
      rule: 'hashtags',
      ok: false,
      text: expect.stringMatching(/^\d+ hashtags: TikTok allows 5/),
    });
    expect(byDefault.rules).toContainEqual({ rule: 'hashtags', ok: true, text: '5 hashtags' });
  });
});

describe("a draft's caption", () => {
  it('[15] has each hashtag once if both text and categories contain it', async () => {
    const [post, ...others] = await drafted('15-hashtag-twice');

    expect(others).toEqual([]);
    expect(post?.text?.match(/#\w+/g)).toEqual(['#bowls', '#Mugs', '#raku']);
    expect(post && tiktokRules(post, []).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('[22] is the first sentence, despite abbreviations, ordinals and versions', async () => {
    expect((await drafted('22-sentence')).map(({ text }) => text)).toEqual([
      'Prof. Ash shows glaze No. 7 at St. Ives.',
      'Der Ofen brennt vom 5. Dezember an, z. B. Raku.',
      'Firing plan v. 3.1 replaces version 3.0 at once!',
    ]);
  });
});

it('[21] a rule matches its keyword or category in any typography', async () => {
  const texts = (await drafted('21-keyword-typography')).map(({ text }) => text?.split(':')[0]);

  expect(texts.toSorted()).toEqual(['apostrophe', 'category', 'no-break-hyphen', 'soft-hyphen']);
});
