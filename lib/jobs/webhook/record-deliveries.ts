import { AppError } from '../../core/errors.ts';
import type { Clock, DeliveryStore, Invocation } from '../../core/ports.ts';
import { isUnproven, withNote, withNotes } from '../../core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../core/webhooks/deliveries-row.ts';

type Deps = { deliveries: DeliveryStore; clock: Clock };

/** What became of one story of a delivery, or of all of it. */
export type Became = Pick<DeliveryNote, 'outcome' | 'reason' | 'entry'>;

/**
 * What was refused is written once in this time, for each webhook, and counted in memory in between: anybody may send it,
 * as often as they like.
 */
export const unprovenEveryMs = 60_000;

/**
 * Without so much time left nothing is noted: the answer, due 2.5 s before the end, comes first. A read, a write and a look
 * whether that is in take 3.3 s at worst (lib/deps/aws-client-config.ts).
 */
export const neededMs = 6_000;

/** Not written yet, the latest first; `triedAt`: when nothing but what anybody may send was last to be written. */
type Waiting = { notes: DeliveryNote[]; triedAt: number };

const nothing: Waiting = { notes: [], triedAt: Number.NEGATIVE_INFINITY };

/**
 * Notes what becomes of deliveries, for people. Never throws and never keeps an answer back: what could not be written
 * is written with the next. Keep one for all deliveries: it counts in memory, which is lost with its process.
 */
export const recordDeliveries = (deps: Deps) => {
  const waiting = new Map<string, Waiting>();

  return async (webhook: string, became: readonly Became[], invocation: Invocation): Promise<void> => {
    const now = deps.clock();
    const { notes: before, triedAt } = waiting.get(webhook) ?? nothing;
    const fresh = became.map((one): DeliveryNote => ({ ...one, since: now, at: now, times: 1 }));
    const notes = fresh.reduce(withNote, before);
    const isAnybodys = fresh.every(isUnproven);
    if (isAnybodys && now - triedAt < unprovenEveryMs) {
      waiting.set(webhook, { notes, triedAt });
      return;
    }

    const tried = isAnybodys ? now : triedAt;
    waiting.set(webhook, { notes: [], triedAt: tried });
    if (await isWritten(deps, webhook, notes, invocation)) return;
    const since = waiting.get(webhook)?.notes ?? [];
    waiting.set(webhook, { notes: since.toReversed().reduce(withNote, notes), triedAt: tried });
  };
};

const attempts = 2;

const isWritten = async (
  { deliveries }: Deps,
  webhook: string,
  notes: readonly DeliveryNote[],
  invocation: Invocation,
): Promise<boolean> => {
  try {
    for (let attempt = 0; attempt < attempts && invocation.remainingMs() >= neededMs; attempt += 1) {
      const row = await deliveries.read(webhook);
      if (notes.every(isUnproven) && isJustNoted(row?.latest[0], notes[0])) return false;
      if (await deliveries.save(withNotes(webhook, row, notes.toReversed()))) return true;
    }
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'unexpected';
    const message = error instanceof Error ? error.message : String(error);
    invocation.report({ event: 'webhook.not-noted', source: webhook, code, message });
  }
  return false;
};

/** By another process: they all write once in the time together. */
const isJustNoted = (written: DeliveryNote | undefined, latest: DeliveryNote | undefined): boolean =>
  written !== undefined &&
  latest !== undefined &&
  isUnproven(written) &&
  latest.at - written.at < unprovenEveryMs;
