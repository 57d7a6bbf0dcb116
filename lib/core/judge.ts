import type { FeedConfig } from './config.ts';
import { readDigest } from './digest.ts';
import type { FeedRow } from './feed-row.ts';
import type { Sighting } from './identity.ts';
import type { Verdict } from './life.ts';

/** What a sighting is to become if the ledger does not know it. `unchanged`: the last window held just this. */
export type Judgement = {
  sighting: Sighting;
  unchanged: boolean;
  fresh: boolean;
  news: boolean;
  verdict: Verdict;
};

/**
 * A window judged, oldest first. `first`: everything in it was there before us. `gap`: something may have passed
 * unseen. `reissued`: how many entries were held because so many came at once, none of them newer than what we know.
 */
export type JudgedWindow = { first: boolean; gap: boolean; reissued: number; judgements: Judgement[] };

/** When an entry says it was published, else changed; epoch milliseconds, null when it says neither. */
export const dateOf = ({ entry }: Sighting): number | null => {
  const date = entry.published ?? entry.updated;
  return date === null ? null : Date.parse(date);
};

/** By date where every entry has one; else from the document's end, since feeds list what is newest first. */
export const oldestFirst = (sightings: Sighting[]): Sighting[] => {
  const fromTheEnd = sightings.toReversed();
  const dates = new Map(fromTheEnd.map((sighting) => [sighting, dateOf(sighting)]));
  if ([...dates.values()].includes(null)) return fromTheEnd;
  return fromTheEnd.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
};

/** The latest date known of a feed. A date in the future counts as now, so that one slip does not age all that follows. */
export const newestOf = (sightings: Sighting[], before: number | null, now: number): number | null => {
  const dates = sightings.flatMap((sighting) => dateOf(sighting) ?? []).map((date) => Math.min(date, now));
  return dates.reduce<number | null>((newest, date) => Math.max(newest ?? date, date), before);
};

const firstPoll: Verdict = { state: 'baselined', code: 'entry.was-there' };
const backfilled: Verdict = { state: 'queued', code: 'entry.backfilled' };
const forgotten: Verdict = { state: 'baselined', code: 'entry.known-from-window' };
const isNew: Verdict = { state: 'queued', code: 'entry.new' };

/** So many entries, and more than half of the window, are a site that was rebuilt rather than news. */
const reissueFrom = 5;

/** Fresh, yet not newer than what we know. Undated ones cannot show that they are, and count where nothing else does. */
const looksReissued = (
  sightings: Sighting[],
  fresh: (one: Sighting) => boolean,
  newest: number | null,
): Set<Sighting> => {
  const overlap = !sightings.every(fresh);
  const isOld = (sighting: Sighting) => {
    const date = dateOf(sighting);
    if (date === null) return newest !== null || !overlap;
    return newest !== null && date <= newest;
  };
  const suspects = sightings.filter((sighting) => fresh(sighting) && isOld(sighting));
  return new Set(suspects.length >= reissueFrom && suspects.length > sightings.length / 2 ? suspects : []);
};

const massReissue = (count: number, of: number): Verdict => ({
  state: 'held',
  code: 'entry.mass-reissue',
  detail: `${count} of ${of} entries came at once and none is newer than what was known: the site may have been rebuilt`,
});

/**
 * Judges a window from the feed's row alone, before any write. A first poll baselines all but the `backfill`
 * newest; a changed address is a first poll unless its window overlaps the one we know. What the last window
 * held is never new, whatever the ledger has forgotten.
 */
export const judge = (sightings: Sighting[], row: FeedRow | null, feed: FeedConfig): JudgedWindow => {
  const digest = readDigest(row?.digest ?? null);
  const knows = (key: string) => digest?.knows(key) ?? false;
  const overlap = sightings.some(({ keys }) => keys.some(knows));
  const first = !row?.digest || (row.url !== feed.url && !overlap);
  const ordered = oldestFirst(sightings);
  const backfill = new Set(first && feed.backfill > 0 ? ordered.slice(-feed.backfill) : []);

  const isFresh = ({ keys }: Sighting) => !keys.some(knows);
  const hasHistory = !first && (digest?.size ?? 0) > 0;
  const reissued = looksReissued(hasHistory ? ordered : [], isFresh, row?.newest ?? null);
  const held = massReissue(reissued.size, ordered.length);

  const verdictOn = (sighting: Sighting, fresh: boolean): Verdict => {
    if (first) return backfill.has(sighting) ? backfilled : firstPoll;
    if (reissued.has(sighting)) return held;
    return fresh ? isNew : forgotten;
  };
  const judgements = ordered.map((sighting): Judgement => {
    const fresh = isFresh(sighting);
    const news = (dateOf(sighting) ?? Number.POSITIVE_INFINITY) > (row?.newest ?? Number.NEGATIVE_INFINITY);
    return {
      sighting,
      unchanged: sighting.keys.every(knows),
      fresh,
      news,
      verdict: verdictOn(sighting, fresh),
    };
  });
  return { first, gap: hasHistory && !overlap && sightings.length > 0, reissued: reissued.size, judgements };
};
