import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { identifyFeed } from '../../lib/adapters/feeds/parse/identify-feed.ts';
import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { Entry } from '../../lib/core/entries/entry.ts';
import type { IdentifiedFeed, ReadBefore } from '../../lib/core/entries/identity/identified-entry.ts';
import { AppError } from '../../lib/core/errors.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/feeds');
const SEEDS = readdirSync(FIXTURES)
  .filter((name) => extname(name) !== '.json')
  .map((name) => readFileSync(join(FIXTURES, name), 'latin1'));

const TOKENS = [
  ...['<', '>', '&', '"', "'", '/', '=', '[', ']', '{', '}', ',', ':', '\0', '\xff', '\x1b', '\xef\xbb\xbf'],
  ...['<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', '<!DOCTYPE', '<item>', '</item>', '<entry>', '</entry>'],
  ...[
    '</channel>',
    '</rss>',
    '<title>',
    '</title>',
    '<b>',
    '</b>',
    '<br/>',
    '&#0;',
    '&#xFFFFFFF;',
    '&lt;',
    '&a;',
  ],
  ...[' xmlns="', ' xmlns:media="', ' xml:base="', ' type="xhtml"', ' mode="base64"', 'encoding="utf-16"'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '<__proto__>',
    '<constructor x="1">',
    'href="http://["',
    '9'.repeat(40),
  ],
];

type Mutation = { at: number; length: number; put: string; copyFrom: number; times: number };

/** Repetitions are limited to this size, because larger documents exceed the time of these tests. */
const MAX_REPEATED = 600_000;

const mutate = (text: string, { at, length, put, copyFrom, times }: Mutation): string => {
  const start = Math.floor(at * text.length);
  const copied = copyFrom < 0 ? '' : text.slice(Math.floor(copyFrom * text.length)).slice(0, length);
  const inserted = put + copied;
  const repeated = inserted.repeat(Math.min(times, Math.ceil(MAX_REPEATED / (inserted.length || 1))));
  return text.slice(0, start) + repeated + text.slice(start + length);
};

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

const mutation = fc.record({
  at: fraction,
  length: fc.oneof({ weight: 3, arbitrary: fc.nat(12) }, fc.nat(400), fc.constant(0)),
  put: fc.oneof(fc.constantFrom(...TOKENS), fc.constant(''), fc.string({ maxLength: 8 })),
  copyFrom: fc.oneof(fc.constant(-1), fraction),
  times: fc.oneof({ weight: 300, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 200_000 })),
});

/** Our own documents, broken in one to eight places. */
export const brokenFeed: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { minLength: 1, maxLength: 8 }))
  .map(([seed, mutations]) => Buffer.from(mutations.reduce(mutate, seed), 'latin1'));

export const contentType: fc.Arbitrary<string | null> = fc.constantFrom(
  null,
  'application/rss+xml',
  'text/xml; charset=utf-16',
  'text/html; charset=big5',
  'application/json; charset=nonsense',
);

/** Several entries of different kinds side by side, as most feeds have them, and as seeds of our own. */
const LISTS = ['item', 'entry'].flatMap((name) => {
  const entries = SEEDS.flatMap((seed) => seed.match(new RegExp(`<${name}[ >][^]*?</${name}>`, 'g')) ?? []);
  const [open, close] =
    name === 'item'
      ? ['<rss version="2.0"><channel><title>List</title>', '</channel></rss>']
      : ['<feed xmlns="http://www.w3.org/2005/Atom"><title>List</title>', '</feed>'];
  return [0, 1, 2].map((part) => {
    const some = entries.filter((_, i) => i % 3 === part).map((one, i) => one.replace('</', `${i}</`));
    return `${open}\n${some.join('\n')}\n${close}`;
  });
});

const mutations = (constraints: { minLength: number; maxLength: number }) => fc.array(mutation, constraints);

/** A document and its next version: one of our own, broken, then edited in one to four places. */
export const twoVersions: fc.Arbitrary<[Uint8Array, Uint8Array]> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...SEEDS), { weight: 3, arbitrary: fc.constantFrom(...LISTS) }),
    mutations({ minLength: 0, maxLength: 4 }),
    mutations({ minLength: 1, maxLength: 4 }),
  )
  .map(([seed, broken, edits]) => {
    const first = broken.reduce(mutate, seed);
    return [Buffer.from(first, 'latin1'), Buffer.from(edits.reduce(mutate, first), 'latin1')];
  });

const identifiedOrRefused = async (
  bytes: Uint8Array,
  contentType: string | null,
  before: ReadBefore | null,
) => {
  try {
    return await identifyFeed({ bytes, contentType, url: 'https://publisher.example/feed' }, before);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
};

type Outcome = Awaited<ReturnType<typeof identifiedOrRefused>>;

const rawOf = (one: IdentifiedFeed['entries'][number]) => ('unread' in one ? null : one.raw);

const withRecalled = (feed: IdentifiedFeed, known: ReadonlyMap<string, unknown>) => ({
  ...feed,
  entries: feed.entries.map((one) => ('unread' in one ? known.get(one.unread) : one)),
});

/**
 * Reads a document, then its next version as a whole and without the entries that are known from the first: both
 * outcomes, with the known entries in place of those that were not read, and how many these were.
 */
export const readTwice = async (
  [first, second]: readonly [Uint8Array, Uint8Array],
  type: string | null,
): Promise<{ whole: Outcome; inPart: unknown; unread: number }> => {
  const before = await identifiedOrRefused(first, type, null);
  const whole = await identifiedOrRefused(second, type, null);
  if (typeof before === 'string' || before.readAs === null) return { whole, inPart: whole, unread: 0 };
  const known = new Map(before.entries.map((one) => [rawOf(one)?.hash ?? '', one]));
  known.delete('');
  const inPart = await identifiedOrRefused(second, type, {
    readAs: before.readAs,
    rawHashes: new Set(known.keys()),
  });
  if (typeof inPart === 'string') return { whole, inPart, unread: 0 };
  const unread = inPart.entries.filter((one) => 'unread' in one).length;
  return { whole, inPart: withRecalled(inPart, known), unread };
};

const LIMIT_MS = 2_000;

/** Any bytes quickly become a feed of valid entries or an AppError of `feed.*`. */
export const isReadOrRefused = async (bytes: Uint8Array, type: string | null): Promise<boolean> => {
  const start = process.cpuUsage().user;
  try {
    const feed = await readFeed({ bytes, contentType: type, url: 'https://publisher.example/feed' });
    for (const entry of feed.entries) v.parse(Entry, entry);
    JSON.stringify(feed);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('feed.')) throw error;
  }
  return (process.cpuUsage().user - start) / 1000 < LIMIT_MS && !('polluted' in {});
};
