import { circuitFor, isClosed, pausedFeeds } from '../../core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../core/circuit/circuit-row.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { deferWakeUp, type Transition } from '../../core/ledger/entry-state.ts';
import type { DueRow, EntryRow } from '../../core/ledger/row.ts';
import { isUnreadableRow } from '../../core/ledger/row.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { Clock, Invocation, Ledger, SendWakeUps, WakeUp } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

export type WakeDeps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'due'>;
  sendWakeUps: SendWakeUps;
  clock: Clock;
};

const rowsAtOnce = 8;

/** Brands whose circuit is closed. */
export const postingBrands = (rows: CircuitRow[], brands: number[], now: number) =>
  brands.filter((brand) => isClosed(circuitFor(rows, { brand }, now)));

/** Feeds whose rows wait whatever the circuit of their brand: paused manually or in feeds.yml. */
export const exceptFeeds = ({ config }: WakeDeps, rows: CircuitRow[]) => [
  ...pausedFeeds(rows),
  ...rowOwners(config)
    .filter(({ paused }) => paused)
    .map(({ id }) => id),
];

/** Rows of these brands that are due by a time, earliest first, up to a limit. */
export const dueRows = async (
  deps: WakeDeps,
  brands: number[],
  { until, room }: { until: number; room: number },
  exceptFeeds: string[],
): Promise<DueRow[]> => {
  const due = await mapWithConcurrency(brands, 8, (shard) =>
    deps.ledger.due({ shard, until, limit: room, exceptFeeds }),
  );
  return due
    .flat()
    .sort((a, b) => a.wakeAt - b.wakeAt)
    .slice(0, room);
};

/** Sends first, then moves `wakeAt`: a crash in between sends twice, which is harmless. */
export const wake = async (
  deps: WakeDeps,
  due: DueRow[],
  invocation: Invocation,
  probe?: string,
): Promise<number> => {
  if (due.length === 0) return 0;
  await deps.sendWakeUps(
    due.map(
      ({ key, brand, feed, state }): WakeUp => ({
        key,
        brand,
        ...(probe && { probe }),
        ...(state === 'enriching' && { enrich: feed }),
      }),
    ),
  );
  await mapWithConcurrency(due, rowsAtOnce, ({ key }) =>
    changeOne(deps, key, deferWakeUp(deps.clock()), invocation),
  );
  return due.length;
};

/** Reports and skips a row that cannot be read, so that the sweep continues with the rows after it. */
export const unlessUnreadable = async <R>(
  key: string,
  invocation: Invocation,
  work: () => Promise<R>,
): Promise<R | null> => {
  try {
    return await work();
  } catch (error) {
    if (!isUnreadableRow(error)) throw error;
    invocation.report({ event: 'row.corrupt', key, message: error.message });
    return null;
  }
};

export const changeOne = (
  deps: Pick<WakeDeps, 'ledger'>,
  key: string,
  transition: Transition,
  invocation: Invocation,
): Promise<EntryRow | null> => unlessUnreadable(key, invocation, () => changeRow(deps, key, transition));
