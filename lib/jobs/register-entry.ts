import { keepEntryMs } from '../core/dash/timing.ts';
import { applyFilters, type Candidate, type Registration, showingFeed } from '../core/entries/candidate.ts';
import { renewExpiry, seenAgain } from '../core/entries/seen-again.ts';
import { leftOut, rowTitle, storedEntryId } from '../core/entries/stored-entry.ts';
import { AppError, retryable } from '../core/errors.ts';
import { type NewRow, newPointer, newRow, takeOver, type Verdict } from '../core/ledger/entry-state.ts';
import type { Asking, Conditions, EntryRow, LedgerRow, RecognizedAs } from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';
import { changeRow } from './change-row.ts';
import { endsOf, type KeyEnd, type KeyEnds } from './find-owner.ts';
import { waitsForReview } from './waits-for-review.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'storeEntry'>; clock: Clock };

const maxAttempts = 20;

/**
 * Registers every entry, from feeds and webhooks alike: it becomes one ledger row, or is found to be known.
 * Concurrent registrations of a story agree on one row, and a crash between any two steps leaves nothing that the
 * next registration does not repair: an entry is written only at the end to which all its keys lead, and conditional
 * keys are never such an end.
 */
export const registerEntry = async (deps: Deps, given: Candidate): Promise<Registration> => {
  const candidate = applyFilters(given);
  for (let turn = 0; turn < maxAttempts; turn++) {
    const registered = await tryToRegister(deps, candidate);
    if (registered) return registered;
  }
  throw retryable(
    'ledger.contended',
    `${candidate.keys.own} changed concurrently ${maxAttempts} times; it will be retried`,
  );
};

const tryToRegister = async (deps: Deps, candidate: Candidate): Promise<Registration | null> => {
  const found = await endsOf(deps, candidate);
  const entry = found.ends.find((end) => end.entry)?.entry ?? null;
  const owner = entry?.key ?? smallestKey(found.ends);

  if (entry && !(await renewAll(deps, entry, found, candidate))) return null;
  if (!(await writePointers(deps, owner, found, candidate))) return null;
  const leading = keysLeadingTo(owner, found, candidate);
  if (entry) return takeOverOrKnown(deps, entry, candidate, leading);
  const storedAs = await storeEntry(deps, owner, candidate);
  const { afterHook, verdict } = await nextState(deps, candidate, owner, storedAs);
  const row = rowOf({ ...candidate, verdict }, owner, { storedAs, afterHook, leading, at: deps.clock() });
  return (await deps.ledger.insert(row)) ? registrationOf(row) : null;
};

type NextState = { afterHook: Asking['next'] | null; verdict: Verdict };

/**
 * What becomes of an entry that would be drafted: its hook is asked, then it waits for review, then it is queued. An
 * entry that could not be stored is held for that reason, and needs neither.
 */
const nextState = async (
  deps: Deps,
  { feed, verdict }: Pick<Candidate, 'feed' | 'verdict'>,
  owner: string,
  storedAs: string | null,
): Promise<NextState> => {
  if (verdict.state !== 'queued' || storedAs === null) return { afterHook: null, verdict };
  const next = (await waitsForReview(deps, feed, owner)) ? 'review' : 'queued';
  if (feed.enrich === undefined) return { afterHook: null, verdict: { ...verdict, state: next } };
  return { afterHook: next, verdict: { ...verdict, state: 'enriching' } };
};

/** An entry whose hook is asked counts as queued. */
const registrationOf = (row: EntryRow): Registration => ({
  outcome: row.state === 'enriching' ? 'queued' : (row.state as Registration['outcome']),
  asksHook: row.state === 'enriching',
  key: row.key,
  code: row.history.at(-1)?.code ?? '',
  heldIn: row.state === 'held' ? row.batch : null,
});

/**
 * Stores an entry before its row: a crash in between leaves a stored entry that no row names and that expires.
 * Returns its ID; null if it is too large.
 */
const storeEntry = async (
  { ledger, clock }: Deps,
  key: string,
  { stored }: Candidate,
): Promise<string | null> => {
  const id = storedEntryId(key, stored);
  try {
    await ledger.storeEntry(id, stored, clock() + keepEntryMs);
    return id;
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.too-large') return null;
    throw error;
  }
};

const smallestKey = (ends: KeyEnd[]) => ends.map(({ key }) => key).reduce((a, b) => (b < a ? b : a));

/** The keys that lead to the owner, or will after the registration. */
const keysLeadingTo = (
  owner: string,
  { ends, unwritten }: KeyEnds,
  { keys: { pair } }: Candidate,
): string[] => {
  const own = ends.filter(({ key, entry }) => entry === null || key === owner);
  const keys = own.flatMap(({ key, path }) => [...path.map((pointer) => pointer.key), key]);
  const all = new Set([...keys, ...unwritten, ...(pair === null ? [] : [pair])]);
  all.delete(owner);
  return [...all];
};

