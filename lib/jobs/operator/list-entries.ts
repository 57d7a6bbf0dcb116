import type { ListGroup } from '../../core/ledger/list-place.ts';
import type { EntryRow, ListedRow } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';

/** Entries that are searched at once if a filter has to look at each. */
const searchedAtOnce = 2_000;

type Asked = {
  groups: readonly ListGroup[];
  /** Null: every entry of these groups. */
  isWanted: ((row: ListedRow) => boolean) | null;
  limit: number;
  /** The `next` of the previous page. */
  after: string | undefined;
};

type EntryList = {
  rows: ListedRow[];
  /** Where older entries start; null if there are none. */
  next: string | null;
  /** How many entries were looked at, if there may be older ones that match. */
  searched: number | null;
};

const latestFirst = (a: ListedRow, b: ListedRow): number => (a.listAt < b.listAt ? 1 : -1);

/**
 * The latest entries of some groups, by when they came into their state: one request a group. With a filter, the latest
 * 2,000 entries are searched, and `next` goes on behind them.
 */
export const listEntries = async (
  ledger: Pick<Ledger, 'listed'>,
  { groups, isWanted, limit, after }: Asked,
): Promise<EntryList> => {
  const perGroup = isWanted ? searchedAtOnce : limit + 1;
  const pages = await Promise.all(
    groups.map((group) => ledger.listed({ group, limit: perGroup, ...(after !== undefined && { after }) })),
  );
  // Behind the first place where a group was cut off, the order of all groups is not known.
  const horizon = pages.map(({ next }) => next ?? '').reduce((a, b) => (a > b ? a : b), '');
  const looked = pages
    .flatMap(({ rows }) => rows)
    .filter(({ listAt }) => listAt >= horizon)
    .sort(latestFirst);
  const found = isWanted ? looked.filter(isWanted) : looked;
  const rows = found.slice(0, limit);
  const isCut = found.length > limit;
  return {
    rows,
    next: isCut ? (rows.at(-1)?.listAt ?? null) : horizon || null,
    searched: isWanted && horizon !== '' ? looked.length : null,
  };
};

/** The whole rows of listed entries, in their order, as they are now; one request for a hundred. */
export const readListed = async (
  ledger: Pick<Ledger, 'read'>,
  listed: readonly { key: string }[],
): Promise<EntryRow[]> => {
  const rows = await Promise.all(listed.map(({ key }) => ledger.read(key)));
  return rows.flatMap((row) => (row?.type === 'entry' ? row : []));
};
