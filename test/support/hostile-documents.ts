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
  'namespaces nested': (size) =>
    rss(item(fill(size, (at) => (at % 60 < 30 ? `<q xmlns:n${at}="u${at}">` : '</q>')))),
  'a new prefix for each name': (size) => rss(item(fill(size, (at) => `<p${at}:title>x</p${at}:title>`))),
  'well-known namespaces in capitals': (size) =>
    rss(fill(size, (at) => item(`<x xmlns:z${at}="HTTP://SEARCH.YAHOO.COM/MRSS////////"/>`))),
  // xml:base
  'a long base for many elements': (size) =>
    rss(item(fill(size * 0.8, () => '<category>a</category>')), `rss${longBase(size * 0.2)}`),
  'a base just short enough for many links': (size) =>
    rss(
      fill(size, () => item(fill(1_000, () => '<enclosure url="a"/>'))),
      `rss${longBase(900)}`,
    ),
  'a base of its own for each element': (size) =>
    rss(
      fill(size, () => item(fill(1_000, (at) => `<enclosure url="a" xml:base="${at}/"/>`))),
      `rss${longBase(900)}`,
    ),
  'bases one inside the other': (size) =>
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
  'names that nobody declared': (size) => described(fill(size, (at) => `&n${at.toString(36)};`)),
  'numbers of windows-1252': (size) => described('&#150;'.repeat(size / 6)),
  'numbers without an end': (size) => described(`&#${'9'.repeat(size)}`),
  'escapes of escapes': (size) => described(fill(size, () => '&amp;amp;amp;lt;')),
  // markup
  'elements never closed': (size) => rss(`<item>${'<d>'.repeat(size / 3)}`),
  'tags in a text, never closed': (size) => described('<d>'.repeat(size / 3)),
  'the same tag nested in its own text': (size) =>
    described('<description>'.repeat(size / 26) + '</description>'.repeat(size / 28)),
  'names with a colon in a text': (size) => described('<a:b/>'.repeat(size / 6)),
  'ends that nothing began': (size) => rss(item('</z>'.repeat(size / 4))),
  'attributes without number': (size) => rss(item(`<enclosure ${fill(size, (at) => `a${at}="" `)}/>`)),
  'one attribute of quotes': (size) => rss(item(`<enclosure url='${'"'.repeat(size)}'/>`)),
  'many attributes of quotes': (size) =>
    rss(fill(size, () => item(`<enclosure url='${'"'.repeat(2_000)}'/>`))),
  'a name as long as the document': (size) => rss(`<${'n'.repeat(size)}>`),
  'comments never closed': (size) => described('<!-- '.repeat(size / 5)),
  'comments between letters': (size) => rss(item(`<guid>${'a<!-- -->'.repeat(size / 9)}</guid>`)),
  'ends of CDATA': (size) => described(']]>'.repeat(size / 3)),
  'ends of CDATA in many texts': (size) =>
    rss(fill(size, () => item(`<description>${']]>'.repeat(1_000)}</description>`))),
  'pieces of CDATA': (size) => described('<![CDATA[a]]>'.repeat(size / 13)),
  'brackets open': (size) => described('<'.repeat(size)),
  'processing instructions': (size) => rss('<?a ?>'.repeat(size / 6)),
  'a declaration that never ends': (size) => `<!DOCTYPE rss [${'<!ENTITY '.repeat(size / 9)}`,
  // entries and fields
  'empty entries': (size) => rss('<item></item>'.repeat(size / 13)),
  'small entries': (size) => rss(fill(size, (at) => `<item><guid>${at}</guid></item>`)),
  'entries never closed': (size) => rss('<item><title>a'.repeat(size / 14)),
  'one entry of small fields': (size) => rss(item(fill(size, (at) => `<category>${at}</category>`))),
  'every known field again and again': (size, random) => {
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
  'authors in brackets': (size) => rss(fill(size, () => item(`<author>${'(a@b) <'.repeat(40)}</author>`))),
  'one author of signs': (size) => rss(item(`<author>${'@'.repeat(size)}</author>`)),
  'dates of digits': (size) => rss(fill(size, () => item(`<pubDate>${'1 '.repeat(500)}</pubDate>`))),
  'one date of words': (size, random) =>
    rss(item(`<pubDate>${fill(size, () => `${word(random)} `)}</pubDate>`)),
  'keywords by comma': (size, random) =>
    rss(item(`<itunes:keywords>${fill(size, () => `${word(random)},`)}</itunes:keywords>`)),
  'a guid as long as the document': (size) =>
    rss(`<item><guid>${'g<!---->&amp;'.repeat(size / 13)}</guid></item>`),
  'a link of slashes': (size) =>
    rss(`<item><title>T</title><link>https://e.example/${'/'.repeat(size)}a</link></item>`),
  'a title of combining marks': (size) => titled(`a${'\u0301\u0327'.repeat(size / 2)}`),
  // HTML inside
  'embeds never closed': (size) => html('<svg><iframe><object>'.repeat(size / 21)),
  'an embed without its bracket': (size) => html('<svg x '.repeat(size / 7)),
  pictures: (size, random) => html(fill(size, () => `<img src="${word(random)}">`)),
  'a set of pictures': (size) => html(`<img srcset="${'a,,b 1x 2w, '.repeat(size / 11)}">`),
  'a set of commas': (size) => html(`<img srcset="a${','.repeat(size)}">`),
  'pictures of many styles': (size) => html('<img style="width: 9px ; height">'.repeat(size / 33)),
  'emoji described at length': (size) => html(`<img alt="${'🔥 '.repeat(size / 3)}">`),
  'sources of nothing': (size) => html('<picture><source srcset="data:,">'.repeat(size / 33)),
  'hidden mail': (size) => html('[email protected'.repeat(size / 16)),
  'a picture of attributes': (size) => html(`<img ${fill(size, (at) => `a${at}=b `)}>`),
  'a picture inlined': (size) => html(`<img src="data:image/png;base64,${'A'.repeat(size)}"> Words`),
  'blank lines': (size) => html('<br>x\n\n'.repeat(size / 8)),
  'white space': (size) => described(` ${'\u00a0 \t\n'.repeat(size / 4)}`),
  'quoted words': (size) => described('„a '.repeat(size / 3)),
  'a footer begun again and again': (size) => described('The post appeared '.repeat(size / 18)),
  base64: (size) => atom(`<content type="application/octet-stream">${'QUFB'.repeat(size / 4)}</content>`),
  // JSON
  'brackets of JSON': (size) => json(`,${'['.repeat(size / 2)}${']'.repeat(size / 2)}`),
  'empty objects of JSON': (size) => json(',{}'.repeat(size / 3)),
  'items of numbers': (size) => json(',1'.repeat(size / 2)),
  'tags without number': (size) => json(`,{"id":"t","tags":["a"${',"b"'.repeat(size / 4)}]}`),
  'names without number': (size) => json('', `${fill(size, (at) => `"k${at}":0,`)}`),
  'ids of many digits': (size) => json(fill(size, (at) => `,{"id":90071992547409${at}}`)),
  'one id of digits': (size) => json(`,{"id":${'9'.repeat(size)}}`),
  'half characters': (size) => json(`,{"id":"h","title":"${'\\ud800'.repeat(size / 6)}"}`),
  // bytes
  'nothing but zeros': (size) => '\0'.repeat(size),
  'a page of links': (size) =>
    `<html>${fill(size, (at) => `<link rel="alternate" type="text/xml" href="${at}">`)}</html>`,
};

/** Bytes that are not valid UTF-8 and cannot be written as text. */
const hostileBytes: Record<string, (size: number) => Uint8Array> = {
  'bytes that are no UTF-8': (size) =>
    Buffer.concat([Buffer.from('<rss><channel>'), Buffer.alloc(size, 0xff)]),
  'UTF-16 that says so too late': (size) =>
    Buffer.concat([Buffer.from('<?xml encoding="utf-16"?>'), Buffer.alloc(size, 0xe9)]),
};

export const hostileDocument = (name: string, size: number, seed = 1): Uint8Array =>
  hostileBytes[name]?.(size) ?? Buffer.from(hostile[name]?.(size, seeded(seed)) ?? '');

export const hostileNames: readonly string[] = [...Object.keys(hostile), ...Object.keys(hostileBytes)];
