import { type Classified, classify } from '../../../lib/core/entries/classify.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { identify } from '../../../lib/core/entries/identity/identified-entry.ts';
import { nothingKnown } from '../../../lib/core/entries/memory/fact-memory.ts';
import type { FeedMemory } from '../../../lib/core/entries/memory/feed-memory.ts';
import { type ReadWindow, type Remembered, readWindow } from '../../../lib/core/entries/read-window.ts';
import { knownOf, memoryOf } from '../../support/candidates.ts';
import { entryOf } from '../../support/entries.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
export const now = Date.UTC(2026, 5, 30, 12);
export const keepMs = 400 * day;

/** A story published so many days ago, at its own minute; null: undated. */
export const of = (name: string, daysAgo: number | null, given: Partial<Entry> = {}): Entry =>
  entryOf({
    id: name,
    link: `https://www.harbour.example/${name}`,
    title: `Title of ${name}`,
    summary: `Text of ${name}`,
    published: daysAgo === null ? null : new Date(now - daysAgo * day - name.length * minute).toISOString(),
    ...given,
  });

export type Case = {
  /** What the last window showed; by default, known stories of 1, 2 and 3 days ago. */
  was?: Entry[];
  now: Entry[];
  memory?: Partial<FeedMemory>;
  newest?: number | null;
  maxAgeDays?: number | null;
  complete?: boolean;
  knownToLedger?: string[];
};

export const week = [of('kkk-1', 1), of('kkk-2', 2), of('kkk-3', 3)];
export const [k1, k2, k3] = week as [Entry, Entry, Entry];

/** Added 20 days ago, when its oldest entry was 10 days older. */
export const usual = { addedAt: now - 20 * day, floor: now - 30 * day };

export const windowOf = (entries: Entry[], remembered: Remembered | null, complete = true): ReadWindow =>
  readWindow({ entries: entries.map((one) => identify(one, null)), complete }, remembered, now);

export const classified = (given: Case): Record<string, Classified> => {
  const { was = week, memory = {}, maxAgeDays = 30, complete, knownToLedger = [] } = given;
  const remembered: Remembered = {
    memory: memoryOf({ ...usual, ...memory }),
    facts: { ...nothingKnown, window: knownOf(was, 20_000) },
    newest: given.newest === undefined ? now - day : given.newest,
  };
  const window = windowOf(given.now, remembered, complete);
  const inLedger = new Set(window.entries.filter(({ entry }) => knownToLedger.includes(entry?.id ?? '')));
  const limits = { now, maxAgeMs: maxAgeDays === null ? null : maxAgeDays * day, keepMs };
  const verdicts = classify(window, remembered, limits, inLedger);
  return Object.fromEntries([...verdicts].map(([{ entry }, one]) => [entry?.id, one]));
};

/** The verdicts on unknown entries, by name. */
export const verdictsOn = (given: Case): Record<string, string> =>
  Object.fromEntries(
    Object.entries(classified(given))
      .filter(([, { verdict }]) => verdict.code !== 'entry.known-from-window')
      .map(([name, { verdict }]) => [name, `${verdict.state} ${verdict.code}`]),
  );

export const undated = (name: string) => of(name, null);
export const undatedWeek = [undated('kkk-1'), undated('kkk-2')];

/** The same story with another guid, link and text. */
export const rebuilt = (one: Entry, daysAgo: number): Entry => ({
  ...of(`new-${one.id}`, daysAgo),
  title: one.title,
  summary: `Rebuilt, ${one.summary}`,
});
