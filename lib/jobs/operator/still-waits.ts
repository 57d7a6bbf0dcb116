import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import type { Config, FeedConfig } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { isCounted, type Reservation, reserve } from '../../core/editorial/quota.ts';
import type { QuotaRow } from '../../core/editorial/quota-row.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import { undoMs } from '../../core/operator/undo.ts';
import { stopOf } from '../../core/operator/waiting.ts';
import type { CircuitStore, Clock, QuotaStore } from '../../core/ports.ts';
import { hasOwnTime } from '../../core/posts/edits.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  circuits: Pick<CircuitStore, 'rows'>;
  quotas: Pick<QuotaStore, 'read'>;
  clock: Clock;
};

/** Feeds whose limits are looked at; decisions about entries of more feeds are rare. */
const maxFeeds = 5;

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** A pause needs a person, so it names what ends it; `who`: `it`, `they` or `3 of them`. */
const stopText = (why: string, who: string): string => {
  const waits = who === 'it' ? 'waits' : 'wait';
  if (/ is paused\b/.test(why)) return `${why.replace(/\.$/, '')}, so ${who} ${waits} until you resume it.`;
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${waits}: ${lowered(why)}`;
};

/**
 * What these rows wait for if they ask for quota now, one after the other: once one has to wait, those after it do,
 * too. Null if all may be sent.
 */
const quotaWait = (
  stored: QuotaRow | null,
  { id, editorial, timezone }: FeedConfig,
  rows: readonly EntryRow[],
  now: number,
): { wait: Extract<Reservation, { kind: 'waits' }>; count: number } | null => {
  let quota = stored;
  for (const [at, row] of rows.entries()) {
    const { key, seenAt, attempts: attempt } = row;
    const limits = { ...editorial, ...(hasOwnTime(row) && { at: null }), timezone };
    const asked = reserve(quota, id, { key, seenAt, attempt, now }, limits);
    quota = asked.row;
    if (asked.reservation.kind === 'waits') return { wait: asked.reservation, count: rows.length - at };
  }
  return null;
};

const limitText = (feed: string, { code, detail }: { code: string; detail: string }, who: string): string => {
  const waits = who === 'it' ? 'waits for its turn' : 'wait for their turn';
  if (code === 'limit.quiet') return `It is quiet hours for ${feed}, so ${who} ${waits}.`;
  return code === 'limit.slots'
    ? `${feed} has no free slot, so ${who} ${waits}.`
    : `${feed} makes ${detail}, so ${who} ${waits}.`;
};

/** `it`, `they`, or how many of several. */
const whoOf = (count: number, { queued, isPart }: Looked): string => {
  if (count < queued.length) return isPart ? 'some of them' : `${count.toLocaleString('en')} of them`;
  return queued.length === 1 && !isPart ? 'it' : 'they';
};

type Looked = { queued: readonly EntryRow[]; circuits: readonly CircuitRow[]; now: number; isPart: boolean };

const stopTexts = (deps: Deps, looked: Looked) => {
  const { queued, circuits, now } = looked;
  const facts = { config: deps.config, circuits, now };
  const byWhy = Map.groupBy(queued, (row) => stopOf(row, facts)?.why ?? '');
  const free = byWhy.get('') ?? [];
  byWhy.delete('');
  const texts = [...byWhy].map(([why, rows]) => stopText(why, whoOf(rows.length, looked)));
  return { texts, free };
};

const limitTexts = async (deps: Deps, free: readonly EntryRow[], looked: Looked) => {
  const owners = rowOwners(deps.config).filter(({ editorial }) => isCounted(editorial));
  const byFeed = [...Map.groupBy(free, ({ feed }) => feed)].flatMap(([id, rows]) => {
    const owner = owners.find((one) => one.id === id);
    return owner ? [{ owner, rows }] : [];
  });
  const texts = await Promise.all(
    byFeed.slice(0, maxFeeds).map(async ({ owner, rows }) => {
      const found = quotaWait(await deps.quotas.read(owner.id), owner, rows, looked.now);
      return found && limitText(owner.id, found.wait, whoOf(found.count, looked));
    }),
  );
  return texts.filter((text) => text !== null);
};

/**
 * Why entries are not sent although someone just decided to: a pause, a stop, a limit, quiet hours or full slots, each
 * in a sentence; empty if all of them are sent at once. `isPart`: more entries are decided together with these, so that
 * no number is given. Reads the circuits, and the counts of at most five feeds.
 */
export const stillWaits = async (
  deps: Deps,
  rows: readonly EntryRow[],
  { isPart = false } = {},
): Promise<string[]> => {
  const queued = rows.filter(({ state }) => state === 'queued');
  if (queued.length === 0) return [];
  const looked = { queued, circuits: await deps.circuits.rows(), now: deps.clock(), isPart };
  const { texts, free } = stopTexts(deps, looked);
  const due = free.filter(({ dueAt }) => dueAt <= looked.now + undoMs);
  return [...texts, ...(await limitTexts(deps, due, looked))];
};
