import type { Config } from '../core/config.ts';
import { guidKey } from '../core/entries/ledger-keys.ts';
import { normalizeLink } from '../core/entries/normalize-link.ts';
import { permanent } from '../core/errors.ts';
import type { Ledger } from '../core/ports.ts';
import type { EntryRow, State } from '../core/row.ts';
import { rowOwners } from '../core/row-owners.ts';

type Needs = { config: Pick<Config, 'feeds' | 'webhooks'>; ledger: Pick<Ledger, 'read' | 'all'> };

/** All entries of a feed, of some states, held in one batch, or of several of these. */
export type Group = { feed?: string; states?: readonly State[]; batch?: string };

/** Which entries a person means: each by a name it has, or a group. */
export type Choice = { names: string[] } | Group;

const maxHops = 20;
const longestKey = 1_000;

/**
 * The entries a person names, oldest first, each once. A name is a ledger key, a guid or id as the feed gives it, a
 * link, or the id of the draft in Dash Social; what several feeds know by one name is all of theirs. Throws permanent
 * `entry.unknown` that tells every name which nothing bears.
 */
export const findEntries =
  (services: Needs) =>
  async (choice: Choice): Promise<EntryRow[]> => {
    const found = 'names' in choice ? await named(services, choice.names) : await chosen(services, choice);
    return [...new Map(found.map((row) => [row.key, row])).values()].sort(bySeen);
  };

const bySeen = (a: EntryRow, b: EntryRow) => a.seenAt - b.seenAt || (a.key < b.key ? -1 : 1);

const isIn = (row: EntryRow, { feed, states, batch }: Group): boolean =>
  (feed === undefined || row.feed === feed) &&
  (!states || states.includes(row.state)) &&
  (batch === undefined || row.batch === batch);

const chosen = async ({ ledger }: Needs, group: Group) => {
  const rows: EntryRow[] = [];
  for await (const row of ledger.all()) if (isIn(row, group)) rows.push(row);
  return rows;
};

const named = async (services: Needs, names: string[]): Promise<EntryRow[]> => {
  const found = new Map<string, EntryRow[]>();
  for (const name of new Set(names)) found.set(name, await byKeys(services, name));
  const missing = [...found].flatMap(([name, rows]) => (rows.length === 0 ? [name] : []));
  if (missing.length > 0) await searchAll(services, missing, found);
  const unknown = [...found].flatMap(([name, rows]) => (rows.length === 0 ? [name] : []));
  if (unknown.length > 0)
    throw permanent(
      'entry.unknown',
      `the ledger has no entry ${unknown.join(', ')}: give its key as list shows it, its guid, its link, or the id of its draft`,
    );
  return [...found.values()].flat();
};

/** What can be read at once: the name as a key, and as an id in each feed. */
const byKeys = async ({ config, ledger }: Needs, name: string): Promise<EntryRow[]> => {
  const keys = [name, ...rowOwners(config).map(({ id }) => guidKey(id, name))];
  const rows: EntryRow[] = [];
  for (const key of keys) {
    const row = key !== null && key !== '' && key.length <= longestKey ? await follow(ledger, key) : null;
    if (row) rows.push(row);
  }
  return rows;
};

const follow = async (ledger: Needs['ledger'], start: string): Promise<EntryRow | null> => {
  let key = start;
  for (let hop = 0; hop < maxHops; hop++) {
    const row = await ledger.read(key);
    if (row?.type !== 'pointer') return row?.type === 'entry' ? row : null;
    key = row.owner;
  }
  return null;
};

const bears = (row: EntryRow, name: string) =>
  (row.link !== null && normalizeLink(row.link)?.link === normalizeLink(name)?.link) ||
  [row.postId, ...row.alsoPosted].some((id) => id !== null && String(id) === name);

const searchAll = async ({ ledger }: Needs, names: string[], found: Map<string, EntryRow[]>) => {
  for await (const row of ledger.all())
    for (const name of names) if (bears(row, name)) found.get(name)?.push(row);
};
