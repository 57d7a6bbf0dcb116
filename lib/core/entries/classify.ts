import type { Verdict } from '../ledger/entry-state.ts';
import { dayOf } from './identity/facts.ts';
import type { ListedEntry } from './identity/identified-entry.ts';
import { type Place, placesIn } from './list-place.ts';
import type { FeedMemory, Lesson } from './memory/feed-memory.ts';
import type { ReadWindow, Remembered } from './read-window.ts';

/** The verdict on an entry that the ledger does not know. `lesson`: what its release teaches if it is held. */
export type Classified = { verdict: Verdict; lesson: Lesson | null };

/** Limits, in milliseconds. */
type Limits = {
  now: number;
  /** Entries dated longer ago are not new; null: no limit. */
  maxAgeMs: number | null;
  /** How long the ledger keeps rows. */
  keepMs: number;
};

const dayMs = 86_400_000;
/** Leaves a margin before rows expire, so that an expiring entry is not taken as new. */
const memoryMarginMs = 30 * dayMs;
const floorWithoutDatesMs = 2 * dayMs;

const newEntry: Verdict = { state: 'queued', code: 'entry.new' };
const existing: Verdict = { state: 'baselined', code: 'entry.existing' };
const knownFromWindow: Verdict = { state: 'baselined', code: 'entry.known-from-window' };
const olderThanFeed: Verdict = { state: 'baselined', code: 'entry.older-than-feed' };
const held = (code: string, detail: string): Verdict => ({ state: 'held', code, detail });

/** What the unknown entries of a window have in common. */
type Suspicion = {
  reissued: ReadonlySet<ListedEntry>;
  resembling: ReadonlySet<ListedEntry>;
  late: ReadonlySet<ListedEntry>;
  undated: ReadonlySet<ListedEntry>;
};

type View = {
  window: ReadWindow;
  remembered: Remembered;
  limits: Limits;
  /** Not remembered by the feed's row, but possibly known to the ledger. */
  notRemembered: readonly ListedEntry[];
  /** Not known to the ledger either. */
  unknown: readonly ListedEntry[];
  placeOf: (one: ListedEntry) => Place;
  newestFirst: boolean;
};

const isBefore = ({ facts }: ListedEntry, date: number, limit: number): boolean =>
  facts.dayOnly ? dayOf(date) < dayOf(limit) : date < limit;

const isBeforeFloor = ({ remembered }: View, one: ListedEntry, date: number): boolean =>
  isBefore(one, date, remembered.memory.floor);

const isTooOld = ({ limits: { now, maxAgeMs } }: View, date: number): boolean =>
  maxAgeMs !== null && date < now - maxAgeMs;

/** Not later than the newest known date; for day-only dates, on an earlier day. */
const isNotAfter = ({ facts }: ListedEntry, date: number, newest: number): boolean =>
  facts.dayOnly ? dayOf(date) < dayOf(newest) : date <= newest;

/** At least two, and more than half of the window. */
const ifMost = (view: View, found: ListedEntry[]): ReadonlySet<ListedEntry> =>
  new Set(found.length >= 2 && found.length > view.window.entries.length / 2 ? found : []);

/**
 * A rebuilt site brings back entries of which the ledger knows some: these count towards the suspicion, but only the
 * others are held. Late or undated entries that the ledger knows do not count.
 */
const suspicionOf = (view: View): Suspicion => {
  const { window, remembered, notRemembered, unknown, placeOf } = view;
  const { newest } = remembered;
  const isOld = (one: ListedEntry): boolean => {
    const date = window.dateOf(one);
    return date !== null && newest !== null && isNotAfter(one, date, newest);
  };
  const isLate = (one: ListedEntry): boolean => {
    const date = window.dateOf(one);
    return (
      date !== null && placeOf(one) === 'above' && (isBeforeFloor(view, one, date) || isTooOld(view, date))
    );
  };
  return {
    reissued: ifMost(view, notRemembered.filter(isOld)),
    resembling: ifMost(
      view,
      notRemembered.filter((one) => window.resembles.has(one)),
    ),
    late: new Set(unknown.filter(isLate)),
    undated: new Set(unknown.filter((one) => window.dateOf(one) === null)),
  };
};

const reissueDetail = (count: number, { window }: View): string =>
  `${count} of the ${window.entries.length} entries on the feed look like old ones`;

const lateDetail = 'it is dated before the feed was added, or long ago';

const late = (lesson: Lesson = 'by-place'): Classified => ({
  verdict: held('entry.late', lateDetail),
  lesson,
});

const withoutLesson = (verdict: Verdict): Classified => ({ verdict, lesson: null });

/** Dated before the feed was added, or so long ago that its row may have expired. */
const classifyOldDate = (view: View, one: ListedEntry, suspicion: Suspicion): Classified => {
  if (view.placeOf(one) !== 'above') return withoutLesson(olderThanFeed);
  return view.remembered.memory.byPlace && suspicion.late.size === 1 ? withoutLesson(newEntry) : late();
};

/** A migration publishes old posts one by one: one such entry a day is taken as a back-dated post, two are not. */
const isSingle = ({ remembered, limits }: View, suspicion: Suspicion): boolean => {
  const { lateAt } = remembered.memory;
  return suspicion.late.size === 1 && (lateAt === null || limits.now - lateAt >= dayMs);
};

