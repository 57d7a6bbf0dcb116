import { AppError } from '../../core/errors.ts';
import type { Clock, DeliveryStore, Invocation } from '../../core/ports.ts';
import { isUnproven, withNote, withNotes } from '../../core/webhooks/deliveries.ts';
import type { DeliveryNote } from '../../core/webhooks/deliveries-row.ts';

type Deps = { deliveries: DeliveryStore; clock: Clock };

/** The outcome of one story in a delivery, or of the whole delivery. */
export type Became = Pick<DeliveryNote, 'outcome' | 'reason' | 'entry'>;

/**
 * Refusals are written once in this time per webhook and reason and counted in memory in between, because anyone can
 * send them at any rate.
 */
export const unprovenEveryMs = 60_000;

/**
 * Without this much time left nothing is recorded, because the response, due 2.5 s before the end, comes first. A
 * read, a write and a check of that write take 3.3 s at worst (lib/services/aws-client-config.ts).
 */
export const neededMs = 6_000;

/** `notes`: not written yet, the latest first. `tried`: the last attempt to write only unauthenticated ones, by reason. */
type Waiting = { notes: DeliveryNote[]; tried: ReadonlyMap<string | null, number> };

const nothing: Waiting = { notes: [], tried: new Map() };

/**
 * Records outcomes of deliveries for status and doctor. Never throws and never delays a response: what could not be
 * written is written with the next delivery. Use one for all deliveries: its counts are in memory and are lost with
 * its process.
 */
export const recordDeliveries = (deps: Deps) => {
  const waiting = new Map<string, Waiting>();

  return async (webhook: string, became: readonly Became[], invocation: Invocation): Promise<void> => {
    const now = deps.clock();
    const { notes: before, tried: earlier } = waiting.get(webhook) ?? nothing;
    const fresh = became.map((one): DeliveryNote => ({ ...one, since: now, at: now, times: 1 }));
    const notes = fresh.reduce(withNote, before);
    const isAnybodys = fresh.every(isUnproven);
    const reason = notes[0]?.reason ?? null;
    if (isAnybodys && now - (earlier.get(reason) ?? Number.NEGATIVE_INFINITY) < unprovenEveryMs) {
      waiting.set(webhook, { notes, tried: earlier });
      return;
    }

    const tried = isAnybodys ? new Map(earlier).set(reason, now) : earlier;
    waiting.set(webhook, { notes: [], tried });
    if (await isWritten(deps, webhook, notes, invocation)) return;
    const since = waiting.get(webhook)?.notes ?? [];
    waiting.set(webhook, { notes: since.toReversed().reduce(withNote, notes), tried });
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
      if (notes.every(isUnproven) && isJustNoted(row?.latest ?? [], notes[0])) return false;
      if (await deliveries.save(withNotes(webhook, row, notes.toReversed()))) return true;
    }
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'unexpected';
    const message = error instanceof Error ? error.message : String(error);
    invocation.report({ event: 'webhook.not-recorded', source: webhook, code, message });
  }
  return false;
};

/** Recorded by another process: together they write once in this time. */
const isJustNoted = (written: readonly DeliveryNote[], latest: DeliveryNote | undefined): boolean =>
  latest !== undefined &&
  written.some(
    (note) => isUnproven(note) && note.reason === latest.reason && latest.at - note.at < unprovenEveryMs,
  );
