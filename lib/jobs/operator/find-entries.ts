import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { heldInBatch } from '../../core/entries/batch.ts';
import { guidKey, linkKey } from '../../core/entries/identity/ledger-keys.ts';
import { normalizeLink } from '../../core/entries/normalize/normalize-link.ts';
import { openBatches } from '../../core/entries/open-batches.ts';
import { permanent } from '../../core/errors.ts';
import type { EntryRow, PointerRow, RecognizedAs, State } from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'all' | 'allRows'>;
};

/** All entries of a feed, in some states, held in one batch, or a combination of these. */
type Group = { feed?: string; states?: readonly State[]; batch?: string };

/** The selected entries: each by a name, or a group. */
export type Choice = { names: string[] } | Group;

/** An entry, with the names under which another one was recognized as it. */
export type Found = { row: EntryRow; recognized: (RecognizedAs & { name: string })[] };

const maxHops = 20;
const longestKey = 1_000;

/**
 * The selected entries, oldest first, each once. A name is a ledger key, a guid or ID from the feed, a link, or a
 * draft's ID in Dash Social, also of an entry that was recognized as another; a name in several feeds selects all of
 * them. Throws permanent `entry.unknown` with every name that matches nothing, and `batch.unknown` with the open
 * batches.
 */
export const findEntries = async (deps: Deps, choice: Choice): Promise<EntryRow[]> => {
  if (!('names' in choice)) return (await chosen(deps, choice)).sort(bySeen);
  return (await findNamed(deps, choice.names)).map(({ row }) => row);
};

/** Like `findEntries`, with how each name led to its entry. */
export const findNamed = async (deps: Deps, names: string[]): Promise<Found[]> => {
  const ways = await named(deps, names);
  return [...Map.groupBy(ways, ({ row }) => row.key).values()]
    .map((some) => ({
      row: (some[0] as NamedWay).row,
      recognized: some.flatMap(({ name, as }) => (as === null ? [] : [{ name, ...as }])),
    }))
    .sort((a, b) => bySeen(a.row, b.row));
};

const bySeen = (a: EntryRow, b: EntryRow) => a.seenAt - b.seenAt || (a.key < b.key ? -1 : 1);

/** For a batch, its held entries and those that have been decided. */
const isOfBatch = (row: EntryRow, batch: string): boolean =>
  row.batch === batch && (row.state !== 'held' || heldInBatch(row) === batch);

const isIn = (row: EntryRow, { feed, states, batch }: Group): boolean =>
  (feed === undefined || row.feed === feed) &&
  (!states || states.includes(row.state)) &&
  (batch === undefined || isOfBatch(row, batch));

const chosen = async ({ ledger }: Deps, group: Group) => {
  const rows: EntryRow[] = [];
  const inBatches: EntryRow[] = [];
  for await (const row of ledger.all()) {
    if (isIn(row, group)) rows.push(row);
    if (group.batch !== undefined && row.batch !== null) inBatches.push(row);
  }
  const isKnown = group.batch === undefined || inBatches.some(({ batch }) => batch === group.batch);
  if (!isKnown) throw unknownBatch(group.batch ?? '', inBatches);
  return rows;
};

const unknownBatch = (batch: string, rows: EntryRow[]) => {
  const open = openBatches(rows).map(({ id, rows: held }) => `${id} (${held.length} held)`);
  return permanent(
    'batch.unknown',
    `there is no batch ${batch}; ${open.length === 0 ? 'none is open' : `open: ${open.join(', ')}`}`,
  );
};

/** Where a name leads; `as`: the fact by which it was recognized, null if the name is the entry's own. */
type Way = { row: EntryRow; as: RecognizedAs | null };
type NamedWay = Way & { name: string };

const named = async (deps: Deps, names: string[]): Promise<NamedWay[]> => {
  const found = new Map<string, Way[]>();
  for (const name of new Set(names)) found.set(name, await byKeys(deps, name));
  const missing = [...found].flatMap(([name, ways]) => (ways.length === 0 ? [name] : []));
  if (missing.length > 0) await searchAll(deps, missing, found);
  const unknown = [...found].flatMap(([name, ways]) => (ways.length === 0 ? [name] : []));
  if (unknown.length > 0)
    throw permanent(
      'entry.unknown',
      `the ledger has no entry ${unknown.join(', ')}: give its key as list shows it, its guid, its link, or the id of its draft`,
    );
  return [...found].flatMap(([name, ways]) => ways.map((way) => ({ ...way, name })));
};

/** The keys that can be read directly: the name itself, and as an ID in each feed. */
const byKeys = async ({ config, ledger }: Deps, name: string): Promise<Way[]> => {
  const keys = [name, ...rowOwners(config).map(({ id }) => guidKey(id, name))];
  const ways: Way[] = [];
  for (const key of keys) {
    const way = key !== null && key !== '' && key.length <= longestKey ? await follow(ledger, key) : null;
    if (way) ways.push(way);
  }
  return ways;
};

/** Follows own keys only, because a conditional key may lead to another story with the same title or page. */
const follow = async (ledger: Deps['ledger'], start: string): Promise<Way | null> => {
  let key = start;
  let as: RecognizedAs | null = null;
  for (let hop = 0; hop < maxHops; hop++) {
    const row = await ledger.read(key);
    if (row?.type === 'entry') return { row, as };
    if (row?.type !== 'pointer' || row.conditions !== null) return null;
    as ??= row.recognized;
    key = row.owner;
  }
  return null;
};

type Wanted = { name: string; link: string | null; linkKeys: ReadonlySet<string | null> };

const bears = (row: EntryRow, { name, link }: Wanted): boolean =>
  (link !== null && normalizeLink(row.link)?.link === link) ||
  [row.postId, ...row.alsoPosted].some((id) => id !== null && String(id) === name);

/**
 * Whether a pointer belongs to an entry with this link that was recognized as another, or to an entry without a guid.
 */
const isAlias = ({ key, recognized }: PointerRow, { link, linkKeys }: Wanted): boolean =>
  link !== null && (normalizeLink(recognized?.link ?? null)?.link === link || linkKeys.has(key));

/** Reads the whole ledger: entries by link or draft, and those as which an entry with this link was recognized. */
const searchAll = async (
  { config, ledger }: Deps,
  names: string[],
  found: Map<string, Way[]>,
): Promise<void> => {
  const wanted = names.map(
    (name): Wanted => ({
      name,
      link: normalizeLink(name)?.link ?? null,
      linkKeys: new Set(rowOwners(config).map(({ id }) => linkKey(id, name))),
    }),
  );
  const aliases = new Map<string, PointerRow & { name: string }>();
  for await (const row of ledger.allRows())
    for (const one of wanted) {
      if (row.type === 'entry' && bears(row, one)) found.get(one.name)?.push({ row, as: null });
      if (row.type === 'pointer' && isAlias(row, one))
        aliases.set(`${one.name} ${row.owner}`, { ...row, name: one.name });
    }
  for (const { name, owner, recognized } of aliases.values()) {
    const ways = found.get(name) ?? [];
    const way = await follow(ledger, owner);
    if (way && !ways.some(({ row }) => row.key === way.row.key)) ways.push({ row: way.row, as: recognized });
  }
};
