import { keepEntryMs } from '../../core/dash/timing.ts';
import { everyDays, nextRenewal } from '../../core/entries/memory/renewal.ts';
import { renew } from '../../core/entries/seen-again.ts';
import { finalStates } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { Clock, Invocation, Ledger } from '../../core/ports.ts';
import { unlessUnreadable } from './wake-rows.ts';

type Deps = {
  ledger: Pick<Ledger, 'read' | 'replace' | 'due' | 'waiting' | 'setStoredEntryExpiry'>;
  clock: Clock;
};

/** What leads to a younger row lives for most of a year yet. */
const youngMs = 100 * 86_400_000;
const waitingAPage = 100;
/** Of one brand: far more than wait for as long, unless nobody looks after them any more. */
const mostQueued = 20_000;
const rowsAtOnce = 8;
/** A tick leaves so much of its time unused: it has ended, and noted how far it came, before the next one begins. */
const reserveMs = 20_000;

const hasTime = (invocation: Invocation): boolean => invocation.remainingMs() >= reserveMs;

/**
 * A row to which something may still happen stays for as long as that takes, and so must what leads to it, or the next
 * feed that shows its story begins another; so must its entry, from which its post may be made anew. Renews both for
 * rows that have waited for long, each on its own day in 150, for the days after `since` up to `today`, the earliest day
 * first, until time runs short. Answers the last day that is done. Repeated after a crash it changes nothing more.
 */
export const keepKnown = async (
  deps: Deps,
  brands: readonly number[],
  days: { since: number; today: number },
  invocation: Invocation,
): Promise<number> => {
  const keys = await waitingForLong(deps, brands, invocation);
  const due = dueByDay(keys ?? [], days);
  const done = await mapWithConcurrency(due, rowsAtOnce, async ({ key }) => {
    if (!hasTime(invocation)) return false;
    await renewLeading(deps, key, invocation);
    return true;
  });
  const left = due.filter((_, at) => !done[at]);
  if (keys === null || left.length > 0) invocation.report({ event: 'renewal.unfinished', rows: left.length });
  if (keys === null) return days.since;
  return left[0] ? left[0].day - 1 : days.today;
};

/** What is due by today, the earliest day first. */
const dueByDay = (keys: string[], { since, today }: { since: number; today: number }) =>
  keys
    .map((key) => ({ key, day: nextRenewal([key], Math.max(since, today - everyDays)) }))
    .filter(({ day }) => day <= today)
    .sort((a, b) => a.day - b.day);

/** Null where there was no time to find all of them. */
const waitingForLong = async (
  deps: Deps,
  brands: readonly number[],
  invocation: Invocation,
): Promise<string[] | null> => {
  const before = deps.clock() - youngMs;
  const queued = await mapWithConcurrency(brands, rowsAtOnce, (shard) =>
    deps.ledger.due({ shard, until: Number.MAX_SAFE_INTEGER, limit: mostQueued }),
  );
  const parked = await mapWithConcurrency(['held', 'uncertain'] as const, 2, (state) =>
    forPersons(deps, state, before, invocation),
  );
  if (!hasTime(invocation)) return null;
  const old = queued.flat().filter(({ seenAt }) => seenAt <= before);
  return [...old.map(({ key }) => key), ...parked.flat()];
};

/** The oldest come first: their pages end with the first one that is younger. */
const forPersons = async (
  { ledger }: Deps,
  state: 'held' | 'uncertain',
  before: number,
  invocation: Invocation,
): Promise<string[]> => {
  const keys: string[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state, limit: waitingAPage, ...(after && { after }) });
    const old = page.rows.filter(({ seenAt }) => seenAt <= before);
    keys.push(...old.map(({ key }) => key));
    after = old.length === page.rows.length ? (page.next ?? undefined) : undefined;
  } while (after !== undefined && hasTime(invocation));
  return keys;
};

/** Whoever overtakes a renewal has renewed it. */
const renewLeading = async (deps: Deps, key: string, invocation: Invocation): Promise<void> => {
  const { ledger, clock } = deps;
  const read = (one: string) => unlessUnreadable(one, invocation, () => ledger.read(one));
  const row = await read(key);
  if (row?.type !== 'entry' || finalStates.has(row.state)) return;
  if (row.storedAs !== null) await ledger.setStoredEntryExpiry(row.storedAs, clock() + keepEntryMs);
  for (const leading of row.leading) {
    const found = await read(leading);
    const longer = found && renew(found, clock());
    if (longer) await ledger.replace(longer);
  }
};