const classifyByDate = (view: View, one: ListedEntry, date: number, suspicion: Suspicion): Classified => {
  const { memory } = view.remembered;
  const { now, keepMs } = view.limits;
  const isBelow = view.placeOf(one) !== 'above';
  if (isBeforeFloor(view, one, date) || date < now - keepMs + memoryMarginMs)
    return classifyOldDate(view, one, suspicion);
  if (isBelow && date < memory.addedAt && memory.tail !== null && date < memory.tail)
    return withoutLesson(olderThanFeed);
  if (memory.blind && date < memory.addedAt) return late();
  if (isTooOld(view, date)) {
    if (isBelow) return withoutLesson(olderThanFeed);
    if (!isSingle(view, suspicion)) return late();
  }
  if (suspicion.reissued.has(one))
    return withoutLesson(held('entry.mass-reissue', reissueDetail(suspicion.reissued.size, view)));
  return withoutLesson(newEntry);
};

const classifyByPlace = (view: View, one: ListedEntry, suspicion: Suspicion): Classified => {
  const place = view.placeOf(one);
  if (place === 'above' || (place === 'none-known' && suspicion.undated.size === 1))
    return withoutLesson(newEntry);
  return {
    verdict: held('entry.out-of-order', `this feed lists new entries ${view.newestFirst ? 'first' : 'last'}`),
    lesson: view.newestFirst ? 'lists-oldest-first' : 'lists-newest-first',
  };
};

const classifyUnknown = (view: View, one: ListedEntry, suspicion: Suspicion): Classified => {
  if (suspicion.resembling.has(one))
    return withoutLesson(held('entry.mass-reissue', reissueDetail(suspicion.resembling.size, view)));
  const like = view.window.looksLike.get(one);
  if (like)
    return withoutLesson(
      held('entry.looks-like', `it has the same title as ${like.story}, which is no longer on the feed`),
    );
  const date = view.window.dateOf(one);
  return date === null ? classifyByPlace(view, one, suspicion) : classifyByDate(view, one, date, suspicion);
};

/**
 * The verdict on each entry of a window if the ledger does not know it, in the window's order. `knownToLedger`: entries
 * that the ledger knows but the feed's row does not remember; they count as known.
 */
export const classify = (
  window: ReadWindow,
  remembered: Remembered | null,
  limits: Limits,
  knownToLedger: ReadonlySet<ListedEntry> = new Set(),
): Map<ListedEntry, Classified> => {
  const { entries, recognized } = window;
  if (remembered === null) return new Map(entries.map((one) => [one, withoutLesson(existing)]));

  const isKnown = entries.map((one) => recognized.has(one) || knownToLedger.has(one));
  const newestFirst = window.listsNewestFirst ?? true;
  const indexes = new Map(entries.map((one, i) => [one, i]));
  const places = placesIn(isKnown, newestFirst);
  const view: View = {
    window,
    remembered,
    limits,
    newestFirst,
    notRemembered: entries.filter((one) => !recognized.has(one)),
    unknown: entries.filter((_, i) => !isKnown[i]),
    placeOf: (one) => places(indexes.get(one) as number),
  };
  const suspicion = suspicionOf(view);
  return new Map(
    entries.map((one, i) => [
      one,
      isKnown[i] ? withoutLesson(knownFromWindow) : classifyUnknown(view, one, suspicion),
    ]),
  );
};

const latestOf = (dates: readonly number[], before: number | null, now: number): number | null =>
  dates.reduce<number | null>(
    (latest, date) => Math.max(latest ?? Number.NEGATIVE_INFINITY, Math.min(date, now)),
    before,
  );

/**
 * The latest trusted date of a feed. A future date counts as now, so that a single mistake does not make all later
 * entries old.
 */
export const newestAfter = (window: ReadWindow, before: number | null, now: number): number | null =>
  latestOf(
    window.entries.flatMap((one) => window.dateOf(one) ?? []),
    before,
    now,
  );

const firstMemory = ({ entries, complete, oldest, dateOf }: ReadWindow, now: number): FeedMemory => {
  const blind = !complete || entries.every((one) => dateOf(one) === null);
  return {
    addedAt: now,
    floor: blind || oldest === null ? now - floorWithoutDatesMs : oldest,
    blind,
    tail: null,
    latestDate: null,
    listsNewestFirst: null,
    byPlace: false,
    dayOnly: false,
    lateAt: null,
    renewedOn: dayOf(now),
    renewsOn: dayOf(now),
  };
};

/** The feed's memory after a window. `tookLate`: a single late entry in it was taken as new. */
export const memoryAfter = (
  window: ReadWindow,
  before: FeedMemory | null,
  { now, tookLate }: { now: number; tookLate: boolean },
): FeedMemory => {
  const memory = before ?? firstMemory(window, now);
  const dates = window.entries.flatMap(({ facts: { date } }) => date ?? []);
  return {
    ...memory,
    tail: window.entries.length > 0 ? window.oldest : memory.tail,
    latestDate: latestOf(dates, memory.latestDate, now),
    listsNewestFirst: window.listsNewestFirst,
    dayOnly: window.dayOnly,
    lateAt: tookLate ? now : memory.lateAt,
  };
};
