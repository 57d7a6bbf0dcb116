import { keepEntryMs } from '../core/dash/timing.ts';
import { screen } from '../core/editorial/editorial-rules.ts';
import { type Admitted, type Arrival, shownBy } from '../core/entries/arrival.ts';
import { keptIdOf, leftOut, rowTitle } from '../core/entries/kept-entry.ts';
import { contentHash } from '../core/entries/normalize/content-hash.ts';
import { renew, seenAgain } from '../core/entries/seen-again.ts';
import { AppError, retryable } from '../core/errors.ts';
import { type NewRow, newPointer, newRow, takeOver, type Verdict } from '../core/ledger/entry-state.ts';
import type { Claim, EntryRow, LedgerRow, RecognizedAs } from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';
import { changeRow } from './change-row.ts';
import { type End, type Ends, endsOf } from './find-owner.ts';

type Needs = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'keepEntry'>; clock: Clock };

const maxTurns = 20;

/**
 * The one door: every entry, by whatever road, meets the rules of its feed and becomes one row of the ledger, or
 * is found to be known. Racing admits of one story agree on one row, and a crash between any two steps leaves
 * nothing that the next admit of it does not repair: an entry is written only at the end to which all its keys
 * lead, and conditional keys are never such an end.
 */
export const admit =
  (services: Needs) =>
  async (judged: Arrival): Promise<Admitted> => {
    const arrival = screen(judged);
    for (let turn = 0; turn < maxTurns; turn++) {
      const admitted = await tryToAdmit(services, arrival);
      if (admitted) return admitted;
    }
    throw retryable('ledger.contended', `${arrival.keys.own} found no rest in ${maxTurns} turns`);
  };

const tryToAdmit = async (services: Needs, arrival: Arrival): Promise<Admitted | null> => {
  const found = await endsOf(services, arrival);
  const entry = found.ends.find((end) => end.entry)?.entry ?? null;
  const owner = entry?.key ?? smallest(found.ends);

  if (entry && !(await renewAll(services, entry, found, arrival))) return null;
  if (!(await leadAllTo(services, owner, found, arrival))) return null;
  const leading = leadingTo(owner, found, arrival);
  if (entry) return decide(services, entry, arrival, leading);
  const kept = await keep(services, owner, arrival);
  const row = rowOf(arrival, owner, { kept, leading, at: services.clock() });
  return (await services.ledger.insert(row)) ? admittedAs(row) : null;
};

const admittedAs = (row: EntryRow): Admitted => ({
  outcome: row.state as Admitted['outcome'],
  key: row.key,
  code: row.history.at(-1)?.code ?? '',
  heldIn: row.state === 'held' ? row.batch : null,
});

/**
 * Keeps an entry for its row, before that: a crash in between leaves an entry that no row names and that ends by
 * itself. Answers its id; null when it is too large to be kept.
 */
const keep = async ({ ledger, clock }: Needs, key: string, { kept }: Arrival): Promise<string | null> => {
  const id = keptIdOf(key, kept);
  try {
    await ledger.keepEntry(id, kept, clock() + keepEntryMs);
    return id;
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.too-large') return null;
    throw error;
  }
};

const smallest = (ends: End[]) => ends.map(({ key }) => key).reduce((a, b) => (b < a ? b : a));

/** The keys that lead to the owner, or will when the arrival is admitted. */
const leadingTo = (owner: string, { ends, free }: Ends, { keys: { pair } }: Arrival): string[] => {
  const own = ends.filter(({ key, entry }) => entry === null || key === owner);
  const keys = own.flatMap(({ key, path }) => [...path.map((pointer) => pointer.key), key]);
  const all = new Set([...keys, ...free, ...(pair === null ? [] : [pair])]);
  all.delete(owner);
  return [...all];
};

