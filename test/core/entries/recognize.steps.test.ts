import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { identify } from '../../../lib/core/entries/identity/identified-entry.ts';
import { recognize } from '../../../lib/core/entries/identity/recognize.ts';
import type { KnownFacts } from '../../../lib/core/entries/memory/known-entries.ts';
import { knownOf } from '../../support/candidates.ts';
import { type StepCounter, startCounting } from '../../support/count-steps.ts';
import { entryOf } from '../../support/entries.ts';

type Shown = Partial<Entry>;

const summary =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';

const minutesOn = (minutes: number): string => new Date(Date.UTC(2026, 2, 10, 9, minutes)).toISOString();

describe('the work of recognition', () => {
  let counter: StepCounter;
  beforeAll(async () => {
    counter = await startCounting();
  });
  afterAll(() => counter.stop());

  const shop = (n: number, how: (i: number) => Shown): Shown[] =>
    Array.from({ length: n }, (_, i) => ({
      title: 'One title for all',
      summary,
      published: minutesOn(0),
      ...how(i),
    }));
  const steps = async (n: number, [now, was]: [(i: number) => Shown, (i: number) => Shown]) => {
    const entries = shop(n, now).map((one) => identify(entryOf(one), null));
    const before = shop(n, was).map((one, i) => ({
      ...(knownOf([entryOf(one)], 20_000)[0] as KnownFacts),
      story: `story-${i}`,
    }));
    return counter.count(async () => void recognize(entries, before, { undated: false, oldest: 0 }));
  };

  it.each<[string, [(i: number) => Shown, (i: number) => Shown]]>([
    ['nothing changed', [(i) => ({ id: `${i}` }), (i) => ({ id: `${i}` })]],
    [
      'all guids are new and all titles, texts and dates equal',
      [(i) => ({ id: `new-${i}` }), (i) => ({ id: `${i}` })],
    ],
    [
      'known stories share title and date, and the entries share none',
      [(i) => ({ id: `new-${i}`, published: minutesOn(i), title: `Title ${i}` }), (i) => ({ id: `${i}` })],
    ],
    [
      'one shared link without guids',
      [
        (i) => ({ link: 'https://h.example/', published: minutesOn(i) }),
        () => ({ link: 'https://h.example/' }),
      ],
    ],
  ])('grows linearly with the number of entries: %s', async (_, how) => {
    await steps(50, how); // warm-up
    const [few, many] = [await steps(200, how), await steps(800, how)];

    expect(many).toBeLessThan(few * 5);
  });
});
