import { isRenewalDue } from '../core/entries/renewal.ts';
import { inOrder } from '../core/in-order.ts';
import type { Call, Clock, Ledger } from '../core/ports.ts';
import { finalStates } from '../core/row.ts';
import { renew } from '../core/seen-again.ts';
import { keepEntryMs } from '../core/timing.ts';
import { unlessUnreadable } from './wake-rows.ts';

type Needs = {
  ledger: Pick<Ledger, 'read' | 'replace' | 'due' | 'waiting' | 'keepEntryUntil'>;
  clock: Clock;
};

/** What leads to a younger row lives for most of a year yet. */
const youngMs = 100 * 86_400_000;
const waitingAPage = 100;
/** Of one brand: far more than wait for as long, unless nobody looks after them any more. */
const mostQueued = 20_000;
const rowsAtOnce = 8;

/**
 * A row to which something may still happen stays for as long as that takes, and so must what leads to it, or the next
 * feed that shows its story begins another; so must its entry, from which its post may be made anew. Renews both for
 * rows that have waited for long, each on its own day in 150, for the days after `since` up to `today`. Repeated after a
 * crash it changes nothing more.
 */
export const keepKnown =
  (services: Needs) =>
  async (brands: readonly number[], days: { since: number; today: number }, call: Call): Promise<void> => {
    const keys = await waitingForLong(services, brands);
    const due = keys.filter((key) => isRenewalDue(key, days.since, days.today));
    await inOrder(due, rowsAtOnce, (key) => renewLeading(services, key, call));
  };

const waitingForLong = async (services: Needs, brands: readonly number[]): Promise<string[]> => {
  const before = services.clock() - youngMs;
  const queued = await inOrder(brands, rowsAtOnce, (shard) =>
    services.ledger.due({ shard, until: Number.MAX_SAFE_INTEGER, limit: mostQueued }),
  );
  const parked = await inOrder(['held', 'uncertain'] as const, 2, (state) =>
    forPersons(services, state, before),
  );
  const old = queued.flat().filter(({ seenAt }) => seenAt <= before);
  return [...old.map(({ key }) => key), ...parked.flat()];
};

/** The oldest come first: their pages end with the first one that is younger. */
const forPersons = async (
  { ledger }: Needs,
  state: 'held' | 'uncertain',
  before: number,
): Promise<string[]> => {
  const keys: string[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state, limit: waitingAPage, ...(after && { after }) });
    const old = page.rows.filter(({ seenAt }) => seenAt <= before);
    keys.push(...old.map(({ key }) => key));
    after = old.length === page.rows.length ? (page.next ?? undefined) : undefined;
  } while (after !== undefined);
  return keys;
};

/** Whoever overtakes a renewal has renewed it. */
const renewLeading = async (services: Needs, key: string, call: Call): Promise<void> => {
  const { ledger, clock } = services;
  const read = (one: string) => unlessUnreadable(one, call, () => ledger.read(one));
  const row = await read(key);
  if (row?.type !== 'entry' || finalStates.has(row.state)) return;
  if (row.kept !== null) await ledger.keepEntryUntil(row.kept, clock() + keepEntryMs);
  for (const leading of row.leading) {
    const found = await read(leading);
    const longer = found && renew(found, clock());
    if (longer) await ledger.replace(longer);
  }
};
