import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOfStory, storyBytes } from '../../../../lib/core/entries/identity/ledger-keys.ts';
import { rulesVersion } from '../../../../lib/core/entries/identity/rules-version.ts';
import {
  allKnown,
  type FactMemory,
  forgetStories,
  nothingKnown,
  readMemory,
  remember,
  writeMemory,
} from '../../../../lib/core/entries/memory/fact-memory.ts';
import type { KnownFacts } from '../../../../lib/core/entries/memory/known-entries.ts';
import { knownOf } from '../../../support/candidates.ts';
import { story } from '../../../support/entries.ts';

const minute = 60_000;
const today = 20_000;

const hash = fc.option(
  fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .filter((text) => /[^0]/.test(text)),
);
const storyKey = fc
  .uint8Array({ minLength: storyBytes, maxLength: storyBytes })
  .map((bytes) => keyOfStory(Buffer.from(bytes)));
const anyKnown: fc.Arbitrary<KnownFacts> = fc.record({
  facts: fc.record({
    guid: hash,
    link: hash,
    page: hash,
    title: hash,
    text: hash,
    shortText: fc.boolean(),
    date: fc.option(fc.integer({ min: -0x7fffffff, max: 0x7fffffff }).map((minutes) => minutes * minute)),
    dayOnly: fc.boolean(),
    query: fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 8 }),
    content: fc.nat({ max: 0xffffffff }),
  }),
  story: storyKey,
  lastSeen: fc.nat({ max: 0xffff }),
  reissued: fc.boolean(),
  raw: fc.option(
    fc.record({
      hash: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      dayOnly: fc.boolean(),
      guidIsAddress: fc.boolean(),
    }),
  ),
});
const anyMemory: fc.Arbitrary<FactMemory> = fc.record({
  window: fc.array(anyKnown, { maxLength: 8 }),
  earlier: fc.array(anyKnown, { maxLength: 8 }),
  readAs: hash,
});

describe("the memory stored with a feed's row", () => {
  it('is equal after being written and read', () => {
    fc.assert(
      fc.property(anyMemory, (memory) => {
        expect(readMemory(writeMemory(memory))).toEqual(memory);
      }),
    );
  });

  it('is read from a slice in a larger buffer, as database clients return', () => {
    fc.assert(
      fc.property(anyMemory, fc.nat({ max: 9 }), (memory, offset) => {
        const bytes = writeMemory(memory);
        const larger = new Uint8Array(bytes.length + offset);
        larger.set(bytes, offset);

        expect(readMemory(larger.subarray(offset))).toEqual(memory);
      }),
    );
  });

  it('takes 11 bytes, 3 without raw texts, plus 72 per entry, 4 per query parameter and 9 per raw text', () => {
    fc.assert(
      fc.property(anyMemory, (memory) => {
        const all = allKnown(memory);
        const parameters = all.reduce((sum, { facts }) => sum + facts.query.length, 0);
        const rawHashes = all.filter(({ raw }) => raw !== null).length;

        expect(writeMemory(memory)).toHaveLength(
          (memory.readAs === null ? 3 : 11) + 72 * all.length + 4 * parameters + 9 * rawHashes,
        );
      }),
    );
  });

  it('is empty when missing or written with other rules', () => {
    const bytes = writeMemory({ ...nothingKnown, window: knownOf([story(1)], today) });
    bytes[0] = rulesVersion + 1;

    expect(readMemory(bytes)).toEqual(nothingKnown);
    expect(readMemory(null)).toEqual(nothingKnown);
  });

  it('loses all facts when a story is forgotten', () => {
    const [one, two, three] = knownOf([story(1), story(2), story(3)], today) as [
      KnownFacts,
      KnownFacts,
      KnownFacts,
    ];

    const memory = { window: [one, two], earlier: [three, one], readAs: null };

    expect(forgetStories(memory, new Set([one.story]))).toEqual({
      window: [two],
      earlier: [three],
      readAs: null,
    });
  });
});

