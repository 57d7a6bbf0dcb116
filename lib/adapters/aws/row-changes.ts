import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseChangedEntry } from '../../core/change-events/entry-event.ts';
import { parseChangedFeed } from '../../core/change-events/feed-event.ts';
import { parseCircuitRow } from '../../core/circuit/circuit-row.ts';
import type { ReadChange } from '../../core/ports.ts';
import type { Item } from './dynamo-table.ts';

type Image = Record<string, AttributeValue>;

/** Binary values are text in a record of a stream, and none is read here. */
const itemIn = (image: unknown): Item | null =>
  image === undefined || image === null ? null : unmarshall(image as Image);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const readOr = <T>(item: Item | null, read: (item: Item) => T): T | null =>
  item === null ? null : read(item);

const feedPrefix = 'feed#';

/**
 * Reads a record of a table's stream, as Lambda receives it. Pointers, stored entries, and rows that were removed are no
 * change, except circuits, which close that way. Throws permanent `ledger.corrupt-row`, `feeds.corrupt-row` and
 * `circuit.corrupt-row`.
 */
export const readChange: ReadChange = ({ NewImage, OldImage, ApproximateCreationDateTime }) => {
  const [row, old] = [itemIn(NewImage), itemIn(OldImage)];
  const { key, type, pk, sk } = row ?? old ?? {};
  const at = (ApproximateCreationDateTime ?? 0) * 1000;

  if (type === 'entry' && row !== null) {
    const read = (item: Item) => parseChangedEntry(text(key), item);
    return { of: 'entry', old: old?.type === 'entry' ? read(old) : null, row: read(row) };
  }
  if (pk === 'circuit') {
    const read = (item: Item) => parseCircuitRow(text(sk), item);
    return { of: 'circuit', old: readOr(old, read), row: readOr(row, read), at };
  }
  if (text(pk).startsWith(feedPrefix) && sk === 'row' && row !== null) {
    const read = (item: Item) => parseChangedFeed(text(pk).slice(feedPrefix.length), item);
    return { of: 'feed', old: readOr(old, read), row: read(row), at };
  }
  return null;
};
