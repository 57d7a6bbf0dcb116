import { keepEntryMs } from '../core/dash/timing.ts';
import { applyFilters, type Candidate, type Registration, shownBy } from '../core/entries/candidate.ts';
import { contentHash } from '../core/entries/normalize/content-hash.ts';
import { renew, seenAgain } from '../core/entries/seen-again.ts';
import { leftOut, rowTitle, storedEntryId } from '../core/entries/stored-entry.ts';
import { AppError, retryable } from '../core/errors.ts';
import { type NewRow, newPointer, newRow, takeOver, type Verdict } from '../core/ledger/entry-state.ts';
import type { Claim, EntryRow, LedgerRow, RecognizedAs } from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';
import { changeRow } from './change-row.ts';
import { type End, type Ends, endsOf } from './find-owner.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'storeEntry'>; clock: Clock };

const maxTurns = 20;

/**
 * The one door: every entry, by whatever road, meets the rules of its feed and becomes one row of the ledger, or
 * is found to be known. Racing admits of one story agree on one row, and a crash between any two steps leaves
 * nothing that the next admit of it does not repair: an entry is written only at the end to which all its keys
 * lead, and conditional keys are never such an end.
 */
export const registerEntry = async (deps: Deps, judged: Candidate): Promise<Registration> => {
  const candidate = applyFilters(judged);
  for (let turn = 0; turn < maxTurns; turn++) {
    const admitted = await tryToRegister(deps, candidate);
    if (admitted) return admitted;
  }
  throw retryable('ledger.contended', `${candidate.keys.own} found no rest in ${maxTurns} turns`);
};

const tryToRegister = async (deps: Deps, candidate: Candidate): Promise<Registration | null> => {
  const found = await endsOf(deps, candidate);
  const entry = found.ends.find((end) => end.entry)?.entry ?? null;
  const owner = entry?.key ?? smallest(found.ends);

  if (entry && !(await renewAll(deps, entry, found, candidate))) return null;
  if (!(await leadAllTo(deps, owner, found, candidate))) return null;
  const leading = leadingTo(owner, found, candidate);
  if (entry) return decide(deps, entry, candidate, leading);
  const storedAs = await keep(deps, owner, candidate);
  const row = rowOf(candidate, owner, { storedAs, leading, at: deps.clock() });
  return (await deps.ledger.insert(row)) ? registeredAs(row) : null;
};

const registeredAs = (row: EntryRow): Registration => ({
  outcome: row.state as Registration['outcome'],
  key: row.key,
  code: row.history.at(-1)?.code ?? '',
  heldIn: row.state === 'held' ? row.batch : null,
});

/**
 * Keeps an entry for its row, before that: a crash in between leaves an entry that no row names and that ends by
 * itself. Answers its id; null when it is too large to be kept.
 */
const keep = async ({ ledger, clock }: Deps, key: string, { stored }: Candidate): Promise<string | null> => {
  const id = storedEntryId(key, stored);
  try {
    await ledger.storeEntry(id, stored, clock() + keepEntryMs);
    return id;
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.too-large') return null;
    throw error;
  }
};

const smallest = (ends: End[]) => ends.map(({ key }) => key).reduce((a, b) => (b < a ? b : a));

/** The keys that lead to the owner, or will when the arrival is admitted. */
const leadingTo = (owner: string, { ends, free }: Ends, { keys: { pair } }: Candidate): string[] => {
  const own = ends.filter(({ key, entry }) => entry === null || key === owner);
  const keys = own.flatMap(({ key, path }) => [...path.map((pointer) => pointer.key), key]);
  const all = new Set([...keys, ...free, ...(pair === null ? [] : [pair])]);
  all.delete(owner);
  return [...all];
};

/** The entry first, so that it outlives what leads to it. A pointer that fails was renewed by somebody else. */
const renewAll = async (
  { ledger, clock }: Deps,
  entry: EntryRow,
  found: Ends,
  candidate: Candidate,
): Promise<boolean> => {
  const leading = leadingTo(entry.key, found, candidate);
  const next = seenAgain(entry, { by: shownBy(candidate), own: candidate.keys.own, leading, at: clock() });
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

const claimOf = (candidate: Candidate): Claim => {
  const { date, dayOnly, text, title, query } = candidate.identified.facts;
  return { date, dayOnly, text, title, query: [...query], metBy: shownBy(candidate) };
};

/** How the entry under its own key came to be the one that was found; null where nothing was found. */
const recognizedAs = (
  { ends }: Ends,
  owner: string,
  { stored: { entry } }: Candidate,
): RecognizedAs | null => {
  const by = ends.find((end) => end.entry?.key === owner)?.by;
  return by === undefined ? null : { by, title: rowTitle(entry), link: entry.link };
};

/**
 * A pointer to the owner at every other end that is empty, then at every conditional key that is free; false when
 * somebody wrote there meanwhile.
 */
const leadAllTo = async (
  { ledger, clock }: Deps,
  owner: string,
  found: Ends,
  candidate: Candidate,
): Promise<boolean> => {
  const empty = new Set(found.ends.filter((end) => !end.entry && end.key !== owner).map(({ key }) => key));
  const recognized = recognizedAs(found, owner, candidate);
  for (const key of empty)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { recognized })))) return false;
  const claim = claimOf(candidate);
  for (const key of found.free)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { claim, recognized })))) return false;
  return true;
};

const verdictOf = ({ verdict, identified, stored }: Candidate): Verdict => {
  const detail = verdict.detail ?? leftOut(identified.entry, stored);
  return detail === undefined ? verdict : { ...verdict, detail };
};

type RowDetails = Pick<NewRow, 'storedAs' | 'leading' | 'at'>;

const rowOf = (candidate: Candidate, key: string, { storedAs, leading, at }: RowDetails): EntryRow => {
  const { feed, identified, post, rendering, batch, lesson } = candidate;
  const verdict = verdictOf(candidate);
  return newRow({
    key,
    feed: feed.id,
    brand: feed.brandId,
    entry: candidate.stored.entry,
    storedAs,
    contentHash: contentHash(identified.entry),
    whenUncertain: feed.whenUncertain,
    post,
    rendering,
    verdict,
    metBy: shownBy(candidate),
    leading,
    batch: verdict.state === 'held' ? batch : null,
    lesson: verdict.state === 'held' ? lesson : null,
    at,
  });
};

/** What was found decides, unless it is only somebody else's "not for me". */
const decide = async (
  deps: Deps,
  found: EntryRow,
  candidate: Candidate,
  leading: string[],
): Promise<Registration> => {
  const { feed, side, post, rendering, verdict, recognized, news, firstPublished } = candidate;
  const heldIn = found.state === 'held' ? found.batch : null;
  const known: Registration = { outcome: 'known', key: found.key, code: 'entry.known', heldIn };
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
    at: deps.clock(),
  };
  if (takeOver({ ...wanted, storedAs: null })(found) === null) return known;
  const storedAs = await keep(deps, found.key, candidate);
  const taken = await changeRow(deps, found.key, takeOver({ ...wanted, storedAs }));
  return taken ? registeredAs(taken) : known;
};
