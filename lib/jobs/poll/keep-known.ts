import { keepEntryMs } from '../../core/dash/timing.ts';
import { everyDays, nextRenewal } from '../../core/entries/memory/renewal.ts';
import { renewExpiry } from '../../core/entries/seen-again.ts';
import { finalStates } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { Clock, Invocation, Ledger } from '../../core/ports.ts';
import { unlessUnreadable } from './wake-rows.ts';

type Deps = {
  ledger: Pick<Ledger, 'read' | 'replace' | 'due' | 'waiting' | 'setStoredEntryExpiry'>;
  clock: Clock;
};

/** Pointers to a younger row still live for most of a year. */
const youngMs = 100 * 86_400_000;
/** States that only you end, and in which a row never expires. */
const waitingStates = ['held', 'review', 'uncertain'] as const;
const waitingAPage = 100;
/** Per brand: far more rows than ever wait this long in an operated system. */
const maxQueued = 20_000;
const rowsAtOnce = 8;
/** Time that a tick leaves unused, so that it has ended and recorded its progress before the next one begins. */
const reserveMs = 20_000;

const hasTime = (invocation: Invocation): boolean => invocation.remainingMs() >= reserveMs;

/**
 * A row that may still change must be kept until then, and so must its pointers, or the next feed with its story
 * registers it again; and so must its stored entry, from which its post may be rendered again. Renews both for rows
 * that have waited long, each on its own day in 150, for the days after `since` up to `today`, earliest first, until
 * time runs short. Returns the last finished day. Safe to repeat.
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

/** The rows due by today, earliest day first. */
const dueByDay = (keys: string[], { since, today }: { since: number; today: number }) =>
  keys
    .map((key) => ({ key, day: nextRenewal([key], Math.max(since, today - everyDays)) }))
    .filter(({ day }) => day <= today)
    .sort((a, b) => a.day - b.day);

/** Null if there was no time to find all of them. */
const waitingForLong = async (
  deps: Deps,
  brands: readonly number[],
  invocation: Invocation,
): Promise<string[] | null> => {
  const before = deps.clock() - youngMs;
  const queued = await mapWithConcurrency(brands, rowsAtOnce, (shard) =>
    deps.ledger.due({ shard, until: Number.MAX_SAFE_INTEGER, limit: maxQueued }),
  );
  const parked = await mapWithConcurrency(waitingStates, waitingStates.length, (state) =>
    waitingRows(deps, state, before, invocation),
  );
  if (!hasTime(invocation)) return null;
  const old = queued.flat().filter(({ seenAt }) => seenAt <= before);
  return [...old.map(({ key }) => key), ...parked.flat()];
};

/** Oldest first: paging ends with the first younger row. */
const waitingRows = async (
  { ledger }: Deps,
  state: (typeof waitingStates)[number],
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

/** A concurrent renewal has the same effect. */
const renewLeading = async (deps: Deps, key: string, invocation: Invocation): Promise<void> => {
  const { ledger, clock } = deps;
  const read = (one: string) => unlessUnreadable(one, invocation, () => ledger.read(one));
  const row = await read(key);
  if (row?.type !== 'entry' || finalStates.has(row.state)) return;
  if (row.storedAs !== null) await ledger.setStoredEntryExpiry(row.storedAs, clock() + keepEntryMs);
  for (const leading of row.leading) {
    const found = await read(leading);
    const longer = found && renewExpiry(found, clock());
    if (longer) await ledger.replace(longer);
  }
};
