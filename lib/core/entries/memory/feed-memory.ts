import * as v from 'valibot';
import { Count, Time } from '../../read-stored.ts';

/**
 * What a feed's row stores, besides the facts of its entries, to decide what is new. Dates are epoch milliseconds;
 * those of entries are rounded to the minute.
 */
export const FeedMemory = v.object({
  /** When the feed was first polled at its address. */
  addedAt: Time,
  /** The oldest date of the first complete window, in list order; earlier entries existed before the feed was added. */
  floor: v.number(),
  /** The first window was empty, truncated or undated, so it did not show the existing entries. */
  blind: v.boolean(),
  /** The oldest date of the last window that was not empty, in list order. */
  tail: v.nullable(v.number()),
  /** The latest date of any entry so far, trusted or not; a future one counts as now. */
  latestDate: v.nullable(v.number()),
  /** Null while unknown. */
  listsNewestFirst: v.nullable(v.boolean()),
  /** Learned from a release: a single entry above known ones is new even if its date is old. */
  byPlace: v.boolean(),
  /** The dates of this feed are days. */
  dayOnly: v.boolean(),
  /** When a single entry with an old date was last taken as new. */
  lateAt: v.nullable(Time),
  /** The day up to which the ledger rows of the window were renewed, counted from the epoch. */
  renewedOn: Count,
  /** The day of the next renewal, before which no check is needed. */
  renewsOn: v.optional(Count, 0),
});
export type FeedMemory = v.InferOutput<typeof FeedMemory>;

/** What releasing a held batch teaches its feed. */
export const lessons = ['by-place', 'lists-newest-first', 'lists-oldest-first'] as const;
export type Lesson = (typeof lessons)[number];

/** The memory after a lesson; the same object if it was known already. */
export const learnFrom = (memory: FeedMemory, lesson: Lesson): FeedMemory => {
  if (lesson === 'by-place') return memory.byPlace ? memory : { ...memory, byPlace: true };
  const listsNewestFirst = lesson === 'lists-newest-first';
  return memory.listsNewestFirst === listsNewestFirst ? memory : { ...memory, listsNewestFirst };
};

/** The lessons that a feed has not learned yet; none if it has no memory. */
export const lessonsLeft = (memory: FeedMemory | null, lessons: readonly Lesson[]): Lesson[] =>
  memory === null ? [] : lessons.filter((lesson) => learnFrom(memory, lesson) !== memory);
