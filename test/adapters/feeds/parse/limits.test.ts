import { describe, expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';
import { parseFeed } from '../../../../lib/adapters/feeds/parse-feed.ts';
import { taskRunner } from '../../../../lib/adapters/feeds/worker/run-task.ts';
import { hostileDocument } from '../../../support/hostile-documents.ts';

const document = (text: string) => ({ bytes: Buffer.from(text), contentType: null, url: '' });
const rss = (inside: string) => document(`<rss version="2.0"><channel>${inside}</channel></rss>`);
const described = (description: string) =>
  rss(`<item><title>T</title><description>${description}</description></item>`);

/**
 * Linear work over two megabytes takes a second, quadratic work half an hour, so a busy machine cannot blur
 * the two.
 */
const size = 2_000_000;
const patiently = taskRunner({ deadlineMs: 45_000, maxHeapMb: 384 });

describe('two megabytes are parsed or refused before a deadline that quadratic work would miss', () => {
  const floods: [string, (size: number) => ReturnType<typeof document>][] = [
    ['&lt; (quadratic in the underlying parser)', (size) => described('&lt;'.repeat(size / 4))],
    ['< that does not start a tag', (size) => described('<'.repeat(size))],
    ['& that does not start an entity', (size) => described('&'.repeat(size))],
    ['unclosed elements', (size) => rss(`<item>${'<d>'.repeat(size / 3)}</item>`)],
    ['unclosed markup', (size) => described('<d>'.repeat(size / 6) + '</e>'.repeat(size / 8))],
    [
      'markup closed out of order',
      (size) => described('&lt;a>'.repeat(size / 12) + '&lt;/b>'.repeat(size / 14)),
    ],
    ['unclosed comments', (size) => described('<!-- '.repeat(size / 5))],
    ['CDATA ends', (size) => described(']]>'.repeat(size / 3))],
    ['white space', (size) => described(`x${' \n'.repeat(size / 2)}x`)],
    ['line breaks', (size) => described('&lt;br>x'.repeat(size / 8))],
    ['unclosed entries', (size) => rss('<item><title>a'.repeat(size / 14))],
    ['categories', (size) => rss(`<item>${'<category>a</category>'.repeat(size / 22)}</item>`)],
    ['@ in an author', (size) => rss(`<item><author>${'@'.repeat(size)}</author></item>`)],
    ['quoted words', (size) => described('„a '.repeat(size / 5))],
  ];

  // Their steps are native, so linear.steps.test.ts cannot count them.
  for (const name of [
    'a namespace for each element',
    'a long base for many elements',
    'a title of combining marks',
  ])
    floods.push([name, (size) => ({ ...document(''), bytes: Buffer.from(hostileDocument(name, size)) })]);

  test.each(floods)('%s', async (_, flood) => {
    const outcome = await patiently('read', flood(size)).catch(({ code }) => code);

    expect(outcome).not.toBe('feed.too-slow');
  });
});

test('nested entity declarations are not expanded recursively', async () => {
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    '',
  );

  const feed = await readFeed(
    document(
      `<!DOCTYPE rss [<!ENTITY l0 "ha">${laughs}]><rss><channel><item><title>&l9;</title></item></channel></rss>`,
    ),
  );

  expect(feed.entries[0]?.title).toHaveLength(40);
});

