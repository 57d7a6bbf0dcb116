import {
  groupOf,
  type ListGroup,
  linkName,
  linkNameOf,
  listPlace,
  placeAt,
} from '../../core/ledger/list-place.ts';
import type { LedgerRow, ListedRow } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/**
 * The keys of the indexes `list`, `link` and `post`. Rows without a link, and entries without a draft, are not in the
 * latter two.
 */
export const listKeys = (row: LedgerRow): Item => {
  const link = linkNameOf(row);
  return {
    ...(link !== null && { linkName: link }),
    ...(row.type === 'entry' && { listGroup: groupOf(row.state), listAt: listPlace(row) }),
    ...(row.type === 'entry' && row.postId !== null && { postName: String(row.postId) }),
  };
};

const maxNamed = 100;

const inGroup = (group: ListGroup, bounds: { since?: number | undefined; after?: string | undefined }) => {
  const { since, after } = bounds;
  const low = since === undefined ? ' ' : placeAt(since); // a space comes before every date
  return {
    index: 'list',
    where: '#hash = :hash AND #range BETWEEN :low AND :high',
    names: { '#hash': 'listGroup', '#range': 'listAt' },
    values: { ':hash': group, ':low': low, ':high': after ?? '~' },
    reverse: true,
  };
};

type Readable = (items: AsyncIterable<Item>) => AsyncIterable<ListedRow>;

/** See the port. */
export const dynamoListedRows = (
  table: DynamoTable,
  readable: Readable,
): Pick<Ledger, 'listed' | 'count' | 'keysNamed'> => ({
  listed: async ({ group, limit, after, since }) => {
    const rows: ListedRow[] = [];
    let last: string | null = null;
    let next: string | null = null;
    const items = table.query({ ...inGroup(group, { since, after }), pageSize: limit + 2 });
    const seen = async function* (): AsyncGenerator<Item> {
      for await (const item of items) {
        if (item.listAt === after) continue; // BETWEEN includes its bounds
        if (rows.length === limit) {
          next = last;
          return;
        }
        last = String(item.listAt);
        yield item;
      }
    };
    for await (const row of readable(seen())) rows.push(row);
    return { rows, next };
  },

  count: (group, limit) => table.count(inGroup(group, {}), limit),

  keysNamed: async (name) => {
    const [attribute, value] =
      'link' in name ? ['linkName', linkName(name.link)] : ['postName', String(name.postId)];
    if (value === null) return [];
    const items = table.query({
      index: attribute === 'linkName' ? 'link' : 'post',
      where: '#hash = :hash',
      names: { '#hash': attribute },
      values: { ':hash': value },
      pageSize: maxNamed,
    });
    const keys: string[] = [];
    for await (const { key } of items) if (keys.push(String(key)) === maxNamed) break;
    return keys;
  },
});
