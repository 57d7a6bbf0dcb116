import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { Entry } from '../../lib/core/entries/entry.ts';
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
