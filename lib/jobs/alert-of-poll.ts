import { type AlertFacts, possibleGap, reissueHeld } from '../core/alert.ts';
import type { Admitted } from '../core/arrival.ts';
import type { JudgedWindow } from '../core/judge.ts';

type Poll = { feed: string; rev: number; at: number };

/**
 * What of a poll a person is to be told. A window that was re-issued has a gap too, and one word of it is enough.
 * The same again when the same window is judged again, so that a poll that died raises nothing twice.
 */
export const alertsOfPoll = (
  { feed, rev, at }: Poll,
  { gap, reissued, judgements }: JudgedWindow,
  outcomes: (Admitted | null)[],
): AlertFacts[] => {
  if (reissued === 0) return gap ? [possibleGap(feed, at)] : [];
  const held = outcomes.filter(
    (one, i) =>
      judgements[i]?.verdict.code === 'entry.mass-reissue' &&
      (one?.outcome === 'held' || one?.outcome === 'known'),
  );
  const witness = held.at(-1)?.key;
  return witness ? [reissueHeld({ feed, entries: held.length, witness, poll: rev, at })] : [];
};
