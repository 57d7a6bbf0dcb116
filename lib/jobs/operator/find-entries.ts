import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { heldInBatch } from '../../core/entries/batch.ts';
import { guidKey, linkKey } from '../../core/entries/identity/ledger-keys.ts';
import { openBatches } from '../../core/entries/open-batches.ts';
import { permanent } from '../../core/errors.ts';
import { groupOf } from '../../core/ledger/list-place.ts';
import {
  states as allStates,
  type EntryRow,
  type ListedRow,
  type RecognizedAs,
  type State,
  type WaitingRow,
} from '../../core/ledger/row.ts';
import type { Ledger } from '../../core/ports.ts';
import { readListed } from './list-entries.ts';
import { readUndecided } from './read-health.ts';

type Reads = Pick<Ledger, 'read' | 'waiting' | 'listed' | 'keysNamed'>;
type Deps = { config: Pick<Config, 'feeds' | 'webhooks'>; ledger: Reads };

const rowsAPage = 1_000;

/** All entries of a feed, in some states, held in one batch, or a combination of these. */
export type Group = { feed?: string; states?: readonly State[]; batch?: string };

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

type Seen = Pick<EntryRow, 'seenAt' | 'key'>;
const bySeen = (a: Seen, b: Seen) => a.seenAt - b.seenAt || (a.key < b.key ? -1 : 1);

/** For a batch, its held entries and those that have been decided. */
const isOfBatch = (row: EntryRow, batch: string): boolean =>
  row.batch === batch && (row.state !== 'held' || heldInBatch(row) === batch);

const isIn = (row: EntryRow, { feed, states, batch }: Group): boolean =>
  (feed === undefined || row.feed === feed) &&
  (!states || states.includes(row.state)) &&
  (batch === undefined || isOfBatch(row, batch));

/** Every entry in these states, or in all; read through the list index, so that no other row is read. */
async function* listedRows(ledger: Reads, states: readonly State[] | undefined): AsyncGenerator<ListedRow> {
  for (const group of new Set((states ?? allStates).map(groupOf))) {
    let after: string | undefined;
    do {
      const page = await ledger.listed({ group, limit: rowsAPage, ...(after !== undefined && { after }) });
      yield* page.rows;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }
}

/** What the list index holds of a group's entries, oldest first: a request for a thousand entries. */
export const findListed = async (ledger: Reads, group: Group): Promise<ListedRow[]> => {
  const { feed, states, batch } = group;
  const listed: ListedRow[] = [];
  for await (const row of listedRows(ledger, states))
    if (
      (feed === undefined || row.feed === feed) &&
      (!states || states.includes(row.state)) &&
      (batch === undefined || row.batch === batch)
    )
      listed.push(row);
  return listed.sort(bySeen);
};

const chosen = async ({ ledger }: Deps, group: Group): Promise<EntryRow[]> => {
  const listed = await findListed(ledger, group);
  const rows = (await readListed(ledger, listed)).filter((row) => isIn(row, group));
  if (group.batch !== undefined && rows.length === 0) await checkBatch(ledger, group.batch);
  return rows;
};

/** A batch whose entries have all been decided is known by any of them. */
const checkBatch = async (ledger: Reads, batch: string): Promise<void> => {
  for await (const row of listedRows(ledger, undefined)) if (row.batch === batch) return;
  throw unknownBatch(batch, await readUndecided(ledger, 'held'));
};

const unknownBatch = (batch: string, rows: WaitingRow[]) => {
  const open = openBatches(rows).map(({ id, rows: held }) => `${id} (${held.length} held)`);
  return permanent(
    'batch.unknown',
    `There is no batch ${batch}. ${open.length === 0 ? 'None is open.' : `Open: ${open.join(', ')}.`}`,
  );
};

/** Where a name leads; `as`: the fact by which it was recognized, null if the name is the entry's own. */
type Way = { row: EntryRow; as: RecognizedAs | null };
type NamedWay = Way & { name: string };

const named = async (deps: Deps, names: string[]): Promise<NamedWay[]> => {
  const found = new Map<string, Way[]>();
  for (const name of new Set(names)) {
    const ways = await byKeys(deps, name);
    found.set(name, ways.length > 0 ? ways : await byLinkOrDraft(deps, name));
  }
  const unknown = [...found].flatMap(([name, ways]) => (ways.length === 0 ? [name] : []));
  if (unknown.length > 0)
    throw permanent(
      'entry.unknown',
      `The ledger has no entry ${unknown.join(', ')}. Pass its key (as list shows it), its guid, its link, or the ID of its draft.`,
    );
  return [...found].flatMap(([name, ways]) => ways.map((way) => ({ ...way, name })));
};

/** The keys that can be read directly: the name itself, and as an ID in each feed. */
const byKeys = async ({ config, ledger }: Deps, name: string): Promise<Way[]> => {
  const keys = [name, ...rowOwners(config).map(({ id }) => guidKey(id, name))];
  const readable = keys.filter((key) => key !== null && key !== '' && key.length <= longestKey);
  const ways = await Promise.all(readable.map((key) => follow(ledger, key as string)));
  return ways.filter((way) => way !== null);
};

/** Follows own keys only, because a conditional key may lead to another story with the same title or page. */
const follow = async (ledger: Reads, start: string): Promise<Way | null> => {
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

/** An entry by a link or a draft, or one as which an entry with this link was recognized. */
const byLinkOrDraft = async (deps: Deps, name: string): Promise<Way[]> => {
  const { config, ledger } = deps;
  const linkKeys = rowOwners(config).flatMap(({ id }) => linkKey(id, name) ?? []);
  const keys = [
    ...(await ledger.keysNamed({ link: name })),
    ...(/^\d{1,15}$/.test(name) ? await ledger.keysNamed({ postId: Number(name) }) : []),
  ];
  const ways = [
    ...(await Promise.all([...keys, ...linkKeys].map((key) => entryAt(ledger, key)))),
    await draftAt(ledger, name),
  ].filter((way) => way !== null);
  return [...Map.groupBy(ways, ({ row }) => row.key).values()].map((some) => ownFirst(some));
};

const ownFirst = (ways: Way[]): Way => ways.find(({ as }) => as === null) ?? (ways[0] as Way);

/** The entry at a key, or the one as which an entry with this key was recognized. */
const entryAt = async (ledger: Reads, key: string): Promise<Way | null> => {
  const row = await ledger.read(key);
  if (row?.type === 'entry') return { row, as: null };
  if (row?.type !== 'pointer') return null;
  const way = await follow(ledger, row.owner);
  return way && { row: way.row, as: row.recognized };
};

/** The entry that one more draft of it belongs to. */
const draftAt = async (ledger: Reads, name: string): Promise<Way | null> => {
  const way = await follow(ledger, `post-${name}`);
  return way && [way.row.postId, ...way.row.alsoPosted].some((id) => String(id) === name) ? way : null;
};
