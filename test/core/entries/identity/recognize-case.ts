import type { Entry } from '../../../../lib/core/entries/entry.ts';
import { identify } from '../../../../lib/core/entries/identity/identified-entry.ts';
import { recognize } from '../../../../lib/core/entries/identity/recognize.ts';
import { oldestInOrder } from '../../../../lib/core/entries/list-order.ts';
import type { KnownFacts } from '../../../../lib/core/entries/memory/known-entries.ts';
import { knownOf } from '../../../support/candidates.ts';
import { entryOf } from '../../../support/entries.ts';

export const longText =
  'A vest knitted from the ends of other vests, in one piece and in four colours, made to order. ';

export const otherText =
  'A coat sewn from sails that have crossed an ocean, lined with wool and numbered by its maker. ';

/** 10 March 2026 at 9:00, shifted by days and minutes. */
export const at = (days: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 2, 10 + days, 9, minutes)).toISOString();

export const known = {
  id: 'guid-1',
  link: 'https://www.harbour.example/vest',
  title: 'The Loop Vest',
  summary: longText,
  published: at(0),
} satisfies Partial<Entry>;

/** Makes the document reach back beyond 10 March, so that a story missing from it is gone. */
export const older = {
  id: 'guid-0',
  link: 'https://www.harbour.example/older',
  title: 'An older story',
  summary: 'Older',
  published: at(-9),
} satisfies Partial<Entry>;

export type Shown = Partial<Entry>;

export type Case = {
  /** What the feed showed before; `known` by default. */
  was?: Shown[];
  now: Shown;
  /**
   * The other entries in the document; by default the older story, so that the document reaches back beyond
   * the known one.
   */
  beside?: Shown[];
  reissued?: boolean;
  undated?: boolean;
};

export const read = ({ was = [known], now, beside = [older], reissued = false, undated = false }: Case) => {
  const entries = [now, ...beside].map((one) => identify(entryOf(one), 'Harbour'));
  const before: KnownFacts[] = was.map((one, i) => ({
    ...(knownOf([entryOf(one)], 20_000)[0] as KnownFacts),
    story: `story-${i}`,
    reissued,
  }));
  const oldest = oldestInOrder(entries.map(({ facts }) => facts));
  const recognition = recognize(entries, before, { undated, oldest });
  const first = entries[0] as (typeof entries)[number];
  return {
    found: recognition.recognized.get(first),
    looksLike: recognition.looksLike.get(first)?.story ?? null,
    resembles: recognition.resembles.get(first)?.story ?? null,
  };
};

export const recognizedBy = (one: Case) => read(one).found?.by ?? null;

/** Differs from the known story in every fact that a row in the table does not override. */
export const another = {
  id: 'guid-2',
  link: 'https://www.harbour.example/other',
  title: 'Another title',
  summary: otherText,
  published: at(3),
} satisfies Shown;

/** The document ends after the known story, which has slid out of it. */
export const slidOut = { beside: [{ ...older, published: at(2) }] };

/** The known story is in the document itself. */
export const isPresent = { beside: [known, older] };

export const noGuid = { ...known, id: null };