describe('expansion of a small document is bounded', () => {
  const declaring = (inside: string) =>
    document(
      `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(100)}">]><rss><channel><item>${inside}</item></channel></rss>`,
    );

  test.each([
    ['in a text', `<title>T</title><description>${'&a;'.repeat(10_001)}</description>`],
    ['in many texts', `<title>T</title>${`<description>${'&a;'.repeat(101)}</description>`.repeat(100)}`],
    ['in an attribute', `<title>T</title><enclosure url="${'&a;'.repeat(10_001)}"/>`],
  ])('a declared entity that expands to over a megabyte refuses the document: %s', async (_, inside) => {
    await expect(readFeed(declaring(inside))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'feed.too-large',
    });
  });

  test('a declared entity expands as often as real documents need', async () => {
    const { entries } = await readFeed(
      declaring(`<title>T</title><description>${'&a;'.repeat(500)}</description>`),
    );

    expect(entries[0]?.content).toBe('x'.repeat(50_000));
  });

  test('a text is limited to 100,000 characters without splitting one', async () => {
    const { entries } = await readFeed(described(`x${'\u{1f600}'.repeat(60_000)}`));

    expect(entries[0]?.content).toBe(`x${'\u{1f600}'.repeat(49_999)}`);
  });

  test('a text is read past an inlined picture', async () => {
    const { entries } = await readFeed(
      described(`&lt;img src="data:image/png;base64,${'A'.repeat(500_000)}">Words&lt;/p>`),
    );

    expect(entries[0]?.content).toBe('Words');
  });

  test('an ID is kept whole or dropped', async () => {
    const idOf = async (length: number) => {
      const { entries } = await readFeed(
        rss(`<item><title>T</title><guid>${'g'.repeat(length)}</guid></item>`),
      );
      return entries[0]?.id?.length ?? null;
    };

    expect([await idOf(900_000), await idOf(1_100_000)]).toEqual([900_000, null]);
  });

  test('an entry has at most 200 categories, pictures and files', async () => {
    const inside = (at: number) =>
      `<category>c${at}</category><enclosure url="https://e.example/${at}.jpg" type="image/jpeg"/>`;
    const { entries } = await readFeed(
      rss(`<item>${Array.from({ length: 300 }, (_, at) => inside(at)).join('')}</item>`),
    );

    const [{ categories, images, enclosures } = { categories: [], images: [], enclosures: [] }] = entries;
    expect([categories, images, enclosures].map(({ length }) => length)).toEqual([200, 200, 200]);
  });
});

test("an unexpected parsing error is reported as the document's failure, with its cause", async () => {
  const unreadable = {
    contentType: null,
    url: '',
    get bytes(): Uint8Array {
      throw new RangeError('Invalid string length');
    },
  };

  await expect(readFeed(unreadable)).rejects.toMatchObject({
    kind: 'permanent',
    code: 'feed.unreadable',
    message: 'Reading the document failed: RangeError: Invalid string length.',
    cause: expect.any(RangeError),
  });
});

test('elements nested too deeply are skipped, and parsing continues after them', async () => {
  const deep = `${'<x>'.repeat(5000)}<title>inside</title>${'</x>'.repeat(5000)}`;

  const feed = await readFeed(
    rss(`<item>${deep}<title>outside</title></item><item><title>next</title></item>`),
  );

  expect(feed.entries.map(({ title }) => title)).toEqual(['outside', 'next']);
});

describe('only the newest 5,000 entries are kept', () => {
  const entry = (year: number, name: string) =>
    `<item><title>${name}</title><pubDate>${year}-01-01</pubDate></item>`;
  const filler = (count: number) => entry(2015, 'middle').repeat(count);

  test('when listed newest first', async () => {
    const feed = await readFeed(rss(entry(2020, 'new') + filler(20_000) + entry(2010, 'old')));

    expect([feed.entries.length, feed.entries[0]?.title]).toEqual([5000, 'new']);
  });

  test('when listed oldest first', async () => {
    const feed = await readFeed(rss(entry(2010, 'old') + filler(20_000) + entry(2020, 'new')));

    expect([feed.entries.length, feed.entries.at(-1)?.title]).toEqual([5000, 'new']);
  });

  test('in JSON Feeds as well', async () => {
    const items = Array.from({ length: 6000 }, (_, i) => ({
      id: `${i}`,
      date_published: `20${i < 3000 ? 10 : 20}-01-01`,
    }));

    const feed = await readFeed(
      document(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'x', items })),
    );

    expect([feed.entries.length, feed.entries.at(-1)?.id]).toEqual([5000, '5999']);
  });
});

test('a document over ten megabytes is refused', async () => {
  const read = parseFeed({ bytes: new Uint8Array(10 * 1024 * 1024 + 1), contentType: null, url: '' });

  await expect(read).rejects.toMatchObject({ kind: 'permanent', code: 'feed.too-large' });
});
