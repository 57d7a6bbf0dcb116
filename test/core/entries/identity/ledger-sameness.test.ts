import { describe, expect, it } from 'vitest';
import type { ComparableFacts } from '../../../../lib/core/entries/identity/agreement.ts';
import type { ConditionalKind } from '../../../../lib/core/entries/identity/ledger-keys.ts';
import { type FoundPointer, isSameStory } from '../../../../lib/core/entries/identity/ledger-sameness.ts';

const day = 86_400_000;
const minute = 60_000;
const noon = 20_000 * day + day / 2;

const one: ComparableFacts = { date: noon, dayOnly: false, text: 'aa', title: 'bb', query: [] };
const parameter = (name: number, value: number) => name * 0x10000 + value;

type Given = Partial<Omit<FoundPointer, 'claim'>> & {
  claim?: Partial<ComparableFacts>;
  facts?: Partial<ComparableFacts>;
};

const isSame = (kind: ConditionalKind, { claim, facts, ...met }: Given): boolean =>
  isSameStory(
    kind,
    { ...one, ...facts },
    { conditions: { ...one, ...claim }, seenBefore: false, isPresent: false, oldest: noon - 9 * day, ...met },
  );

const otherText = { text: 'cc' };
const dayLater = { date: noon + day };
const weekLater = { date: noon + 7 * day };
const nothing = { date: null, text: null };
const id1 = { query: [parameter(1, 1)] };
const id2 = { query: [parameter(1, 2)] };
const session = { query: [parameter(2, 1)] };

describe.each(['page-and-title', 'link-and-title'] as const)('a pointer by %s', (kind) => {
  it.each<[string, Given, boolean]>([
    ['first seen here, equal date', {}, true],
    ['first seen here, another text, a day later', { facts: { ...otherText, ...dayLater } }, true],
    ['first seen here, two days later', { facts: { date: noon + 2 * day } }, true],
    ['first seen here, more than two days later', { facts: { date: noon + 2 * day + minute } }, false],
    ['first seen here, more than two days earlier', { facts: { date: noon - 3 * day } }, false],
    ['first seen here, one of them undated', { facts: { date: null } }, true],
    ['seen before, equal date', { seenBefore: true }, true],
    ['seen before, a minute later', { seenBefore: true, facts: { date: noon + minute } }, false],
    [
      'seen before, the same day',
      { seenBefore: true, claim: { dayOnly: true }, facts: { date: noon + minute } },
      true,
    ],
    ['seen before, different days', { seenBefore: true, claim: { dayOnly: true }, facts: dayLater }, false],
    ['seen before, undated with a text', { seenBefore: true, facts: { date: null } }, false],
    ['seen before, with neither date nor text', { seenBefore: true, facts: nothing }, true],
    ['seen before, written with neither date nor text', { seenBefore: true, claim: nothing }, true],
    ['seen before, equal date, its story in this document', { seenBefore: true, isPresent: true }, false],
    ['first seen here, its story in this document', { isPresent: true }, true],
    ['conflicting queries', { claim: id1, facts: id2 }, false],
    ['queries with different parameters', { claim: id1, facts: session }, true],
    ['equal queries', { claim: id1, facts: id1 }, true],
  ])('%s', (_, given, expected) => {
    expect(isSame(kind, given)).toBe(expected);
  });
});

describe('a pointer by guid and title', () => {
  it.each<[string, Given, boolean]>([
    ['first seen here, whatever date and text', { facts: { ...otherText, ...weekLater } }, true],
    ['seen before, equal date', { seenBefore: true, facts: otherText }, true],
    ['seen before, equal text', { seenBefore: true, facts: weekLater }, true],
    [
      'seen before, another date and text',
      { seenBefore: true, facts: { ...otherText, ...weekLater } },
      false,
    ],
    ['seen before, with neither date nor text', { seenBefore: true, facts: nothing }, true],
    [
      'seen before, both without a text',
      { seenBefore: true, claim: { text: null }, facts: { text: null, ...weekLater } },
      false,
    ],
    ['seen before, its story in this document', { seenBefore: true, isPresent: true }, true],
  ])('%s', (_, given, expected) => {
    expect(isSame('guid-and-title', given)).toBe(expected);
  });
});

describe('a pointer by title and date', () => {
  it.each<[string, Given, boolean]>([
    ['first seen here', { facts: otherText }, true],
    ['seen before', { seenBefore: true }, true],
    ['first seen here, its story in this document', { isPresent: true }, true],
    ['seen before, its story in this document', { seenBefore: true, isPresent: true }, false],
  ])('%s', (_, given, expected) => {
    expect(isSame('title-and-date', given)).toBe(expected);
  });
});

describe('a pointer by the link of an entry without a guid', () => {
  it.each<[string, Given, boolean]>([
    ['equal date', { facts: otherText }, true],
    ['equal text', { facts: weekLater }, true],
    ['different dates, in a document that would show it', { facts: { ...otherText, ...weekLater } }, true],
    [
      'different dates, in a document that ends after it',
      { facts: { ...otherText, ...weekLater }, oldest: noon + minute },
      false,
    ],
    ['different dates, in a delivery', { facts: { ...otherText, ...weekLater }, oldest: null }, false],
    ['one undated, equal titles', { facts: { ...otherText, date: null } }, true],
    ['one undated, other titles', { facts: { ...otherText, date: null, title: 'dd' } }, false],
    [
      'one undated, other titles, neither with a text',
      { claim: { text: null }, facts: { ...nothing, title: 'dd' } },
      true,
    ],
  ])('%s', (_, given, expected) => {
    expect(isSame('link', given)).toBe(expected);
  });
});