/** Renews the entry first, so that it outlives its pointers. A pointer that fails was renewed concurrently. */
const renewAll = async (
  { ledger, clock }: Deps,
  entry: EntryRow,
  found: KeyEnds,
  candidate: Candidate,
): Promise<boolean> => {
  const leading = keysLeadingTo(entry.key, found, candidate);
  const next = seenAgain(entry, {
    by: showingFeed(candidate),
    own: candidate.keys.own,
    leading,
    at: clock(),
  });
  if (next && !(await ledger.replace(next))) return false;
  const pointers = new Map<string, LedgerRow>(
    found.ends.flatMap(({ path }) => path).map((row) => [row.key, row]),
  );
  for (const row of pointers.values()) {
    const longer = renewExpiry(row, clock());
    if (longer) await ledger.replace(longer);
  }
  return true;
};

const conditionsOf = (candidate: Candidate): Conditions => {
  const { date, dayOnly, text, title, query } = candidate.identified.facts;
  return { date, dayOnly, text, title, query: [...query], seenIn: showingFeed(candidate) };
};

/** How the entry under its own key was recognized as the one that was found; null if none was found. */
const recognizedAs = (
  { ends }: KeyEnds,
  owner: string,
  { stored: { entry } }: Candidate,
): RecognizedAs | null => {
  const by = ends.find((end) => end.entry?.key === owner)?.by;
  return by === undefined ? null : { by, title: rowTitle(entry), link: entry.link };
};

/**
 * Writes a pointer to the owner at every other empty end, then at every unused conditional key; false after a
 * concurrent write.
 */
const writePointers = async (
  { ledger, clock }: Deps,
  owner: string,
  found: KeyEnds,
  candidate: Candidate,
): Promise<boolean> => {
  const empty = new Set(found.ends.filter((end) => !end.entry && end.key !== owner).map(({ key }) => key));
  const recognized = recognizedAs(found, owner, candidate);
  for (const key of empty)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { recognized })))) return false;
  const conditions = conditionsOf(candidate);
  for (const key of found.unwritten)
    if (!(await ledger.insert(newPointer(key, owner, clock(), { conditions, recognized })))) return false;
  return true;
};

const verdictOf = ({ verdict, identified, stored }: Candidate): Verdict => {
  const detail = verdict.detail ?? leftOut(identified.entry, stored);
  return detail === undefined ? verdict : { ...verdict, detail };
};

type RowDetails = Required<Pick<NewRow, 'storedAs' | 'afterHook' | 'leading' | 'at'>>;

const rowOf = (
  candidate: Candidate,
  key: string,
  { storedAs, afterHook, leading, at }: RowDetails,
): EntryRow => {
  const { feed, identified, post, rendering, batch, lesson } = candidate;
  const verdict = verdictOf(candidate);
  return newRow({
    key,
    feed: feed.id,
    brand: feed.brandId,
    entry: candidate.stored.entry,
    storedAs,
    contentHash: identified.normal.contentHash,
    whenUncertain: feed.whenUncertain,
    post,
    rendering,
    verdict,
    afterHook,
    seenIn: showingFeed(candidate),
    leading,
    batch: verdict.state === 'held' ? batch : null,
    lesson: verdict.state === 'held' ? lesson : null,
    at,
  });
};

/** A known row decides, unless it only shows that another feed left the entry out. */
const takeOverOrKnown = async (
  deps: Deps,
  found: EntryRow,
  candidate: Candidate,
  leading: string[],
): Promise<Registration> => {
  const { feed, side, post, rendering, verdict, recognized, news, firstPublished } = candidate;
  const heldIn = found.state === 'held' ? found.batch : null;
  const known: Registration = {
    outcome: 'known',
    key: found.key,
    code: 'entry.known',
    asksHook: false,
    heldIn,
  };
  if (verdict.state !== 'queued' || recognized !== null) return known;
  const wanted = {
    feed: feed.id,
    side,
    news,
    firstPublished,
    post,
    leading,
    rendering,
    contentHash: candidate.identified.normal.contentHash,
    whenUncertain: feed.whenUncertain,
    at: deps.clock(),
  };
  if (takeOver({ ...wanted, forReview: false, storedAs: null })(found) === null) return known;
  const storedAs = await storeEntry(deps, found.key, candidate);
  const forReview = await waitsForReview(deps, feed, found.key);
  const asksHook = feed.enrich !== undefined;
  const taken = await changeRow(deps, found.key, takeOver({ ...wanted, forReview, asksHook, storedAs }));
  return taken ? registrationOf(taken) : known;
};
