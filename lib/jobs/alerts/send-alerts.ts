import { batchOfAlert, notifyLockMs } from '../../core/alerts/alert.ts';
import type { AlertRow } from '../../core/alerts/alert-row.ts';
import {
  type AlertContext,
  type AlertEntry,
  alertNotice,
  type Notice,
} from '../../core/alerts/format-alert.ts';
import { isDue, reconcileAlerts } from '../../core/alerts/reconcile-alerts.ts';
import { heldInBatch } from '../../core/entries/batch.ts';
import { AppError } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { AlertStore, Invocation, Ledger } from '../../core/ports.ts';
import { type ObserveDeps, observeAlerts } from './observe-alerts.ts';

/** Sends notices; throws AppError when they were not accepted. */
export type SendNotices = (notices: Notice[]) => Promise<void>;

export type AlertDeps = ObserveDeps & {
  alerts: AlertStore;
  ledger: Pick<Ledger, 'read' | 'waiting'>;
  /** By name; the log is always one of them and cannot fail. */
  channels: Record<string, SendNotices>;
  /** Kinds that a channel receives in another way. */
  notifiedElsewhere: (channel: string, kind: Notice['kind']) => boolean;
  context: AlertContext;
};

/** Alerts checked in one run; the rest wait for the next. */
const maxAlerts = 500;

type AlertEntries = Map<string, AlertEntry | null>;

/**
 * Notifies people: checks the active conditions, raises, updates or resolves alerts for them, and sends each channel
 * its pending notices once. A run that dies between sending and recording counts as not having sent: a notice may be
 * sent twice, but is never lost.
 */
export const sendAlerts =
  (deps: AlertDeps) =>
  async (_: unknown, invocation: Invocation): Promise<void> => {
    const { observed, blind, failures } = await observeAlerts(deps);
    const before = await deps.alerts.rows(maxAlerts);
    const alertEntries = await readAlertEntries(deps, before);
    const now = deps.clock();
    const entryStates = new Map([...alertEntries].map(([id, row]) => [id, row?.state ?? null]));
    const channelsFor = (kind: Notice['kind']) =>
      Object.keys(deps.channels).filter((channel) => !deps.notifiedElsewhere(channel, kind));
    const changes = reconcileAlerts(before, { now, observed, blind, entryStates, channelsFor });
    const rows = await write(deps, before, changes);

    const due = rows.filter((row) => isDue(row, entryStates.get(row.id) ?? null, now));
    const mine = await lock(deps, due, now);
    if (mine.length > 0) await notifyChannels(deps, mine, alertEntries, invocation);
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} checks failed`);
  };

const readAlertEntries = async (deps: AlertDeps, rows: AlertRow[]): Promise<AlertEntries> => {
  const read = await mapWithConcurrency(
    rows,
    8,
    async (row) => [row.id, await alertEntryOf(deps, row)] as const,
  );
  return new Map(read);
};

/** Any entry still held in a batch will do: the alert resolves with the last one. */
const alertEntryOf = async (
  { ledger }: AlertDeps,
  { id, kind, entryKey }: AlertRow,
): Promise<AlertEntry | null> => {
  const found = entryKey === null ? null : await ledger.read(entryKey);
  const row = found?.type === 'entry' ? found : null;
  if (kind !== 'batch-held') return row;
  const batch = batchOfAlert(id);
  return row !== null && heldInBatch(row) === batch ? row : anyHeldIn(ledger, batch);
};

const heldAPage = 100;

const anyHeldIn = async (ledger: AlertDeps['ledger'], batch: string): Promise<AlertEntry | null> => {
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state: 'held', limit: heldAPage, ...(after && { after }) });
    const found = page.rows.find((row) => heldInBatch(row) === batch);
    if (found) return found;
    after = page.next ?? undefined;
  } while (after !== undefined);
  return null;
};

/** The alerts after the run; a concurrent change by another run is kept. */
const write = async (
  { alerts }: AlertDeps,
  before: AlertRow[],
  changes: ReturnType<typeof reconcileAlerts>,
): Promise<AlertRow[]> => {
  const rows = new Map(before.map((row) => [row.id, row]));
  for (const { row, remove } of changes) {
    rows.delete(row.id);
    const done = remove ? await alerts.remove(row) : await alerts.put(row);
    if (done && !remove) rows.set(row.id, row);
  }
  return [...rows.values()];
};

/** Of two runs that would send the same notices, only one may. */
const lock = async ({ alerts }: AlertDeps, rows: AlertRow[], now: number): Promise<AlertRow[]> => {
  const held = rows.map((row): AlertRow => ({ ...row, lockedUntil: now + notifyLockMs, rev: row.rev + 1 }));
  const got = await mapWithConcurrency(held, 8, (row) => alerts.put(row));
  return held.filter((_, at) => got[at]);
};

const notifyChannels = async (
  deps: AlertDeps,
  rows: AlertRow[],
  alertEntries: AlertEntries,
  invocation: Invocation,
) => {
  const due = rows.map((row) => ({
    row,
    notice: alertNotice({ row, entry: alertEntries.get(row.id) ?? null }, deps.context),
  }));
  const failed = new Set<string>();
  for (const [channel, send] of Object.entries(deps.channels)) {
    const notices = due.flatMap(({ row, notice }) =>
      row.pendingChannels?.includes(channel) ? [notice] : [],
    );
    if (notices.length > 0 && !(await isDelivered(send, notices, channel, invocation))) failed.add(channel);
  }
  await mapWithConcurrency(rows, 8, (row) => deps.alerts.put(afterNotices(row, failed)));
};

const isDelivered = async (
  send: SendNotices,
  notices: Notice[],
  channel: string,
  invocation: Invocation,
): Promise<boolean> => {
  try {
    await send(notices);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message } = error;
    invocation.report({ event: 'alert.failed', channel, alerts: notices.length, code, message });
    return false;
  }
};

/** A channel that failed stays pending. */
const afterNotices = (row: AlertRow, failed: Set<string>): AlertRow => {
  const pendingChannels = (row.pendingChannels ?? []).filter((channel) => failed.has(channel));
  const toldOne = pendingChannels.length < (row.pendingChannels ?? []).length;
  return { ...row, pendingChannels, notified: row.notified || toldOne, lockedUntil: null, rev: row.rev + 1 };
};
