import { type AlertFacts, batchHeld, possibleGap } from '../core/alert.ts';
import type { Admitted } from '../core/arrival.ts';
import type { JudgedDocument } from './judge-document.ts';

type Poll = { feed: string; at: number };

/**
 * What of a poll a person is to be told: each batch that it held, and a possible gap where it held none. The same
 * again when the same window is judged again, so that a poll that died raises nothing twice.
 */
export const alertsOfPoll = (
  { feed, at }: Poll,
  { gap, judgements }: Pick<JudgedDocument, 'gap' | 'judgements'>,
  outcomes: readonly (Admitted | null)[],
): AlertFacts[] => {
  const held = outcomes.flatMap((one, i) => {
    const batch = one?.heldIn ?? null;
    return one && batch !== null && batch === judgements[i]?.batch ? [{ batch, key: one.key }] : [];
  });
  const batches = Map.groupBy(held, ({ batch }) => batch);
  const alerts = [...batches].map(([batch, entries]) =>
    batchHeld({ batch, feed, entries: entries.length, witness: (entries.at(-1) as { key: string }).key, at }),
  );
  return alerts.length === 0 && gap ? [possibleGap(feed, at)] : alerts;
};
