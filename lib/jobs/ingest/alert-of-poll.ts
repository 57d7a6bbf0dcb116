import { batchHeld, possibleGap } from '../../core/alerts/alert.ts';
import type { AlertFacts } from '../../core/alerts/alert-row.ts';
import type { Registration } from '../../core/entries/candidate.ts';

/** Entries that one poll holds for one reason, by their keys. */
type HeldBatch = { batch: string; keys: string[] };

/**
 * The batches that a poll holds; the same ones when its window is classified again after a crash. `outcomes`
 * correspond to `classified`.
 */
export const heldBatches = (
  classifieds: readonly { batch: string | null }[],
  outcomes: readonly (Registration | null)[],
): HeldBatch[] => {
  const held = outcomes.flatMap((one, i) => {
    const batch = one?.heldIn ?? null;
    return one && batch !== null && batch === classifieds[i]?.batch ? [{ batch, key: one.key }] : [];
  });
  return [...Map.groupBy(held, ({ batch }) => batch)].map(([batch, entries]) => ({
    batch,
    keys: entries.map(({ key }) => key),
  }));
};

/** The alerts that a poll raises: one per held batch, or a possible gap if there is no batch. */
export const alertsOfPoll = (
  { feed, at, gap }: { feed: string; at: number; gap: boolean },
  batches: readonly HeldBatch[],
): AlertFacts[] => {
  if (batches.length === 0) return gap ? [possibleGap(feed, at)] : [];
  return batches.map(({ batch, keys }) =>
    batchHeld({ batch, feed, entries: keys.length, entryKey: keys.at(-1) as string, at }),
  );
};
