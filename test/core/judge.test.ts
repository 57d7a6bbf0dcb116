import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config.ts';
import { readDigest, writeDigest } from '../../lib/core/digest.ts';
import type { Entry } from '../../lib/core/entry.ts';
import type { FeedRow } from '../../lib/core/feed-row.ts';
import { readDocument } from '../../lib/core/identity.ts';
import { judge, newestOf, oldestFirst } from '../../lib/core/judge.ts';
import { feedOf, story } from '../support/entries.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
const dated = (n: number) => story(n, { published: day(n) });
const sightingsOf = (entries: Entry[]) =>
  readDocument(entries, { feed: 'newsroom', brand: 144, dedupe: 'brand', paired: false }).sightings;

const rowAfter = (entries: Entry[], changes: Partial<FeedRow> = {}): FeedRow => ({
  id: 'newsroom',
  rev: 1,
  url: feedOf().url,
  validators: { etag: null, lastModified: null },
  bodyHash: null,
  digest: writeDigest(sightingsOf(entries)),
  newest: newestOf(sightingsOf(entries), null, Date.UTC(2027, 0, 1)),
  counts: null,
  changedAt: null,
  trouble: null,
  ...changes,
});

const judged = (entries: Entry[], row: FeedRow | null, feed: Partial<FeedConfig> = {}) => {
  const window = judge(sightingsOf(entries), row, feedOf(feed));
  return {
    ...window,
    codes: window.judgements.map(({ sighting, unchanged, verdict }) => [
      sighting.entry.title,
      unchanged ? 'unchanged' : verdict.code,
    ]),
  };
};

describe('a digest', () => {
  it('knows the keys of every sighting it was made from, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(10_000), { maxLength: 30 }), fc.nat(10_000), (numbers, other) => {
        const digest = readDigest(writeDigest(sightingsOf(numbers.map((n) => story(n)))));

        expect(digest?.size).toBe(numbers.length);
        for (const { keys } of sightingsOf(numbers.map((n) => story(n))))
          expect(keys.every((key) => digest?.knows(key))).toBe(true);
        const [stranger] = sightingsOf([story(other)]);
        expect(stranger?.keys.some((key) => digest?.knows(key))).toBe(numbers.includes(other));
      }),
      { numRuns: 50 },
    );
  });

  it('takes 24 bytes an entry and one more', () => {
    expect(writeDigest(sightingsOf([story(1), story(2)]))).toHaveLength(49);
  });

  it('is none when it was written in a form that this release cannot read', () => {
    expect(readDigest(new Uint8Array([9, 1, 2, 3]))).toBeNull();
  });
});

describe('a first poll', () => {
  it('baselines everything that is there', () => {
    expect(judged([dated(2), dated(1)], null).codes).toEqual([
      ['Story 1', 'entry.was-there'],
      ['Story 2', 'entry.was-there'],
    ]);
  });

  it('queues the backfill newest by date, wherever they stand', () => {
    const { codes } = judged([dated(1), dated(3), dated(2)], null, { backfill: 2 });

    expect(codes).toEqual([
      ['Story 1', 'entry.was-there'],
      ['Story 2', 'entry.backfilled'],
      ['Story 3', 'entry.backfilled'],
    ]);
  });

  it('is one too when the address has changed and nothing overlaps', () => {
    const { first, codes } = judged(
      [dated(5)],
      rowAfter([dated(1)], { url: 'https://www.example.com/old.xml' }),
    );

    expect(first).toBe(true);
    expect(codes).toEqual([['Story 5', 'entry.was-there']]);
  });
});

