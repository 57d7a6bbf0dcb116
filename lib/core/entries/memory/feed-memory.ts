import * as v from 'valibot';
import { Count, Time } from '../../read-stored.ts';

/**
 * What a feed's row keeps beside the facts of its entries, to tell what is new. Dates are epoch milliseconds, to the
 * minute where they are entries'.
 */
export const FeedMemory = v.object({
  /** When the feed was first polled at its address. */
  addedAt: Time,
  /** The oldest date of the first complete window, in list order: what is dated earlier was there before. */
  floor: v.number(),
  /** The first window was empty, broken off or undated, so it did not show what was there. */
  blind: v.boolean(),
  /** The oldest date of the last window that was not empty, in list order. */
  tail: v.nullable(v.number()),
  /** The latest date of any entry so far, whatever its dates are worth; one in the future counts as now. */
  latestDate: v.nullable(v.number()),
  /** Null while the dates have not said. */
  listsNewestFirst: v.nullable(v.boolean()),
  /** Learned from a release: a single entry between known ones is new however old its date is. */
  byPlace: v.boolean(),
  /** The dates of this feed are days. */
  dayOnly: v.boolean(),
  /** When a single entry dated long ago was last taken for new. */
  lateAt: v.nullable(Time),
  /** The day up to which the ledger rows of the window were renewed, counted from the epoch. */
  renewedOn: Count,
  /** The day on which the next of them are to be: until then nobody need look which they are. */
  renewsOn: v.optional(Count, 0),
});
export type FeedMemory = v.InferOutput<typeof FeedMemory>;

/** What the release of a held batch teaches its feed. */
export const lessons = ['by-place', 'lists-newest-first', 'lists-oldest-first'] as const;
export type Lesson = (typeof lessons)[number];

/** The memory after a lesson; the same one where that teaches nothing new. */
export const learnFrom = (memory: FeedMemory, lesson: Lesson): FeedMemory => {
  if (lesson === 'by-place') return memory.byPlace ? memory : { ...memory, byPlace: true };
  const listsNewestFirst = lesson === 'lists-newest-first';
  return memory.listsNewestFirst === listsNewestFirst ? memory : { ...memory, listsNewestFirst };
};

/** Those of some lessons that a feed has not learned yet; none where nothing is remembered of it. */
export const lessonsLeft = (memory: FeedMemory | null, lessons: readonly Lesson[]): Lesson[] =>
  memory === null ? [] : lessons.filter((lesson) => learnFrom(memory, lesson) !== memory);
