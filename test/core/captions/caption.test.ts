import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCaption, renderCaption } from '../../../lib/core/captions/caption.ts';
import { templateValues } from '../../../lib/core/captions/template-values.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { entryOf, feedOf } from '../../support/entries.ts';

const captionOf = (template: string, given: Partial<Entry>): string =>
  renderCaption(template, templateValues(feedOf(), entryOf(given), null), 'UTC');

const words = (count: number, word = 'word') =>
  Array.from({ length: count }, (_, i) => `${word}${i}`).join(' ');

describe('the built-in caption', () => {
  test('is title, summary and hashtags, separated by empty lines', () => {
    const caption = captionOf(defaultCaption, {
      title: 'Title',
      summary: 'Summary',
      categories: ['a', 'b c'],
    });

    expect(caption).toBe('Title\n\nSummary\n\n#a #BC');
  });

  test('leaves no gap for missing fields', () => {
    expect(captionOf(defaultCaption, { title: 'Title', categories: ['a'] })).toBe('Title\n\n#a');
    expect(captionOf(defaultCaption, { summary: 'Summary' })).toBe('Summary');
    expect(captionOf(defaultCaption, {})).toBe('');
  });

  test('keeps characters that look like HTML, because entries are plain text already', () => {
    expect(captionOf(defaultCaption, { title: 'if a < b & c > d: &amp; is an ampersand' })).toBe(
      'if a < b & c > d: &amp; is an ampersand',
    );
  });

  test('truncates a summary at a word within 300 UTF-16 units', () => {
    const caption = captionOf('{{ summary | truncate: 300 }}', { summary: words(100) });

    expect(caption).toMatch(/^word0 word1 .* word\d+…$/);
    expect(caption.length).toBeLessThanOrEqual(300);
    expect(caption.length).toBeGreaterThan(280);
  });
});

describe('a caption that is too long', () => {
  const template =
    '{{ title }}\n\n{{ summary }}\n\n{{ content }}\n\n{{ link }}\n\n{{ categories | hashtags: 3 }}';
  const rest = { link: 'https://www.example.com/story', categories: ['one', 'two', 'three'] };
  const end = '\n\nhttps://www.example.com/story\n\n#one #two #three';

  test('shortens the content before the summary and keeps everything else', () => {
    const caption = captionOf(template, {
      title: 'Title',
      summary: 'Summary',
      content: words(1_000),
      ...rest,
    });

    expect(caption).toMatch(/^Title\n\nSummary\n\nword0 word1/);
    expect(caption.endsWith(`…${end}`)).toBe(true);
    expect(caption.length).toBeGreaterThan(2_180);
    expect(caption.length).toBeLessThanOrEqual(2_200);
  });

  test('drops the content and shortens the summary before the title', () => {
    const title = words(100, 'title');
    const caption = captionOf(template, { title, summary: words(1_000), content: words(1_000), ...rest });

    expect(caption.startsWith(`${title}\n\nword0 word1`)).toBe(true);
    expect(caption.endsWith(`…${end}`)).toBe(true);
    expect(caption.length).toBeGreaterThan(2_180);
  });

  test('shortens the title last', () => {
    const caption = captionOf(template, {
      title: words(1_000),
      summary: 'Summary',
      content: 'Content',
      ...rest,
    });

    expect(caption).toMatch(/^word0 word1/);
    expect(caption).not.toContain('Summary');
    expect(caption.endsWith(`…${end}`)).toBe(true);
    expect(caption.length).toBeGreaterThan(2_180);
  });

  test("due to the template's own text is cut at its end", () => {
    const caption = captionOf(`{{ title }} ${words(600, 'always')}`, { title: 'Title' });

    expect(caption).toMatch(/^Title always0 .*…$/);
    expect(caption.length).toBeLessThanOrEqual(2_200);
  });

  test('due to an overlong link leaves the link out', () => {
    const caption = captionOf('{{ title }} {{ link }}', {
      title: 'Title',
      link: `https://e.com/${'x'.repeat(3_000)}`,
    });

    expect(caption).toBe('Title…');
  });

  test('keeps a link in the summary whole or leaves it out', () => {
    const summary = `${words(300)} https://www.example.com/${'x'.repeat(300)} end`;

    expect(captionOf('{{ summary }}', { summary })).not.toMatch(/https:\/\/www\.example\.com\/x{1,299}(?!x)/);
  });

  test('is shortened even if the template depends on the summary', () => {
    const conditional = '{{ title }}{% if summary %}\n\nIn short: {{ summary }}{% endif %}';
    const title = words(310);

    expect(captionOf(conditional, { title, summary: 'Summary' }).length).toBeLessThanOrEqual(2_200);
  });
});

const rough = fc.string({
  unit: fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ' ',
        '\n',
        '👨‍👩‍👧‍👦',
        '🇩🇪',
        'e\u0301',
        ' https://x.example/a ',
        ' #tag ',
        '\uD83D',
        '{{ title }}',
      ),
    },
  ),
  maxLength: 60,
});
const long = fc.tuple(rough, fc.integer({ min: 1, max: 120 })).map(([text, times]) => text.repeat(times));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const anyEntry = fc.record({
  title: maybe(long),
  summary: maybe(long),
  content: maybe(long),
  author: maybe(rough),
  categories: fc.array(rough, { maxLength: 8 }),
});
const anyTemplate = fc.constantFrom(
  defaultCaption,
  '{{ title }}\n{{ summary }}\n{{ content }}\n{{ link }}\n{{ categories | hashtags: 5 }}',
  '{{ link }} {{ title | upcase }} {{ summary | truncate: 900 }}',
  '{% for c in categories %}{{ c }} {% endfor %}{{ content }} {{ link }}',
);

const literal = (text: string) => text.replace(/[?.+]/g, '\\$&');

test('any caption fits, is well-formed and tidy, and keeps its link whole', () => {
  const link = 'https://www.example.com/a?b=c&d=e#f';
  fc.assert(
    fc.property(anyEntry, anyTemplate, (entry, template) => {
      const caption = captionOf(template, { ...entry, link });

      expect(caption.length).toBeLessThanOrEqual(2_200);
      expect(caption.isWellFormed()).toBe(true);
      expect(caption).not.toMatch(/\n{3}|^\s|\s$| \n/);
      if (template.includes('link')) expect(` ${caption} `).toMatch(new RegExp(`\\s${literal(link)}\\s`));
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['words', 'word '.repeat(200_000)],
  ['one word', 'x'.repeat(1_000_000)],
  ['spaces', ' '.repeat(1_000_000)],
  ['line breaks', 'a\n'.repeat(500_000)],
  ['marks', `a${'\u0301'.repeat(1_000_000)}`],
  ['hashtags', '#a'.repeat(500_000)],
  ['templates', '{{ title }}'.repeat(90_000)],
])('a megabyte of %s in every field is rendered quickly', (_what, text) => {
  const entry = {
    title: text,
    summary: text,
    content: text,
    categories: Array(1_000).fill(text),
    link: text,
  };
  const began = performance.now();

  const caption = captionOf(
    '{{ title }}\n{{ summary }}\n{{ content }}\n{{ categories | hashtags: 5 }}',
    entry,
  );

  expect(caption.length).toBeLessThanOrEqual(2_200);
  expect(performance.now() - began).toBeLessThan(5_000);
});
