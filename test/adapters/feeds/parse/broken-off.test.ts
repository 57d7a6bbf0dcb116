import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';
import type { Feed } from '../../../../lib/core/entries/entry.ts';

const read = (text: string): Promise<Feed> =>
  readFeed({ bytes: Buffer.from(text), contentType: null, url: 'https://publisher.example/feed' });

const item = (id: number) => `<item><guid>${id}</guid><title>Story ${id}</title></item>`;

describe('a document reports whether it is complete and does not list a truncated entry', () => {
  test.each<[string, string, Pick<Feed, 'complete' | 'truncated'>]>([
    ['read to the end', `<rss><channel>${item(1)}</channel></rss>`, { complete: true, truncated: 0 }],
    [
      'only the root end tag missing',
      `<rss><channel>${item(1)}</channel>\n`,
      { complete: true, truncated: 0 },
    ],
    ['cut between two entries', `<rss><channel>${item(1)}\n`, { complete: false, truncated: 0 }],
    ['cut in an entry', `<rss><channel>${item(1)}<item><guid>2</guid>`, { complete: false, truncated: 1 }],
    [
      "cut in an entry's end tag",
      `<rss><channel>${item(1)}${item(2).slice(0, -1)}`,
      { complete: false, truncated: 1 },
    ],
    ["cut in an entry's start tag", `<rss><channel>${item(1)}<item`, { complete: false, truncated: 0 }],
    [
      'cut in CDATA',
      `<rss><channel>${item(1)}<item><description><![CDATA[Hal`,
      { complete: false, truncated: 1 },
    ],
    ['cut in a comment', `<rss><channel>${item(1)}<!-- </channel></rss>`, { complete: false, truncated: 0 }],
    [
      'an error printed into an entry',
      `<rss><channel>${item(1)}<item><title>Half<br />\n<b>Fatal error</b>: memory`,
      { complete: false, truncated: 1 },
    ],
    [
      'RDF with another prefix, cut between entries',
      `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel></channel>${item(1)}`,
      { complete: false, truncated: 0 },
    ],
    [
      'RDF cut after its channel',
      `<rdf:RDF><channel><title>T</title></channel>${item(1)}<item><title>Hal`,
      { complete: false, truncated: 1 },
    ],
    ['RDF cut between entries', `<rdf:RDF><channel></channel>${item(1)}`, { complete: false, truncated: 0 }],
    [
      'more after the channel',
      `<rss><channel><title>T</title></channel>${item(1)}<item>`,
      { complete: false, truncated: 1 },
    ],
    [
      'Atom cut in a text',
      `<feed><entry><id>1</id></entry><entry><content type="html">Half &lt;b>`,
      { complete: false, truncated: 1 },
    ],
  ])('%s', async (_, text, expected) => {
    const { entries, complete, truncated } = await read(text);

    expect({ entries: entries.length, complete, truncated }).toEqual({ entries: 1, ...expected });
  });

  test('the fields read from a truncated entry are returned separately, for display', async () => {
    const { entries, fragments } = await read(`<rss><channel>${item(1)}${item(2).slice(0, -7)}`);

    expect(entries.map(({ id }) => id)).toEqual(['1']);
    expect(fragments.map(({ id, title }) => [id, title])).toEqual([['2', 'Story 2']]);
  });
});

describe('a feed cut at any position lists only entries from the complete feed', () => {
  test.each(['rss-2.0.xml', 'rss-1.0.xml', 'atom-1.0.xml', 'podcast.xml'])('%s', async (name) => {
    const text = readFileSync(join(import.meta.dirname, '../../../fixtures/feeds', name), 'utf8');
    const whole = await read(text);

    for (let end = text.indexOf('>') + 1; end < text.length; end++) {
      const cut = await read(text.slice(0, end)).catch(() => null);
      if (cut === null) continue;
      // Channel fields may follow the entries and are then missing, so they are not compared.
      expect(cut.entries.map(({ id }) => id)).toEqual(
        whole.entries.slice(0, cut.entries.length).map(({ id }) => id),
      );
      expect(cut.entries.map(({ content, title }) => [content, title])).toEqual(
        whole.entries.slice(0, cut.entries.length).map(({ content, title }) => [content, title]),
      );
      if (cut.complete) expect(cut.entries).toEqual(whole.entries);
    }
  });
});
