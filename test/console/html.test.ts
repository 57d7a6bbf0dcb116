import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { away, entryPath, within } from '../../console/address.ts';
import { caption } from '../../console/caption.ts';
import { type Html, html, markupOf } from '../../console/html.ts';

/** Parses markup as a browser would: tags with attributes, and text. */
const read = (piece: Html) => {
  const tags: [string, Record<string, string>][] = [];
  let text = '';
  const parser = new Parser({
    onopentag: (name, attributes) => void tags.push([name, attributes]),
    ontext: (part) => {
      text += part;
    },
  });
  parser.end(markupOf(piece));
  return { tags, text };
};

const folder = new URL('../../console/', import.meta.url);
const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const sourceOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');

const stripped = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu;
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', '`', '\0', '\u202E', '\uD800', 'a', ' '),
  }),
);

describe('markup', () => {
  it('keeps its tags, whatever the values', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const { tags, text } = read(html`<p title="${a}">${b}</p>`);

        expect(tags).toEqual([['p', { title: a.toWellFormed().replaceAll(stripped, '') }]]);
        expect(read(html`<p title='${a}'></p>`).tags).toEqual(tags);
        expect(text).toBe(b.toWellFormed().replaceAll(stripped, ''));
      }),
    );
  });

  it('concatenates lists, prints numbers and omits missing values', () => {
    const piece = html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${null}${undefined}${false}${0}${''}</ul>`;

    expect(markupOf(piece)).toBe('<ul><li>1</li><li>2</li>0</ul>');
  });

  it('does not accept parsed JSON as markup', () => {
    const made = JSON.parse('{"markup":"<script>"}');

    expect(markupOf(html`<p>${made}</p>`)).not.toContain('<script>');
  });

  it.each(sources)('quotes every attribute in %s', (name) => {
    expect(sourceOf(name).match(/<[^<>`]*\s[\w-]+=\$\{/g)).toBeNull();
  });

  it.each(sources)('has no inline script, style or handler in %s', (name) => {
    expect(sourceOf(name).match(/<style|\sstyle="|<script(?! src="\/static\/)|\son[a-z]+="/g)).toBeNull();
  });
});

describe('an address', () => {
  it.each([
    ['javascript:alert(1)'],
    ['JaVaScRiPt:alert(1)'],
    [' javascript:alert(1)'],
    ['java\nscript:alert(1)'],
    ['data:text/html,<script>alert(1)</script>'],
    ['vbscript:x'],
    ['file:///etc/passwd'],
    ['https://user:password@www.example.com/'],
    ['//www.example.com/'],
    ['/move'],
    ['x'],
    [''],
  ])('from a feed is not a link: %j', (address) => {
    expect(read(away(address)).tags.map(([name]) => name)).toEqual(['span']);
  });

  it('from a feed is a link without a referrer when it is http or https', () => {
    const { tags, text } = read(away('https://www.example.com/a?b=1&c="2"'));

    expect(tags).toEqual([
      ['a', { href: 'https://www.example.com/a?b=1&c=%222%22', rel: 'noreferrer noopener', class: 'away' }],
    ]);
    expect(text).toBe('www.example.com');
  });

  it('within the console keeps any key', () => {
    const key = 'guid-"><&=?#é /..';

    expect(new URL(entryPath(key), 'http://x').searchParams.get('key')).toBe(key);
    expect(within('/entries', { feed: '', state: null, page: 2 })).toBe('/entries?page=2');
  });
});

describe('a caption', () => {
  const long = `First line\n\n${'word '.repeat(40)}#One #Zwei_3`;

  it('is folded like on TikTok, with the first line in bold', () => {
    const { tags, text } = read(caption(long, 'e1'));

    const [seen, hidden] = text.split('…more');
    expect([...(seen ?? '')]).toHaveLength(150);
    expect(`${seen}${hidden}`).toBe(long);
    expect(markupOf(caption(long, 'e1'))).toContain('<strong>First line</strong>');
    expect(tags.filter(([, { class: look }]) => look === 'tag')).toHaveLength(2);
  });

  it('never splits an emoji', () => {
    const family = '👩‍👩‍👧‍👦';

    expect(markupOf(caption(family.repeat(151), 'e1'))).toContain(`${family}</strong>…</p>`);
  });

  it('has no fold when it is short', () => {
    expect(markupOf(caption('Short #yes', 'e1'))).toBe(
      '<p class="caption" dir="auto"><strong>Short <span class="tag">#yes</span></strong></p>',
    );
  });
});

it.each([
  ['rtl', 'גשר'],
  ['rtl', '123 جسر'],
  ['ltr', 'A bridge, גשר'],
  ['ltr', '🌉'],
])('a long caption unfolds in its own direction: %s %s', (direction, start) => {
  expect(markupOf(caption(`${start} ${'x'.repeat(200)}`, 'a'))).toContain(`id="a-rest" dir="${direction}"`);
});
