import { describe, expect, test } from 'vitest';
import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { renderTemplate } from '../../lib/core/captions/template.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import { ruleOut } from '../../lib/core/editorial/editorial-rules.ts';
import { isSubject } from '../../lib/core/entries/category-names.ts';
import { entryOf } from '../support/entries.ts';

const tags = (categories: unknown) => renderTemplate('{{ categories | hashtags: 9 }}', { categories }, 'UTC');

describe('no hashtag is made from a category that', () => {
  test.each([
    ['is an address', 'http://schemas.google.com/blogger/2008/kind#post'],
    ['is an address without a scheme', 'www.example.com/tags/rain'],
    ['is a host', 'blog.example.com'],
    ['is a host and a path', 'example.com/rain'],
    ['is a mail address', 'news@example.com (Newsroom)'],
    ['is a name with a scheme', 'tag:example.com,2026:rain'],
    ['is a machine tag', 'geo:lat=57.64'],
    ['is a number', '1048576'],
    ['is a UUID', '3c90c3cc-0d44-4b50-8888-8dd25736052a'],
    ['is a hash', '4f9a0c2b17'],
    ['is a long id', 'recA1b2C3d4E5f6G7h8'],
    ['means uncategorized', 'Uncategorized'],
    ['means uncategorized in German', 'Allgemein'],
    ['means uncategorized in French', 'NON CLASSE\u0301'],
    ['means uncategorized in Polish', 'Bez kategorii'],
  ])('%s', (_what, category) => {
    expect(isSubject(category)).toBe(false);
    expect(tags([category.split(',')[0], 'Rain'])).toBe('#Rain');
  });
});

test.each([
  'Rain',
  '2026',
  'covid-19',
  'Style: boots',
  'C++',
  'H&M',
  'Web 2.0',
  '4K',
  'Überraschung',
  '新製品',
  'M.C. Escher',
  'Node.js',
  'Booking.com',
])('accepts %s as a subject', (category) => {
  expect(isSubject(category)).toBe(true);
});

test.each([
  [['boots, rain, snow'], '#boots #rain #snow'],
  [['boots; rain', 'snow'], '#boots #rain #snow'],
  [['雨具、長靴'], '#雨具 #長靴'],
  [['boots, Uncategorized, 1048576'], '#boots'],
  [['Regen\u00adjacke'], '#Regenjacke'],
  [['zero\u200bwidth'], '#zerowidth'],
  ['boots, rain', '#boots #rain'],
])('converts the categories %j to the hashtags %s', (categories, made) => {
  expect(tags(categories)).toBe(made);
});

test.each(['rain', 'boots, rain', 'Snow'])(
  'a rule matches %s within a comma-separated category',
  (wanted) => {
    const rules = { ...noEditorial.rules, only: { ...noEditorial.rules.only, categories: [wanted] } };

    expect(ruleOut(entryOf({ categories: ['boots, rain', 'snow'] }), rules, 0)).toBeNull();
  },
);

test('media:keywords are read as categories', async () => {
  const text = `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title><item><guid>1</guid>
    <media:keywords>rain, boots</media:keywords><media:group><media:keywords>snow</media:keywords></media:group></item></channel></rss>`;

  const { entries } = await readFeed({ bytes: Buffer.from(text), contentType: null, url: '' });

  expect(entries[0]?.categories).toEqual(['rain', 'boots', 'snow']);
});