/** The entry first, so that it outlives what leads to it. A pointer that fails was renewed by somebody else. */
const renewAll = async (
  { ledger, clock }: Needs,
  entry: EntryRow,
  found: Ends,
  arrival: Arrival,
): Promise<boolean> => {
  const leading = leadingTo(entry.key, found, arrival);
  const next = seenAgain(entry, { by: shownBy(arrival), own: arrival.keys.own, leading, at: clock() });
  if (next && !(await ledger.replace(next))) return false;
  const pointers = new Map<string, LedgerRow>(
    found.ends.flatMap(({ path }) => path).map((row) => [row.key, row]),
  );
  for (const row of pointers.values()) {
    const longer = renew(row, clock());
    if (longer) await ledger.replace(longer);
  }
  return true;
};

const claimOf = (arrival: Arrival): Claim => {
  const { date, dayOnly, text, title, query } = arrival.sighting.facts;
  return { date, dayOnly, text, title, query: [...query], metBy: shownBy(arrival) };
};

/** How the entry under its own key came to be the one that was found; null where nothing was found. */
const recognizedAs = ({ ends }: Ends, owner: string, { kept: { entry } }: Arrival): RecognizedAs | null => {
  const by = ends.find((end) => end.entry?.key === owner)?.by;
  return by === undefined ? null : { by, title: rowTitle(entry), link: entry.link };
};

/**
 * A pointer to the owner at every other end that is empty, then at every conditional key that is free; false when
 * somebody wrote there meanwhile.
 */
const leadAllTo = async (
  { ledger, clock }: Needs,
  owner: string,
  found: Ends,
  arrival: Arrival,
): Promise<boolean> => {
  const empty = new Set(found.ends.filter((end) => !end.entry && end.key !== owner).map(({ key }) => key));
  const recognized = recognizedAs(found, owner, arrival);
  for (const key of empty)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { recognized })))) return false;
  const claim = claimOf(arrival);
  for (const key of found.free)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { claim, recognized })))) return false;
  return true;
};

const verdictOf = ({ verdict, sighting, kept }: Arrival): Verdict => {
  const detail = verdict.detail ?? leftOut(sighting.entry, kept);
  return detail === undefined ? verdict : { ...verdict, detail };
};

type Told = Pick<NewRow, 'kept' | 'leading' | 'at'>;

const rowOf = (arrival: Arrival, key: string, { kept, leading, at }: Told): EntryRow => {
  const { feed, sighting, post, rendering, batch, lesson } = arrival;
  const verdict = verdictOf(arrival);
  return newRow({
    key,
    feed: feed.id,
    brand: feed.brandId,
    entry: arrival.kept.entry,
    kept,
    contentHash: contentHash(sighting.entry),
    whenUncertain: feed.whenUncertain,
    post,
    rendering,
    verdict,
    metBy: shownBy(arrival),
    leading,
    batch: verdict.state === 'held' ? batch : null,
    lesson: verdict.state === 'held' ? lesson : null,
    at,
  });
};

/** What was found decides, unless it is only somebody else's "not for me". */
const decide = async (
  services: Needs,
  found: EntryRow,
  arrival: Arrival,
  leading: string[],
): Promise<Admitted> => {
  const { feed, side, post, rendering, verdict, recognized, news, firstPublished } = arrival;
  const heldIn = found.state === 'held' ? found.batch : null;
  const known: Admitted = { outcome: 'known', key: found.key, code: 'entry.known', heldIn };
  if (verdict.state !== 'queued' || recognized !== null) return known;
  const wanted = {
    feed: feed.id,
    side,
    news,
    firstPublished,
    post,
    leading,
    rendering,
    whenUncertain: feed.whenUncertain,
    at: services.clock(),
  };
  if (takeOver({ ...wanted, kept: null })(found) === null) return known;
  const kept = await keep(services, found.key, arrival);
  const taken = await changeRow(services)(found.key, takeOver({ ...wanted, kept }));
  return taken ? admittedAs(taken) : known;
};
