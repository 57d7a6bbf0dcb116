import type { WaitingRow } from '../ledger/row.ts';
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
  rows: WaitingRow[];
  /** It may hold more than these. */
  hasMore: boolean;
};

const lastMoment = ({ history }: WaitingRow) => history.at(-1);

/** A reason as text, with its detail if all rows share it. */
const textOf = (rows: readonly WaitingRow[]): string => {
  const moments = rows.flatMap((row) => lastMoment(row) ?? []);
  const isShared = new Set(moments.map(({ detail }) => detail)).size === 1;
  const shown = moments.slice(0, 1).map((moment) => {
    const { detail: _, ...bare } = moment;
    return isShared ? moment : bare;
  });
  return historyLines({ history: shown })[0]?.text ?? '';
};

const reasonsOf = (rows: readonly WaitingRow[]): OpenBatch['reasons'] =>
  [...Map.groupBy(rows, (row) => lastMoment(row)?.code ?? '')]
    .map(([code, some]) => ({ code, text: textOf(some), count: some.length }))
    .sort((a, b) => b.count - a.count);

const dateOf = ({ published, seenAt }: WaitingRow): number => Date.parse(published ?? '') || seenAt;
const newestFirst = (a: WaitingRow, b: WaitingRow): number =>
  dateOf(b) - dateOf(a) || (a.key < b.key ? -1 : 1);

const batchOf = (id: string, rows: WaitingRow[], hasMore: boolean): OpenBatch => ({
  id,
  hasMore,
  feed: (rows[0] as WaitingRow).feed,
  since: rows.reduce(
    (since, row) => Math.min(since, lastMoment(row)?.at ?? row.seenAt),
    Number.POSITIVE_INFINITY,
  ),
  reasons: reasonsOf(rows),
  lessons: [...new Set(rows.flatMap(({ lesson }) => lesson ?? []))],
  rows: rows.sort(newestFirst),
});

/** The batches with held entries, the latest first. `hasMore`: there are more held entries than these. */
export const openBatches = (rows: Iterable<WaitingRow>, hasMore = false): OpenBatch[] => {
  const groups = Map.groupBy(rows, heldInBatch);
  return [...groups]
    .flatMap(([id, some]) => (id === null ? [] : [batchOf(id, some, hasMore)]))
    .sort((a, b) => b.since - a.since || (a.id < b.id ? -1 : 1));
};
