import type { FeedRow } from '../polling/feed-row.ts';
import type { Registration } from './candidate.ts';
import { memoryAfter, newestAfter } from './classify.ts';
import { contentOf, dayOf, type Facts } from './identity/facts.ts';
import type { ListedEntry } from './identity/identified-entry.ts';
import type { Recognized } from './identity/recognize.ts';
import { nothingKnown, remember, writeMemory } from './memory/fact-memory.ts';
import type { KnownFacts } from './memory/known-entries.ts';
import { nextRenewal } from './memory/renewal.ts';
import type { ReadWindow, Remembered } from './read-window.ts';

/** A classified entry of a window and its registration; null if that failed. */
type Settled = {
  identified: ListedEntry;
  recognized: Recognized | null;
  verdict: { code: string };
  outcome: Registration | null;
};

/** Of an entry, only what is remembered of it. */
type Remembering = Omit<Settled, 'identified'> & { identified: Pick<ListedEntry, 'facts' | 'raw'> };

const isEqual = (one: Facts, other: Facts): boolean =>
  (['guid', 'link', 'page', 'title', 'text', 'date', 'dayOnly', 'shortText', 'content'] as const).every(
    (name) => one[name] === other[name],
  ) && one.query.join() === other.query.join();

/**
 * An unchanged entry keeps its known facts; an edited one has new facts in addition to its former ones. An entry
 * without a row is not remembered, so that the next poll finds it again.
 */
const knownAfter = (
  { identified: { facts, raw }, recognized, verdict, outcome }: Remembering,
  today: number,
): KnownFacts[] => {
  const known = recognized?.known;
  if (known && isEqual(known.facts, facts)) return [{ ...known, raw, lastSeen: today }];
  const story = known?.story ?? outcome?.key;
  const reissued = known?.reissued ?? verdict.code === 'entry.mass-reissue';
  return story === undefined ? [] : [{ facts, story, lastSeen: today, reissued, raw }];
};

const withoutForgotten = (one: Settled, forgotten: ReadonlyMap<ListedEntry, string>): Remembering => {
  const { facts, raw } = one.identified;
  const seen = forgotten.get(one.identified);
  const identified =
    seen === undefined ? { facts, raw } : { facts: { ...facts, content: contentOf(seen) }, raw: null };
  return { ...one, identified };
};

/**
 * What a feed's row remembers after a window. `readAs`: of its document. `maxAgeMs`: an older single entry counts as new
 * once a day. `forgotten`: entries whose version was not recorded, with the content hash that counts as seen, so that
 * the next document is read there again and shows the change.
 */
export const afterWindow = (
  {
    window,
    remembered,
    readAs,
  }: { window: ReadWindow; remembered: Remembered | null; readAs: string | null },
  settled: readonly Settled[],
  {
    now,
    maxAgeMs,
    forgotten = new Map(),
  }: { now: number; maxAgeMs: number | null; forgotten?: ReadonlyMap<ListedEntry, string> },
): Pick<FeedRow, 'facts' | 'memory' | 'newest'> => {
  const today = dayOf(now);
  const shown = settled.flatMap((one) => knownAfter(withoutForgotten(one, forgotten), today));
  const isLate = ({ identified, outcome }: Settled): boolean =>
    outcome?.outcome === 'queued' && maxAgeMs !== null && (window.dateOf(identified) ?? now) < now - maxAgeMs;
  const memory = memoryAfter(window, remembered?.memory ?? null, { now, tookLate: settled.some(isLate) });
  const before = remembered?.facts ?? nothingKnown;
  const facts = remember(before, shown, { today, complete: window.complete, readAs });
  const renewsOn = nextRenewal(
    facts.window.map(({ story }) => story),
    today,
  );
  return {
    facts: writeMemory(facts),
    memory: { ...memory, renewedOn: today, renewsOn },
    newest: newestAfter(window, remembered?.newest ?? null, now),
  };
};
