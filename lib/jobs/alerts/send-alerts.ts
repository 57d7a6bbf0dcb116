import { type AlertRow, batchOfAlert, tellingMs } from '../../core/alerts/alert.ts';
import { type AlertPlace, alertNotice, type Notice, type Witness } from '../../core/alerts/format-alert.ts';
import { isDueToTell, reconcileAlerts } from '../../core/alerts/reconcile-alerts.ts';
import { heldInBatch } from '../../core/entries/batch.ts';
import { AppError } from '../../core/errors.ts';
import { mapWithConcurrency } from '../../core/map-with-concurrency.ts';
import type { AlertStore, Call, Ledger } from '../../core/ports.ts';
import { type WatchNeeds, watch } from './observe-alerts.ts';

/** Says it; throws AppError when it was not taken. */
export type Tell = (notices: Notice[]) => Promise<void>;

export type AlertNeeds = WatchNeeds & {
  alerts: AlertStore;
  ledger: Pick<Ledger, 'read' | 'waiting'>;
  /** By name; the log is always one of them, and cannot fail. */
  channels: Record<string, Tell>;
  /** Kinds that one of the channels hears of by another way. */
  toldElsewhere: (channel: string, kind: Notice['kind']) => boolean;
  place: AlertPlace;
};

/** Flags looked at in one run; what is beyond waits for the next. */
const mostFlags = 500;

type Witnesses = Map<string, Witness | null>;

/**
 * Tells persons what they have to know: looks at what is the case, puts up, changes or takes down flags for it, and
 * tells each channel what it is owed, once. Who dies between telling and noting that it has been told is taken for
 * not having told: then it is told twice, and never not at all.
 */
export const sendAlerts =
  (services: AlertNeeds) =>
  async (_: unknown, call: Call): Promise<void> => {
    const { observed, blind, failures } = await watch(services);
    const before = await services.alerts.rows(mostFlags);
    const witnesses = await readWitnesses(services, before);
    const now = services.clock();
    const witnessed = new Map([...witnesses].map(([id, row]) => [id, row?.state ?? null]));
    const channelsFor = (kind: Notice['kind']) =>
      Object.keys(services.channels).filter((channel) => !services.toldElsewhere(channel, kind));
    const changes = reconcileAlerts(before, { now, observed, blind, witnessed, channelsFor });
    const rows = await write(services, before, changes);

    const due = rows.filter((row) => isDueToTell(row, witnessed.get(row.id) ?? null, now));
    const mine = await hold(services, due, now);
    if (mine.length > 0) await tell(services, mine, witnesses, call);
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, `${failures.length} looks failed`);
  };

const readWitnesses = async (services: AlertNeeds, rows: AlertRow[]): Promise<Witnesses> => {
  const read = await mapWithConcurrency(
    rows,
    8,
    async (row) => [row.id, await witnessOf(services, row)] as const,
  );
  return new Map(read);
};

/** Of a batch any entry will do that is still held in it: it is over with its last one. */
const witnessOf = async (
  { ledger }: AlertNeeds,
  { id, kind, witness }: AlertRow,
): Promise<Witness | null> => {
  const found = witness === null ? null : await ledger.read(witness);
  const row = found?.type === 'entry' ? found : null;
  if (kind !== 'batch-held') return row;
  const batch = batchOfAlert(id);
  return row !== null && heldInBatch(row) === batch ? row : anyHeldIn(ledger, batch);
};

const heldAPage = 100;

const anyHeldIn = async (ledger: AlertNeeds['ledger'], batch: string): Promise<Witness | null> => {
  let after: string | undefined;
  do {
    const page = await ledger.waiting({ state: 'held', limit: heldAPage, ...(after && { after }) });
    const found = page.rows.find((row) => heldInBatch(row) === batch);
    if (found) return found;
    after = page.next ?? undefined;
  } while (after !== undefined);
  return null;
};

/** The flags as they are afterwards; one that somebody else has changed meanwhile is theirs. */
const write = async (
  { alerts }: AlertNeeds,
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

/** Of two who would tell the same, one may. */
const hold = async ({ alerts }: AlertNeeds, rows: AlertRow[], now: number): Promise<AlertRow[]> => {
  const held = rows.map((row): AlertRow => ({ ...row, heldUntil: now + tellingMs, rev: row.rev + 1 }));
  const got = await mapWithConcurrency(held, 8, (row) => alerts.put(row));
  return held.filter((_, at) => got[at]);
};

const tell = async (services: AlertNeeds, rows: AlertRow[], witnesses: Witnesses, call: Call) => {
  const told = rows.map((row) => ({
    row,
    notice: alertNotice({ row, entry: witnesses.get(row.id) ?? null }, services.place),
  }));
  const failed = new Set<string>();
  for (const [channel, say] of Object.entries(services.channels)) {
    const notices = told.flatMap(({ row, notice }) => (row.owed?.includes(channel) ? [notice] : []));
    if (notices.length > 0 && !(await delivers(say, notices, channel, call))) failed.add(channel);
  }
  await mapWithConcurrency(rows, 8, (row) => services.alerts.put(noted(row, failed)));
};

const delivers = async (say: Tell, notices: Notice[], channel: string, call: Call): Promise<boolean> => {
  try {
    await say(notices);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message } = error;
    call.report({ event: 'alert.failed', channel, alerts: notices.length, code, message });
    return false;
  }
};

/** A channel that failed is owed it still. */
const noted = (row: AlertRow, failed: Set<string>): AlertRow => {
  const owed = (row.owed ?? []).filter((channel) => failed.has(channel));
  const toldOne = owed.length < (row.owed ?? []).length;
  return { ...row, owed, told: row.told || toldOne, heldUntil: null, rev: row.rev + 1 };
};