describe('an ordinary poll', () => {
  it('knows what the last window held without asking the ledger, and queues the rest', () => {
    const { first, codes } = judged([dated(3), dated(2), dated(1)], rowAfter([dated(2), dated(1)]));

    expect(first).toBe(false);
    expect(codes).toEqual([
      ['Story 1', 'unchanged'],
      ['Story 2', 'unchanged'],
      ['Story 3', 'entry.new'],
    ]);
  });

  it('queues the first entry after an empty first poll', () => {
    expect(judged([dated(1)], rowAfter([])).codes).toEqual([['Story 1', 'entry.new']]);
  });

  it('never takes an entry with a corrected title for new, and lets the ledger learn its new page', () => {
    const { judgements } = judged([story(1, { title: 'Corrected' })], rowAfter([story(1)]));

    expect(judgements).toMatchObject([{ unchanged: false, fresh: false, verdict: { state: 'baselined' } }]);
  });

  it('is one when the address has changed but the windows overlap', () => {
    const { first, codes } = judged(
      [dated(2), dated(1)],
      rowAfter([dated(1)], { url: 'https://www.example.com/old.xml' }),
    );

    expect(first).toBe(false);
    expect(codes).toContainEqual(['Story 2', 'entry.new']);
  });

  it('fires for undated entries and after one from the future', () => {
    const row = rowAfter([story(1, { published: day(300) })], { newest: Date.parse(day(300)) });

    expect(judged([story(2), dated(3)], row).codes.map(([, code]) => code)).toEqual([
      'entry.new',
      'entry.new',
    ]);
  });

  it('takes an entry that is listed late and dated early', () => {
    expect(judged([dated(9), dated(1)], rowAfter([dated(9)])).codes).toContainEqual(['Story 1', 'entry.new']);
  });

  it('does not count the whole feed as new when the last seen entry is deleted upstream', () => {
    expect(
      judged([dated(1), dated(2)], rowAfter([dated(1), dated(2), dated(3)])).codes.map(([, code]) => code),
    ).toEqual(['unchanged', 'unchanged']);
  });

  it('sees a possible gap when nothing of the last window is left', () => {
    expect(judged([dated(8), dated(9)], rowAfter([dated(1)])).gap).toBe(true);
    expect(judged([dated(2), dated(1)], rowAfter([dated(1)])).gap).toBe(false);
    expect(judged([dated(1)], rowAfter([])).gap).toBe(false);
  });

  it('never calls an entry new that its last window held, and never known one it did not', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(numbers, numbers, (before, now) => {
        const { judgements } = judged(now.map(dated), rowAfter(before.map(dated)));

        for (const { sighting, verdict, unchanged } of judgements) {
          const held = before.some((n) => `Story ${n}` === sighting.entry.title);
          expect({ unchanged, isNew: verdict.state !== 'baselined' }).toEqual({
            unchanged: held,
            isNew: !held,
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a mass re-issue', () => {
  const window = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => dated(from + i));
  const reissue = (list: Entry[]) =>
    list.map((one) => ({ ...one, id: `new-${one.id}`, link: `${one.link}-new` }));
  const states = (entries: Entry[], row: FeedRow) => {
    const { judgements, reissued } = judged(entries, row);
    const held = judgements.filter(({ verdict }) => verdict.code === 'entry.mass-reissue').length;
    const queued = judgements.filter(({ verdict }) => verdict.state === 'queued').length;
    return { held, queued, reissued };
  };

  it.each([
    ['all seven with new ids and links', reissue(window(1, 7)), { held: 7, queued: 0, reissued: 7 }],
    [
      'six of seven, and one that is newer',
      [...reissue(window(1, 6)), dated(20)],
      { held: 6, queued: 1, reissued: 6 },
    ],
    ['four', reissue(window(1, 4)), { held: 0, queued: 4, reissued: 0 }],
    [
      'five among six known',
      [...reissue(window(1, 5)), ...window(1, 6)],
      { held: 0, queued: 5, reissued: 0 },
    ],
    [
      'five among five known, which is just half',
      [...reissue(window(1, 5)), ...window(1, 5)],
      { held: 0, queued: 5, reissued: 0 },
    ],
    [
      'five among four known',
      [...reissue(window(1, 5)), ...window(1, 4)],
      { held: 5, queued: 0, reissued: 5 },
    ],
    ['seven that are all newer', window(8, 14), { held: 0, queued: 7, reissued: 0 }],
    [
      'six undated in a feed that has dates',
      window(50, 55).map((one) => ({ ...one, published: null })),
      { held: 6, queued: 0, reissued: 6 },
    ],
  ] as [string, Entry[], object][])('%s', (_, entries, outcome) => {
    expect(states(entries, rowAfter(window(1, 7)))).toEqual(outcome);
  });

  it('of a feed without dates is one only where nothing known is left', () => {
    const undated = (from: number, to: number) =>
      window(from, to).map((one) => ({ ...one, published: null }));
    const row = rowAfter(undated(1, 7));

    expect(states([...undated(8, 14), ...undated(1, 2)], row)).toMatchObject({ held: 0, queued: 7 });
    expect(states(undated(8, 14), row)).toMatchObject({ held: 7, queued: 0 });
  });

  it('is none in a feed without history', () => {
    expect(states(window(1, 7), rowAfter([]))).toMatchObject({ held: 0, queued: 7 });
  });
});

it('goes oldest first: by date, or from the end of a document that has undated entries', () => {
  const titles = (entries: Entry[]) => oldestFirst(sightingsOf(entries)).map(({ entry }) => entry.title);

  expect(titles([dated(2), dated(3), dated(1)])).toEqual(['Story 1', 'Story 2', 'Story 3']);
  expect(titles([dated(2), story(3), dated(1)])).toEqual(['Story 1', 'Story 3', 'Story 2']);
});

it('counts a date in the future as now', () => {
  const now = Date.parse(day(10));

  expect(newestOf(sightingsOf([dated(20), dated(3)]), null, now)).toBe(now);
  expect(newestOf(sightingsOf([dated(3)]), Date.parse(day(5)), now)).toBe(Date.parse(day(5)));
  expect(newestOf(sightingsOf([story(1)]), null, now)).toBeNull();
});
