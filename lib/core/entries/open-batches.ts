import type { EntryRow } from '../ledger/row.ts';
import { historyLines } from '../operator/explain.ts';
import { heldInBatch } from './batch.ts';
import type { Lesson } from './memory/feed-memory.ts';

/** Entries that one poll held together and that are still held. */
export type OpenBatch = {
  id: string;
  feed: string;
  /** When they were held; epoch milliseconds. */
  since: number;
  /** The reasons, the most frequent first. */
  reasons: { code: string; text: string; count: number }[];
  /** What releasing one or all of them teaches the feed. */
  lessons: Lesson[];
  /** The newest first. */
  rows: EntryRow[];
};

const lastMoment = ({ history }: EntryRow) => history.at(-1);

/** A reason as text, with its detail if all rows share it. */
const textOf = (rows: readonly EntryRow[]): string => {
  const moments = rows.flatMap((row) => lastMoment(row) ?? []);
  const isShared = new Set(moments.map(({ detail }) => detail)).size === 1;
  const shown = moments.slice(0, 1).map((moment) => {
    const { detail: _, ...bare } = moment;
    return isShared ? moment : bare;
  });
  return historyLines({ history: shown })[0]?.text ?? '';
};

const reasonsOf = (rows: readonly EntryRow[]): OpenBatch['reasons'] =>
  [...Map.groupBy(rows, (row) => lastMoment(row)?.code ?? '')]
    .map(([code, some]) => ({ code, text: textOf(some), count: some.length }))
    .sort((a, b) => b.count - a.count);

const dateOf = ({ published, seenAt }: EntryRow): number => Date.parse(published ?? '') || seenAt;
const newestFirst = (a: EntryRow, b: EntryRow): number => dateOf(b) - dateOf(a) || (a.key < b.key ? -1 : 1);

const batchOf = (id: string, rows: EntryRow[]): OpenBatch => ({
  id,
  feed: (rows[0] as EntryRow).feed,
  since: rows.reduce(
    (since, row) => Math.min(since, lastMoment(row)?.at ?? row.seenAt),
    Number.POSITIVE_INFINITY,
  ),
  reasons: reasonsOf(rows),
  lessons: [...new Set(rows.flatMap(({ lesson }) => lesson ?? []))],
  rows: rows.sort(newestFirst),
});

/** The batches with held entries, the latest first. */
export const openBatches = (rows: Iterable<EntryRow>): OpenBatch[] => {
  const groups = Map.groupBy(rows, heldInBatch);
  return [...groups]
    .flatMap(([id, some]) => (id === null ? [] : [batchOf(id, some)]))
    .sort((a, b) => b.since - a.since || (a.id < b.id ? -1 : 1));
};
