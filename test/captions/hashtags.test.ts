import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCaption, renderCaption } from '../../lib/core/captions/caption.ts';
import { hashtagsIn } from '../../lib/core/captions/find-hashtags.ts';
import { templateValues } from '../../lib/core/captions/template-values.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { renderPost } from '../../lib/core/posts/render-post.ts';
import { tiktokRules } from '../../lib/core/posts/tiktok-rules.ts';
import { entryOf, feedOf, postOf } from '../support/entries.ts';

const captionOf = (template: string, given: Partial<Entry>): string =>
  renderCaption(template, templateValues(feedOf(), entryOf(given), null), 'UTC');

describe('the hashtags filter', () => {
  test('makes five by default', () => {
    expect(captionOf('{{ categories | hashtags }}', { categories: [...'abcdefg'] })).toBe('#a #b #c #d #e');
  });

  test.each([
    [
      'is in the summary',
      '{{ summary }} {{ categories | hashtags }}',
      'New #boots and #RAIN',
      'New #boots and #RAIN #coat',
    ],
    ['is in the template', '#coat {{ categories | hashtags }}', null, '#coat #boots #rain'],
    ['comes later', '{{ categories | hashtags }} #rain', null, '#boots #coat #rain'],
    [
      'is also changed by another filter',
      '#coat {{ categories | hashtags | upcase }}',
      null,
      '#coat #BOOTS #RAIN',
    ],
    [
      'was made by an earlier filter',
      '{{ "rain" | hashtags }} {{ categories | hashtags }}',
      null,
      '#rain #boots #coat',
    ],
    ['is in a variable', '{% assign t = categories | hashtags %}#rain {{ t }}', null, '#rain #boots #coat'],
  ])('leaves out a hashtag that %s', (_what, template, summary, caption) => {
    expect(captionOf(template, { summary, categories: ['boots', 'rain', 'coat'] })).toBe(caption);
  });

  test('keeps a hashtag that occurs only in a link or in a longer hashtag', () => {
    const summary = 'https://www.example.com/#rain #rainbow';

    expect(captionOf('{{ summary }} {{ categories | hashtags }}', { summary, categories: ['rain'] })).toBe(
      `${summary} #rain`,
    );
  });

  test("counts the entry's own hashtags towards the limit of five", () => {
    const given = { title: 'New', summary: '#a #b #c here', categories: [...'abcdefg'] };

    expect(captionOf(defaultCaption, given)).toBe('New\n\n#a #b #c here\n\n#d #e');
  });

  test.each([
    ['a word before it', '{{ title }}{{ categories | hashtags }}', 'New #rain #coat'],
    ['a word after it', '{{ categories | hashtags }}{{ title }}', '#rain #coat New'],
    ['a full stop before it', '{{ title }}.{{ categories | hashtags }}', 'New. #rain #coat'],
  ])('separates a hashtag by a space from %s', (_what, template, caption) => {
    expect(captionOf(template, { title: 'New', categories: ['rain', 'coat'] })).toBe(caption);
  });

  test.each([
    ['a bracket', '({{ categories | hashtags }})', '(#rain)'],
    ['a comma', '{{ categories | hashtags }}, {{ title }}', '#rain, New'],
  ])('adds no space between a hashtag and %s', (_what, template, caption) => {
    expect(captionOf(template, { title: 'New', categories: ['rain'] })).toBe(caption);
  });

  test('leaves no markers in other fields', () => {
    const feed = feedOf({ post: { title: '{{ categories | hashtags }}' } });
    const rendered = renderPost(feed, entryOf({ title: 'New', categories: ['rain'] }));

    expect(rendered).toMatchObject({ ok: true, post: { title: '#rain' } });
  });

  test('never repeats a hashtag of the text and leaves no markers, for any text', () => {
    const word = fc.constantFrom('#rain', '#Rain', 'rain', '#snow', '\uFDD0', '\uFDD1#x', '.', '\n', '#');
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    const template = '{{ summary }}{{ categories | hashtags }}{{ title }}';
    fc.assert(
      fc.property(text, text, (summary, title) => {
        const caption = captionOf(template, { summary, title, categories: ['rain', 'snow', 'ice'] });
        const plain = `${summary} ${title}`.replaceAll(/[\uFDD0\uFDD1]/g, '').toLowerCase();
        const count = (tag: string, where: string) => where.split(`#${tag}`).length;

        expect(caption).not.toMatch(/[\uFDD0\uFDD1]/);
        for (const tag of hashtagsIn(plain))
          expect(count(tag, caption.toLowerCase())).toBe(count(tag, plain));
      }),
    );
  });
});

test.each([
  ['#a #b #c #d #e', true],
  ['#a #b #c #d #e #f', false],
])('TikTok allows five hashtags: "%s" %s', (text, ok) => {
  const found = tiktokRules(postOf(text), []).find(({ rule }) => rule === 'hashtags');

  expect(found?.ok).toBe(ok);
  if (!ok) expect(found?.text).toContain('6 hashtags: TikTok allows 5');
});