/** The facts of stories as seen on a day. */
const seen = (numbers: number[], day = today) =>
  knownOf(
    numbers.map((n) => story(n)),
    day,
  );
const numbersOf = (known: readonly KnownFacts[]) => {
  const names = new Map(seen(Array.from({ length: 60 }, (_, n) => n)).map(({ story: key }, n) => [key, n]));
  return known.map(({ story: key }) => names.get(key));
};
const whole = (day = today) => ({ today: day, complete: true, readAs: null });

describe('the memory after a document', () => {
  const before: FactMemory = { ...nothingKnown, window: seen([3, 2, 1]) };
  /** Unchanged entries keep the same facts object. */
  const again = (memory: FactMemory, ...numbers: number[]) =>
    numbers.map(
      (n) =>
        memory.window.find(({ story: key }) => key === seen([n])[0]?.story) ?? (seen([n])[0] as KnownFacts),
    );

  it("has the document's window, and the entries that left it, last seen today", () => {
    const after = remember(before, again(before, 4, 3, 2), whole(today + 90));

    expect(numbersOf(after.window)).toEqual([4, 3, 2]);
    expect(numbersOf(after.earlier)).toEqual([1]);
    expect(after.earlier[0]?.lastSeen).toBe(today + 90);
  });

  it.each([
    ['empty', [], true],
    ['empty and truncated', [], false],
    ['truncated', [4, 3], false],
  ])('keeps the whole window when the document is %s', (_, shown: number[], complete) => {
    const after = remember(before, again(before, ...shown), { ...whole(today + 90), complete });

    expect(numbersOf(after.window).toSorted()).toEqual([...new Set([...shown, 1, 2, 3])].toSorted());
    expect(after.earlier).toEqual([]);
  });

  it('keeps the last-seen day of entries missing from a truncated document', () => {
    const after = remember(before, again(before, 4, 3), { ...whole(today + 90), complete: false });

    expect(after.window.find(({ story: key }) => key === seen([1])[0]?.story)?.lastSeen).toBe(today);
  });

  it('keeps few facts of each entry when every document is truncated and shows other texts', () => {
    let memory = before;
    for (let poll = 0; poll < 50; poll += 1) {
      const shown = [1, 2, 3].map((n) => story(n, { title: `Story ${n}, ${poll} readers` }));
      memory = remember(memory, knownOf(shown, today), { ...whole(today), complete: false });
    }

    expect(memory.window.length).toBeLessThanOrEqual(9);
  });

  it('keeps the former facts of an edited entry', () => {
    const [edited] = knownOf([story(3, { title: 'Edited' })], today) as [KnownFacts];
    const after = remember(before, [edited, ...again(before, 2, 1)], whole());

    expect(after.window[0]?.facts).toBe(edited.facts);
    expect(numbersOf(after.earlier)).toEqual([3]);
  });

  it.each([
    ['keeps the raw texts of entries that left it', 'aa'.repeat(8), true],
    ['forgets raw texts that were read otherwise', 'bb'.repeat(8), false],
  ])('%s', (_, readAs, isKept) => {
    const raw = { hash: '01'.repeat(8), dayOnly: false, guidIsAddress: false };
    const window = seen([2, 1]).map((one) => ({ ...one, raw }));
    const memory = { window, earlier: [], readAs: 'aa'.repeat(8) };
    const after = remember(memory, again(memory, 2), { ...whole(), readAs });

    expect(after.earlier.map((one) => one.raw)).toEqual([isKept ? raw : null]);
  });

  it('has the raw texts of 1,000 entries at most', () => {
    const raw = { hash: '01'.repeat(8), dayOnly: false, guidIsAddress: false };
    const all = seen(Array.from({ length: 1_100 }, (_, n) => n)).map((one) => ({ ...one, raw }));
    const { window } = readMemory(writeMemory({ ...nothingKnown, window: all }));

    expect(window).toHaveLength(1_100);
    expect(window.filter((one) => one.raw !== null)).toHaveLength(1_000);
  });

  it.each([
    [6, true],
    [7, false],
  ])('keeps entries last seen %i days ago: %j', (days, isKept) => {
    const memory = { window: seen([2]), earlier: seen([1], today), readAs: null };
    const after = remember(memory, again(memory, 2), whole(today + days));

    expect(numbersOf(after.earlier)).toEqual(isKept ? [1] : []);
  });

  it('keeps at most 1,000 entries, the latest ones, and the whole window', () => {
    const many = (from: number, count: number) => seen(Array.from({ length: count }, (_, i) => from + i));
    const memory = { window: many(0, 900), earlier: many(1_000, 300), readAs: null };
    const kept = remember(memory, memory.window, whole());
    const large = { window: many(0, 1_200), earlier: many(2_000, 5), readAs: null };
    const overfull = remember(large, many(0, 1_200), whole());

    expect(kept.window).toHaveLength(900);
    expect(kept.earlier).toEqual(memory.earlier.slice(-100));
    expect(overfull.window).toHaveLength(1_200);
    expect(overfull.earlier).toEqual([]);
  });

  it('keeps at most three former sets of facts per story, the latest ones', () => {
    let memory = nothingKnown;
    const edition = (n: number) =>
      knownOf([story(1, { link: `https://www.example.com/1?session=${n}` })], today);
    for (let n = 0; n < 10; n++) memory = remember(memory, edition(n), whole());

    expect(allKnown(memory).map(({ facts }) => facts.query)).toEqual(
      [6, 7, 8, 9].map((n) => edition(n)[0]?.facts.query),
    );
  });

  it('contains what was seen today, and no entry twice, for any documents', () => {
    const document = fc.record({
      shown: fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 6 }),
      complete: fc.boolean(),
      days: fc.nat({ max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(document, { maxLength: 20 }), (documents) => {
        let memory = nothingKnown;
        let day = today;
        for (const { shown, complete, days } of documents) {
          day += days;
          const before = new Map(allKnown(memory).map((one) => [one.story, one.facts]));
          const facts = seen(shown, day).map((one) => ({
            ...one,
            facts: before.get(one.story) ?? one.facts,
          }));
          memory = remember(memory, facts, { ...whole(day), complete });

          const inWindow = numbersOf(memory.window);
          expect(inWindow).toEqual(expect.arrayContaining(shown));
          if (complete && shown.length > 0) expect(inWindow).toEqual(shown);
          expect(new Set(numbersOf(allKnown(memory))).size).toBe(allKnown(memory).length);
          for (const { lastSeen } of memory.earlier) expect(lastSeen).toBeGreaterThan(day - 7);
        }
      }),
    );
  });
});

describe("the size of a feed's memory", () => {
  const live = (days: number, windowOf: (day: number) => KnownFacts[]): number => {
    let memory = nothingKnown;
    let most = 0;
    for (let day = 0; day < days; day++) {
      memory = remember(memory, windowOf(day), whole(today + day));
      most = Math.max(most, writeMemory(memory).length);
    }
    return most;
  };

  it('is at most 2.5 kB for a window of 20 with one new entry a day', () => {
    const all = seen(Array.from({ length: 60 }, (_, n) => n));

    expect(
      live(30, (day) => all.slice(day, day + 20).map((one) => ({ ...one, lastSeen: today + day }))),
    ).toBeLessThan(2_500);
  });

  it('is at most 81 kB for 1,000 entries with two query parameters each', () => {
    const all = knownOf(
      Array.from({ length: 1_000 }, (_, n) => story(n, { link: `https://www.example.com/?p=${n}&lang=en` })),
      today,
    );

    expect(writeMemory({ ...nothingKnown, window: all }).length).toBeLessThan(81_000);
  });
});
