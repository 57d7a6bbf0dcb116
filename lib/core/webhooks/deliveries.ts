import type { DeliveriesRow, DeliveryNote } from './deliveries-row.ts';

export const maxNotes = 20;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Whether the delivery was not authenticated, so that anyone may have sent it. */
export const isUnproven = ({ outcome }: Pick<DeliveryNote, 'outcome'>): boolean =>
  outcome === 'refused' || outcome === 'failed';

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
