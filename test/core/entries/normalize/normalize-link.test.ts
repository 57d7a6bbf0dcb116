import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { normalizeLink } from '../../../../lib/core/entries/normalize/normalize-link.ts';
import { anyLink } from '../any-link.ts';
import { differentLinks } from '../corpus.ts';

const linkOf = (link: string) => normalizeLink(link)?.link;

describe('a link', () => {
  it('is parsed into page, host and query', () => {
    expect(normalizeLink('https://www.Example.com/a/?b=2&utm_source=rss&a=1#top')).toEqual({
      link: 'example.com/a?a=1&b=2',
      page: 'example.com/a',
      host: 'example.com',
      query: [
        ['a', '1'],
        ['b', '2'],
      ],
    });
  });

  it.each([
    ['the scheme', 'http://example.com/a', 'https://example.com/a'],
    ["the host's case", 'https://EXAMPLE.com/a', 'https://example.com/a'],
    ['www.', 'https://www.example.com/a', 'https://example.com/a'],
    ['a trailing dot in the host', 'https://example.com./a', 'https://example.com/a'],
    ['the default port', 'https://example.com:443/a', 'https://example.com/a'],
    ['a user', 'https://desk:secret@example.com/a', 'https://example.com/a'],
    ['a fragment', 'https://example.com/a#top', 'https://example.com/a'],
    ['a trailing slash', 'https://example.com/a/', 'https://example.com/a'],
    ['trailing slashes', 'https://example.com/a///', 'https://example.com/a'],
    ['index.html', 'https://example.com/a/index.html', 'https://example.com/a'],
    ['index.php', 'https://example.com/index.php?p=3', 'https://example.com/?p=3'],
    ['white space around it', ' https://example.com/a\n', 'https://example.com/a'],
    ['dot segments', 'https://example.com/b/../x/%2e/%2E%2E/a', 'https://example.com/a'],
    ['hexadecimal case', 'https://example.com/%e6%97%a5', 'https://example.com/%E6%97%A5'],
    ['encoded unreserved characters', 'https://example.com/%61%7Eb%2D%5F%2e', 'https://example.com/a~b-_.'],
    ['raw characters', 'https://example.com/日本?q=é', 'https://example.com/%E6%97%A5%E6%9C%AC?q=%C3%A9'],
    ['decomposed characters', 'https://example.com/cafe%CC%81?q=e\u0301', 'https://example.com/café?q=é'],
    ['a space', 'https://example.com/a b', 'https://example.com/a%20b'],
    ['an international name', 'https://MÜNCHEN.example/a', 'https://xn--mnchen-3ya.example/a'],
    ['a plus for a space in a query', 'https://example.com/?q=a+b', 'https://example.com/?q=a%20b'],
    ['encoded signs in a query', 'https://example.com/?q=a%2Fb%3Ac', 'https://example.com/?q=a/b:c'],
    ['the order of the query', 'https://example.com/a?b=2&a=2&a=1', 'https://example.com/a?a=1&a=2&b=2'],
    ['an empty query', 'https://example.com/a?', 'https://example.com/a'],
    ['empty parameters', 'https://example.com/a?&=&b=1&', 'https://example.com/a?b=1'],
    ['an empty value', 'https://example.com/a?b=', 'https://example.com/a?b'],
    ['an accent after a sign', 'https://example.com/|\u0301', 'https://example.com/%7C%CC%81'],
    ['a stray percent sign', 'https://example.com/100%', 'https://example.com/100%25'],
  ])('is the same regardless of %s', (_, one, other) => {
    expect(linkOf(one)).toBe(linkOf(other));
  });

  it.each([
    'utm_source=rss&utm_medium=feed&UTM_Campaign=x',
    'fbclid=1&gclid=2&gbraid=3&wbraid=4&dclid=5&msclkid=6&yclid=7&ttclid=8&srsltid=9&igshid=0',
    'mc_cid=1&mc_eid=2&_ga=3&_gl=4&_hsenc=5&_hsmi=6&__hstc=7',
    'at_medium=RSS&at_campaign=rss&xtor=RSS-1&mtm_source=1&pk_campaign=2&ncid=3&smid=4&ref_src=5',
    'source=rss----7f60cf5620c9---4',
    'source=rss-b4981c59ffa5------2',
    'source=Twitter',
    'ref=rss',
    'ref=newsletter',
    'cmp=rss',
    '%75tm_source=rss',
  ])('is the same with ?%s', (query) => {
    expect(linkOf(`https://example.com/a?${query}`)).toBe('example.com/a');
    expect(linkOf(`https://example.com/a?id=1&${query}`)).toBe('example.com/a?id=1');
  });

  it('is distinct for different pages', () => {
    const known = differentLinks.map(linkOf);

    expect(known).not.toContain(undefined);
    expect(differentLinks.filter((_, at) => known.indexOf(known[at]) !== at)).toEqual([]);
  });

  it.each([
    null,
    '',
    'about:blank',
    'mailto:desk@example.com',
    'tag:example.com,2026:1',
    'ftp://example.com/a',
    '/relative',
    'https://',
    'https:example.com',
    'https://exa mple.com/',
  ])('is null for %j', (link) => {
    expect(normalizeLink(link)).toBeNull();
  });

  it('is null over 8,192 bytes', () => {
    const room = 'https://example.com/'.length;

    expect(linkOf(`https://example.com/${'a'.repeat(8_192 - room)}`)).toHaveLength(8_192 - 8);
    expect(normalizeLink(`https://example.com/${'a'.repeat(8_193 - room)}`)).toBeNull();
    expect(normalizeLink(`https://example.com/${'é'.repeat(4_100)}`)).toBeNull();
  });
});

