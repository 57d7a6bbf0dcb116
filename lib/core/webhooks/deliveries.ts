import type { DeliveriesRow, DeliveryNote } from './deliveries-row.ts';

export const maxNotes = 20;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Whether the delivery was not authenticated, so that anyone may have sent it. */
export const isUnproven = ({ outcome }: Pick<DeliveryNote, 'outcome'>): boolean =>
  outcome === 'refused' || outcome === 'failed';

/** How long refusals must go on before they mean more than that somebody sent requests. */
const refusalsCountAfterMs = 10 * 60_000;
/** A webhook from which nothing was accepted for this long may have stopped working. */
const acceptedCountsMs = 7 * 86_400_000;

type Noted = Pick<DeliveryNote, 'outcome' | 'since' | 'at' | 'times'>;

/**
 * The refused or failed deliveries that a webhook's latest ones show to be a problem, as one: with the reason of the
 * latest. Null if its own deliveries are accepted. Anyone can send a request that is refused, so refusals count only
 * if there were several over ten minutes since the last accepted delivery, or if none was accepted within a week.
 * `latest`: the latest first.
 */
export const refusalsThatCount = <T extends Noted>(latest: readonly T[], now: number): T | null => {
  const accepted = latest.findIndex((note) => !isUnproven(note));
  const refused = accepted === -1 ? latest : latest.slice(0, accepted);
  const [last, first] = [refused[0], refused.at(-1)];
  if (last === undefined || first === undefined) return null;
  const times = refused.reduce((sum, note) => sum + note.times, 0);
  const lastAccepted = latest[accepted]?.at ?? Number.NEGATIVE_INFINITY;
  const isOurs = refused.some(({ outcome }) => outcome === 'failed');
  const goesOn = times > 1 && last.at - first.since >= refusalsCountAfterMs;
  if (!isOurs && !goesOn && now - lastAccepted < acceptedCountsMs) return null;
  return { ...last, since: first.since, times };
};

const isAlike = (a: DeliveryNote, b: DeliveryNote): boolean =>
  a.outcome === b.outcome && a.reason === b.reason && a.entry === null && b.entry === null;

const together = (older: DeliveryNote, newer: DeliveryNote): DeliveryNote => ({
  ...newer,
  since: older.since,
  times: older.times + newer.times,
});

/** The notes with another one, latest first; a note like the latest is counted with it. */
export const withNote = (notes: readonly DeliveryNote[], note: DeliveryNote): DeliveryNote[] => {
  const [last, ...before] = notes;
  const all = last && isAlike(last, note) ? [together(last, note), ...before] : [note, ...notes];
  return all.slice(0, maxNotes);
};

/** The row with further notes, which come oldest first. */
export const withNotes = (
  webhook: string,
  row: DeliveriesRow | null,
  notes: readonly DeliveryNote[],
): DeliveriesRow => {
  const start: DeliveriesRow = row ?? { webhook, rev: 0, day: '', counts: {}, latest: [] };
  return notes.reduce(counted, { ...start, rev: start.rev + 1 });
};

const counted = (row: DeliveriesRow, note: DeliveryNote): DeliveriesRow => {
  const isLater = dayOf(note.at) > row.day;
  const counts = isLater ? {} : row.counts;
  return {
    ...row,
    day: isLater ? dayOf(note.at) : row.day,
    counts: { ...counts, [note.outcome]: (counts[note.outcome] ?? 0) + note.times },
    latest: withNote(row.latest, note),
  };
};

/** The counts of the current day. */
export const countsToday = ({ day, counts }: DeliveriesRow, now: number): DeliveriesRow['counts'] =>
  day === dayOf(now) ? counts : {};
