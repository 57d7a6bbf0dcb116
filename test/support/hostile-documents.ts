/*
 * Documents made to exhaust their reader: each generator writes some `size` characters of one kind of excess, the same
 * ones for the same seed. What a kind repeats differs a little from one place to the next, so that no cache helps.
 */

type Random = (below: number) => number;
type Generator = (size: number, random: Random) => string;

/** Mulberry32: small, good enough, and the same on every machine. */
const seeded = (seed: number): Random => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
};

/** Concatenates pieces up to `size` characters. */
const fill = (size: number, piece: (at: number) => string): string => {
  const pieces: string[] = [];
  for (let length = 0, at = 0; length < size; at++) {
    const one = piece(at);
    pieces.push(one);
    length += one.length;
  }
  return pieces.join('');
};

const word = (random: Random): string => random(36 ** 4).toString(36);

const rss = (inside: string, root = 'rss', prolog = '') =>
  `${prolog}<${root}><channel><item><guid>g</guid><title>T</title></item>${inside}</channel></rss>`;
const item = (inside: string) => `<item><guid>h</guid><title>T</title>${inside}</item>`;
const described = (text: string, prolog = '') =>
  rss(item(`<description>${text}</description>`), 'rss', prolog);
const titled = (text: string) => rss(`<item><title>${text}</title></item>`);
const html = (text: string) => described(`<![CDATA[${text}]]>`);
const atom = (inside: string, root = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom"${root}><entry><id>g</id><title>T</title>${inside}</entry></feed>`;
const json = (inside: string, entry = '') =>
  `{"version":"https://jsonfeed.org/version/1.1","title":"T",${entry}"items":[{"id":"g","title":"T"}${inside}]}`;

const entity = (length: number, of = 'x') => `<!DOCTYPE rss [<!ENTITY a "${of.repeat(length)}">]>`;
const longBase = (length: number) => ` xml:base="http://publisher.example/${'b'.repeat(length)}/"`;

/**
 * Generators by name. Each document has about `size` characters, and is either read or refused with a `feed.*` code.
 */
const hostile: Record<string, Generator> = {
  // namespaces
  'a namespace for each element': (size) => {
    const names = fill(size / 2, (at) => ` xmlns:a${at.toString(36)}="x"`);
    return rss(`<item>${fill(size / 2, () => '<q xmlns:b="c"/>')}</item>`, `rss${names}`);
  },
  'nested namespace declarations': (size) =>
    rss(item(fill(size, (at) => (at % 60 < 30 ? `<q xmlns:n${at}="u${at}">` : '</q>')))),
  'a new prefix for each name': (size) => rss(item(fill(size, (at) => `<p${at}:title>x</p${at}:title>`))),
  'uppercase well-known namespaces': (size) =>
    rss(fill(size, (at) => item(`<x xmlns:z${at}="HTTP://SEARCH.YAHOO.COM/MRSS////////"/>`))),
  // xml:base
  'a long base for many elements': (size) =>
    rss(item(fill(size * 0.8, () => '<category>a</category>')), `rss${longBase(size * 0.2)}`),
  'a base just short enough for many links': (size) =>
    rss(
      fill(size, () => item(fill(1_000, () => '<enclosure url="a"/>'))),
      `rss${longBase(900)}`,
    ),
  'a different base for each element': (size) =>
    rss(
      fill(size, () => item(fill(1_000, (at) => `<enclosure url="a" xml:base="${at}/"/>`))),
      `rss${longBase(900)}`,
    ),
  'nested bases': (size) =>
    atom(
      fill(size, (at) => (at % 100 < 50 ? '<x xml:base="deeper/">' : '</x>')),
      longBase(100),
    ),
  // entities
  'a declared entity': (size) => described('&a;'.repeat(size / 3), entity(100)),
  'a declared entity of wide characters': (size) => described('&a;'.repeat(size / 3), entity(100, 'ж')),
  'a declared entity in attributes': (size) =>
    rss(
      fill(size, () => item(`<enclosure url="${'&a;'.repeat(500)}"/>`)),
      'rss',
      entity(100),
    ),
  'a declared entity in many texts': (size) =>
    rss(
      fill(size, () => item(`<description>${'&a;'.repeat(1_000)}</description>`)),
      'rss',
      entity(100),
    ),
  'many declared entities': (size) =>
    described(
      fill(size / 2, (at) => `&e${at % 5_000};`),
      `<!DOCTYPE rss [${fill(size / 2, (at) => `<!ENTITY e${at} "${at}">`)}]>`,
    ),
  'undeclared entities': (size) => described(fill(size, (at) => `&n${at.toString(36)};`)),
  'windows-1252 character references': (size) => described('&#150;'.repeat(size / 6)),
  'an endless character reference': (size) => described(`&#${'9'.repeat(size)}`),
  'nested escapes': (size) => described(fill(size, () => '&amp;amp;amp;lt;')),
  // markup
  'unclosed elements': (size) => rss(`<item>${'<d>'.repeat(size / 3)}`),
  'unclosed tags in a text': (size) => described('<d>'.repeat(size / 3)),
  'an element nested in itself': (size) =>
    described('<description>'.repeat(size / 26) + '</description>'.repeat(size / 28)),
  'prefixed tags in a text': (size) => described('<a:b/>'.repeat(size / 6)),
  'end tags without a start tag': (size) => rss(item('</z>'.repeat(size / 4))),
  'countless attributes': (size) => rss(item(`<enclosure ${fill(size, (at) => `a${at}="" `)}/>`)),
  'an attribute full of quotes': (size) => rss(item(`<enclosure url='${'"'.repeat(size)}'/>`)),
  'many attributes full of quotes': (size) =>
    rss(fill(size, () => item(`<enclosure url='${'"'.repeat(2_000)}'/>`))),
  'a name as long as the document': (size) => rss(`<${'n'.repeat(size)}>`),
  'unclosed comments': (size) => described('<!-- '.repeat(size / 5)),
  'comments between letters': (size) => rss(item(`<guid>${'a<!-- -->'.repeat(size / 9)}</guid>`)),
  'CDATA ends': (size) => described(']]>'.repeat(size / 3)),
  'CDATA ends in many texts': (size) =>
    rss(fill(size, () => item(`<description>${']]>'.repeat(1_000)}</description>`))),
  'many CDATA sections': (size) => described('<![CDATA[a]]>'.repeat(size / 13)),
  'open angle brackets': (size) => described('<'.repeat(size)),
  'processing instructions': (size) => rss('<?a ?>'.repeat(size / 6)),
  'an endless declaration': (size) => `<!DOCTYPE rss [${'<!ENTITY '.repeat(size / 9)}`,
  // entries and fields
  'empty entries': (size) => rss('<item></item>'.repeat(size / 13)),
  'small entries': (size) => rss(fill(size, (at) => `<item><guid>${at}</guid></item>`)),
  'unclosed entries': (size) => rss('<item><title>a'.repeat(size / 14)),
  'an entry with many small fields': (size) => rss(item(fill(size, (at) => `<category>${at}</category>`))),
  'every known field many times': (size, random) => {
    const names = [
      'guid',
      'link',
      'title',
      'dc:creator',
      'media:content',
      'pubDate',
      'itunes:image',
      'author',
    ];
    return rss(
      fill(
        size,
        () => `<item>${fill(2_000, (at) => `<${names[at % 8]}>${word(random)}</${names[at % 8]}>`)}</item>`,
      ),
    );
  },
  'authors with unclosed brackets': (size) =>
    rss(fill(size, () => item(`<author>${'(a@b) <'.repeat(40)}</author>`))),
  'an author of @ signs': (size) => rss(item(`<author>${'@'.repeat(size)}</author>`)),
  'dates made of digits': (size) => rss(fill(size, () => item(`<pubDate>${'1 '.repeat(500)}</pubDate>`))),
  'a date made of words': (size, random) =>
    rss(item(`<pubDate>${fill(size, () => `${word(random)} `)}</pubDate>`)),
  'comma-separated keywords': (size, random) =>
    rss(item(`<itunes:keywords>${fill(size, () => `${word(random)},`)}</itunes:keywords>`)),
  'a guid as long as the document': (size) =>
    rss(`<item><guid>${'g<!---->&amp;'.repeat(size / 13)}</guid></item>`),
  'a link of slashes': (size) =>
    rss(`<item><title>T</title><link>https://e.example/${'/'.repeat(size)}a</link></item>`),
  'a title of combining marks': (size) => titled(`a${'\u0301\u0327'.repeat(size / 2)}`),
  // HTML inside
  'unclosed embeds': (size) => html('<svg><iframe><object>'.repeat(size / 21)),
  'an embed without a closing bracket': (size) => html('<svg x '.repeat(size / 7)),
  pictures: (size, random) => html(fill(size, () => `<img src="${word(random)}">`)),
  'a long srcset': (size) => html(`<img srcset="${'a,,b 1x 2w, '.repeat(size / 11)}">`),
  'a srcset of commas': (size) => html(`<img srcset="a${','.repeat(size)}">`),
  'pictures with inline styles': (size) => html('<img style="width: 9px ; height">'.repeat(size / 33)),
  'a picture with a long emoji description': (size) => html(`<img alt="${'🔥 '.repeat(size / 3)}">`),
  'empty picture sources': (size) => html('<picture><source srcset="data:,">'.repeat(size / 33)),
  'hidden email addresses': (size) => html('[email protected'.repeat(size / 16)),
  'a picture with countless attributes': (size) => html(`<img ${fill(size, (at) => `a${at}=b `)}>`),
  'an inlined picture': (size) => html(`<img src="data:image/png;base64,${'A'.repeat(size)}"> Words`),
  'blank lines': (size) => html('<br>x\n\n'.repeat(size / 8)),
  'white space': (size) => described(` ${'\u00a0 \t\n'.repeat(size / 4)}`),
  'quoted words': (size) => described('„a '.repeat(size / 3)),
  'the start of a footer many times': (size) => described('The post appeared '.repeat(size / 18)),
  base64: (size) => atom(`<content type="application/octet-stream">${'QUFB'.repeat(size / 4)}</content>`),
  // JSON
  'nested JSON arrays': (size) => json(`,${'['.repeat(size / 2)}${']'.repeat(size / 2)}`),
  'empty JSON objects': (size) => json(',{}'.repeat(size / 3)),
  'numbers as JSON items': (size) => json(',1'.repeat(size / 2)),
  'countless JSON tags': (size) => json(`,{"id":"t","tags":["a"${',"b"'.repeat(size / 4)}]}`),
  'countless JSON properties': (size) => json('', `${fill(size, (at) => `"k${at}":0,`)}`),
  'JSON IDs with many digits': (size) => json(fill(size, (at) => `,{"id":90071992547409${at}}`)),
  'an endless numeric JSON ID': (size) => json(`,{"id":${'9'.repeat(size)}}`),
  'lone surrogates': (size) => json(`,{"id":"h","title":"${'\\ud800'.repeat(size / 6)}"}`),
  // bytes
  'null bytes only': (size) => '\0'.repeat(size),
  'a page of links': (size) =>
    `<html>${fill(size, (at) => `<link rel="alternate" type="text/xml" href="${at}">`)}</html>`,
};

/** Bytes that are not valid UTF-8 and cannot be written as text. */
const hostileBytes: Record<string, (size: number) => Uint8Array> = {
  'invalid UTF-8': (size) => Buffer.concat([Buffer.from('<rss><channel>'), Buffer.alloc(size, 0xff)]),
  'UTF-16 declared too late': (size) =>
    Buffer.concat([Buffer.from('<?xml encoding="utf-16"?>'), Buffer.alloc(size, 0xe9)]),
};

export const hostileDocument = (name: string, size: number, seed = 1): Uint8Array =>
  hostileBytes[name]?.(size) ?? Buffer.from(hostile[name]?.(size, seeded(seed)) ?? '');

export const hostileNames: readonly string[] = [...Object.keys(hostile), ...Object.keys(hostileBytes)];