const sign = fc.string({ unit: fc.constantFrom(...'abzAZ09-._~é日ñ/&=+% ?#;'), minLength: 1, maxLength: 8 });
const notDots = sign.filter((one) => !/^\.+$/.test(one));

const everyOctet = (one: string) =>
  [...Buffer.from(one)].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
const spelling = fc.constantFrom(
  encodeURIComponent,
  everyOctet,
  (one: string) => encodeURIComponent(one).replace(/%../g, (octet) => octet.toLowerCase()),
  (one: string) => encodeURIComponent(one).replace(/(?:%[89A-F].)+/g, decodeURIComponent),
  (one: string) => encodeURIComponent(one.normalize('NFD')),
);

/** A page and one spelling of its link. */
const spelled = fc
  .record({
    host: fc.constantFrom('example.com', 'shop.example.org', 'münchen.example'),
    path: fc.array(notDots, { maxLength: 4 }),
    query: fc.array(fc.tuple(sign, sign), { maxLength: 4 }),
  })
  .chain(({ host, path, query }) =>
    fc.record({
      page: fc.constant(JSON.stringify([host, path, query.toSorted()])),
      plain: fc.constant(
        `https://${host}/${path.map(encodeURIComponent).join('/')}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`,
      ),
      link: fc
        .record({
          scheme: fc.constantFrom('http://', 'HTTPS://', 'https://desk@'),
          name: fc.constantFrom(host, host.toUpperCase(), `www.${host}`, `${host}.`),
          dots: fc.constantFrom('', './', '%2E/', 'x/../', 'x/y/%2e./../'),
          segments: fc.tuple(...path.map((one) => spelling.map((spell) => spell(one)))),
          tail: fc.constantFrom('', '/', '//', '/index.html', '/index.php/'),
          pairs: fc
            .tuple(
              ...query.map(([name, value]) =>
                fc
                  .tuple(spelling, spelling)
                  .map(([one, other]) => `${one(name)}=${other(value).replaceAll('%20', '+')}`),
              ),
            )
            .chain((pairs) =>
              fc.shuffledSubarray([...pairs, 'utm_source=rss'], { minLength: pairs.length + 1 }),
            ),
          fragment: fc.constantFrom('', '#', '#top'),
        })
        .map(
          ({ scheme, name, dots, segments, tail, pairs, fragment }) =>
            `${scheme}${name}/${dots}${segments.join('/')}${tail}?${pairs.join('&')}${fragment}`,
        ),
    }),
  );

describe('a page', () => {
  it('has one link, however it is spelled', () => {
    fc.assert(
      fc.property(spelled, ({ plain, link }) => {
        expect(normalizeLink(link)).toEqual(normalizeLink(plain));
      }),
    );
  });

  it('has a different link from every other page', () => {
    fc.assert(
      fc.property(spelled, spelled, (one, other) => {
        fc.pre(one.page !== other.page);

        expect(linkOf(one.link)).not.toBe(linkOf(other.link));
      }),
    );
  });

  it('has a normalized link that is stable', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          spelled.map(({ link }) => link),
          anyLink,
        ),
        (link) => {
          const once = normalizeLink(link);

          expect(normalizeLink(`https://${once?.link}`)).toEqual(once);
        },
      ),
    );
  });
});

describe('work over a link', () => {
  it.each([
    ['slashes', (n: number) => '/'.repeat(n)],
    ['inner slashes', (n: number) => `${'/'.repeat(n)}a`],
    ['index files', (n: number) => '/index.html'.repeat(n / 11)],
    ['dots in its host', (n: number) => `x${'.'.repeat(n)}`],
  ])('grows linearly: %s', (_, tail) => {
    const steps = (n: number) => {
      const looks = vi.spyOn(String.prototype, 'endsWith');
      normalizeLink(`https://example.com/a${tail(n)}`);
      const count = looks.mock.calls.length;
      looks.mockRestore();
      return count;
    };

    expect(steps(8_000)).toBeLessThanOrEqual(2.5 * steps(4_000));
  });
});
