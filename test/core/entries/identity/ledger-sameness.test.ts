import { describe, expect, it } from 'vitest';
import type { Witness } from '../../../../lib/core/entries/identity/agreement.ts';
import type { ConditionalKind } from '../../../../lib/core/entries/identity/ledger-keys.ts';
import { isSameStory, type MetPointer } from '../../../../lib/core/entries/identity/ledger-sameness.ts';

const day = 86_400_000;
const minute = 60_000;
const noon = 20_000 * day + day / 2;

const one: Witness = { date: noon, dayOnly: false, text: 'aa', title: 'bb', query: [] };
const parameter = (name: number, value: number) => name * 0x10000 + value;

type Given = Partial<Omit<MetPointer, 'claim'>> & { claim?: Partial<Witness>; bears?: Partial<Witness> };

const isSame = (kind: ConditionalKind, { claim, bears, ...met }: Given): boolean =>
  isSameStory(
    kind,
    { ...one, ...bears },
    { claim: { ...one, ...claim }, metBefore: false, isPresent: false, oldest: noon - 9 * day, ...met },
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
    ['first met here, equal date', {}, true],
    ['first met here, another text, a day later', { bears: { ...otherText, ...dayLater } }, true],
    ['first met here, two days later', { bears: { date: noon + 2 * day } }, true],
    ['first met here, more than two days later', { bears: { date: noon + 2 * day + minute } }, false],
    ['first met here, more than two days earlier', { bears: { date: noon - 3 * day } }, false],
    ['first met here, one of them undated', { bears: { date: null } }, true],
    ['met before, equal date', { metBefore: true }, true],
    ['met before, a minute later', { metBefore: true, bears: { date: noon + minute } }, false],
    [
      'met before, the same day',
      { metBefore: true, claim: { dayOnly: true }, bears: { date: noon + minute } },
      true,
    ],
    ['met before, different days', { metBefore: true, claim: { dayOnly: true }, bears: dayLater }, false],
    ['met before, undated with a text', { metBefore: true, bears: { date: null } }, false],
    ['met before, with neither date nor text', { metBefore: true, bears: nothing }, true],
    ['met before, written with neither date nor text', { metBefore: true, claim: nothing }, true],
    ['met before, equal date, its story in this document', { metBefore: true, isPresent: true }, false],
    ['first met here, its story in this document', { isPresent: true }, true],
    ['conflicting queries', { claim: id1, bears: id2 }, false],
    ['queries with different parameters', { claim: id1, bears: session }, true],
    ['equal queries', { claim: id1, bears: id1 }, true],
  ])('%s', (_, given, expected) => {
    expect(isSame(kind, given)).toBe(expected);
  });
});

describe('a pointer by guid and title', () => {
  it.each<[string, Given, boolean]>([
    ['first met here, whatever date and text', { bears: { ...otherText, ...weekLater } }, true],
    ['met before, equal date', { metBefore: true, bears: otherText }, true],
    ['met before, equal text', { metBefore: true, bears: weekLater }, true],
    ['met before, another date and text', { metBefore: true, bears: { ...otherText, ...weekLater } }, false],
    ['met before, with neither date nor text', { metBefore: true, bears: nothing }, true],
    [
      'met before, both without a text',
      { metBefore: true, claim: { text: null }, bears: { text: null, ...weekLater } },
      false,
    ],
    ['met before, its story in this document', { metBefore: true, isPresent: true }, true],
  ])('%s', (_, given, expected) => {
    expect(isSame('guid-and-title', given)).toBe(expected);
  });
});

describe('a pointer by title and date', () => {
  it.each<[string, Given, boolean]>([
    ['first met here', { bears: otherText }, true],
    ['met before', { metBefore: true }, true],
    ['first met here, its story in this document', { isPresent: true }, true],
    ['met before, its story in this document', { metBefore: true, isPresent: true }, false],
  ])('%s', (_, given, expected) => {
    expect(isSame('title-and-date', given)).toBe(expected);
  });
});

describe('a pointer by the link of an entry without a guid', () => {
  it.each<[string, Given, boolean]>([
    ['equal date', { bears: otherText }, true],
    ['equal text', { bears: weekLater }, true],
    ['different dates, in a document that would show it', { bears: { ...otherText, ...weekLater } }, true],
    [
      'different dates, in a document that ends after it',
      { bears: { ...otherText, ...weekLater }, oldest: noon + minute },
      false,
    ],
    ['different dates, in a delivery', { bears: { ...otherText, ...weekLater }, oldest: null }, false],
    ['one undated, equal titles', { bears: { ...otherText, date: null } }, true],
    ['one undated, other titles', { bears: { ...otherText, date: null, title: 'dd' } }, false],
    [
      'one undated, other titles, neither with a text',
      { claim: { text: null }, bears: { ...nothing, title: 'dd' } },
      true,
    ],
  ])('%s', (_, given, expected) => {
    expect(isSame('link', given)).toBe(expected);
  });
});
