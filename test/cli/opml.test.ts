import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOpml, writeOpml } from '../../cli/opml.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';

describe('readOpml', () => {
  it('reads nested outlines in order, each address once', () => {
    const text = `<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
      <outline text="News"><outline type="rss" text="A &amp; B" xmlUrl="https://www.example.com/a?x=1&amp;y=2"/>
        <outline text="Deeper"><outline text="C" title="The C" xmlurl=" https://www.example.com/c "/></outline></outline>
      <outline type="rss" text="again" xmlUrl="https://www.example.com/c"/>
      <outline text="a link only" url="https://www.example.com/d"/></body></opml>`;

    expect(readOpml(text)).toEqual([
      { url: 'https://www.example.com/a?x=1&y=2', title: 'A & B' },
      { url: 'https://www.example.com/c', title: 'The C' },
    ]);
  });

  it('reads as far as possible when the document is cut off', () => {
    expect(readOpml('<opml><body><outline xmlUrl="https://a.example/"/><outline xmlUrl="htt')).toEqual([
      { url: 'https://a.example/', title: null },
    ]);
  });

  it.each(['', 'feeds:', '<rss><channel/></rss>', '{"opml": 1}'])('returns null for %j', (text) => {
    expect(readOpml(text)).toBeNull();
  });

  it('reads back what writeOpml wrote, with any characters', () => {
    const id = fc
      .string({ unit: 'binary', minLength: 1 })
      .map((text) => `x${text.replaceAll(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')}x`);

    fc.assert(
      fc.property(fc.uniqueArray(fc.webUrl({ withQueryParameters: true })), id, (urls, name) => {
        const read = readOpml(
          writeOpml(
            name,
            urls.map((url) => ({ id: name, url })),
          ),
        );

        expect(read).toEqual(urls.map((url) => ({ url, title: name })));
      }),
    );
  });
});

describe('export feeds', () => {
  const cli = cliOver(fakeTarget());
  const file = new URL('../fixtures/cli/two-feeds.yml', import.meta.url).pathname;

  it('prints the feeds of feeds.yml', async () => {
    const { code, out } = await cli(`export feeds --config ${file}`);

    expect(code).toBe(0);
    expect(readOpml(out)).toEqual([
      { url: 'https://www.example.com/feed.xml?a=1&b=2', title: 'newsroom' },
      { url: 'https://www.example.com/journal', title: 'journal' },
    ]);
  });

  it('prints the running feeds when feeds.yml has none', async () => {
    const { out } = await cli('export feeds');

    expect(readOpml(out)).toMatchObject([{ title: 'newsroom' }]);
  });

  it('prints JSON with the brands', async () => {
    const { out } = await cli(`export feeds --config ${file} --json`);

    expect(JSON.parse(out)).toMatchObject({
      feeds: [
        { id: 'newsroom', brandId: 144 },
        { id: 'journal', brandId: 7 },
      ],
      opml: expect.stringContaining('<opml version="2.0">'),
    });
  });

  it('reports an unreadable file, and shows help without a list name', async () => {
    expect(await cli('export feeds --config none.yml')).toMatchObject({
      code: 3,
      err: expect.stringContaining(
        'none.yml does not exist. Create it with npm run -s cli -- init --config none.yml',
      ),
    });
    expect(await cli('export')).toMatchObject({ code: 2, err: expect.stringContaining('export feeds') });
    expect((await cli('export feeds --help')).out).toContain('Examples:');
  });
});
