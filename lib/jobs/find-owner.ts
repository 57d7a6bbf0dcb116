import { type Candidate, shownBy } from '../core/entries/candidate.ts';
import type { ConditionalKind } from '../core/entries/identity/ledger-keys.ts';
import { isSameStory } from '../core/entries/identity/ledger-sameness.ts';
import { renew } from '../core/entries/seen-again.ts';
import { permanent, retryable } from '../core/errors.ts';
import { newPair } from '../core/ledger/entry-state.ts';
import type { Claim, EntryRow, LedgerRow, PairRow, PointerRow, RecognizedAs } from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>; clock: Clock };
type Reads = { ledger: Pick<Ledger, 'read'> };

/** The parts of a candidate that are needed to look for it. */
type Looked = Pick<Candidate, 'feed' | 'side' | 'identified' | 'keys' | 'recognized' | 'present' | 'oldest'>;

/** Where a key leads: an entry, or the first key that has not been written. `path`: the pointers on the way. */
export type End = { key: string; entry: EntryRow | null; path: PointerRow[]; by: RecognizedAs['by'] };

/** Where a candidate's keys lead, and its conditional keys that have not been written. */
export type Ends = { ends: End[]; free: string[] };

const maxTurns = 20;
const maxHops = 20;

/** Follows unconditional pointers. Throws permanent `ledger.pointers-astray`. */
const follow = async ({ ledger }: Reads, start: string, by: End['by']): Promise<End> => {
  const path: PointerRow[] = [];
  let key = start;
  for (let hop = 0; hop < maxHops; hop++) {
    const row = await ledger.read(key);
    if (row === null) return { key, entry: null, path, by };
    if (row.type === 'entry') return { key, entry: row, path, by };
    if (row.type === 'pair' || row.claim !== null) break;
    path.push(row);
    key = row.owner;
  }
  throw permanent(
    'ledger.pointers-astray',
    `the pointers from ${start} lead to no entry within ${maxHops} steps`,
  );
};

/** An own key leads to the same end within one attempt; a concurrent write ends the attempt. */
const followOnce = (deps: Reads) => {
  const followed = new Map<string, Promise<End>>();
  return async (start: string, by: End['by']): Promise<End> => {
    const end = followed.get(start) ?? follow(deps, start, by);
    followed.set(start, end);
    return { ...(await end), by };
  };
};
type Follow = ReturnType<typeof followOnce>;

type ConditionalPointer = PointerRow & { claim: Claim };

const asConditional = (key: string, row: LedgerRow): ConditionalPointer => {
  if (row.type === 'pointer' && row.claim !== null) return { ...row, claim: row.claim };
  throw permanent('ledger.not-a-pointer', `${key} holds another kind of row`);
};

/**
 * Whether a conditional pointer leads to the candidate's story. The entry or the pointer shows which feeds have met
 * it. A story is never another entry of its own document.
 */
const isItsStory = (
  arrival: Looked,
  kind: ConditionalKind,
  { claim }: ConditionalPointer,
  { key, entry }: End,
): boolean => {
  const met = entry?.metBy ?? [claim.metBy];
  const isItsOwn = entry?.leading.includes(arrival.keys.own) ?? false; // it died after recording that it had met the entry
  return isSameStory(kind, arrival.identified.facts, {
    claim,
    metBefore: met.includes(shownBy(arrival)) && !isItsOwn,
    isPresent: arrival.present.has(key) && arrival.recognized?.known.story !== key,
    oldest: arrival.oldest,
  });
};

const conditionalEnds = async (deps: Reads, arrival: Looked, followKey: Follow): Promise<Ends> => {
  const ends: End[] = [];
  const free: string[] = [];
  for (const { kind, key } of arrival.keys.conditional) {
    const row = await deps.ledger.read(key);
    if (row === null) {
      free.push(key);
      continue;
    }
    const pointer = asConditional(key, row);
    const end = await followKey(pointer.owner, kind);
    if (isItsStory(arrival, kind, pointer, end)) ends.push({ ...end, path: [pointer, ...end.path] });
  }
  return { ends, free };
};

/** Takes this side's slot of the pair; returns the other side's own key if the slot is ours and both are used. */
const claimSide = async (deps: Deps, candidate: Candidate): Promise<string | null> => {
  const { keys, side } = candidate;
  if (keys.pair === null) return null;
  const pair = await takeSlot(deps, keys.pair, candidate);
  return pair[side] === keys.own ? pair[side === 'feed' ? 'hook' : 'feed'] : null;
};

type Slot = Pick<Candidate, 'side' | 'keys' | 'recognized'>;

/** The pair with a free slot taken, or renewed if the slot belongs to this story; null if it stays. */
const pairAfter = (row: PairRow | null, key: string, slot: Slot, now: number): PairRow | null => {
  const { side, keys, recognized } = slot;
  if (row === null) return newPair(key, side, keys.own, now);
  const taken = row[side];
  if (taken === null) return { ...(renew(row, now) ?? row), [side]: keys.own, rev: row.rev + 1 };
  return taken === keys.own || taken === recognized?.known.story ? renew(row, now) : null;
};

const takeSlot = async ({ ledger, clock }: Deps, key: string, slot: Slot): Promise<PairRow> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row !== null && row.type !== 'pair')
      throw permanent('ledger.not-a-pair', `${key} holds another kind of row`);
    const next = pairAfter(row, key, slot, clock());
    if (next === null) return row as PairRow;
    if (row ? await ledger.replace(next) : await ledger.insert(next)) return next;
  }
  throw retryable('ledger.contended', `${key} found no rest in ${maxTurns} turns`);
};

/** Keys of earlier rules are looked up but never written: one that leads nowhere is not an end. */
const formerEnds = async ({ keys }: Looked, followKey: Follow): Promise<End[]> => {
  const ends: End[] = [];
  for (const key of keys.former) ends.push(await followKey(key, 'guid'));
  return ends.filter(({ entry }) => entry !== null);
};

/** Where a candidate's keys lead without the pair's slot, which cannot be read without taking it. */
const keyEnds = async (deps: Reads, arrival: Looked, followKey: Follow): Promise<Ends> => {
  const { keys, recognized } = arrival;
  const known = recognized ? [await followKey(recognized.known.story, recognized.by)] : [];
  const own = await followKey(keys.own, 'guid');
  const former = await formerEnds(arrival, followKey);
  const { ends, free } = await conditionalEnds(deps, arrival, followKey);
  return { ends: [...known, own, ...former, ...ends], free };
};

/**
 * Where all keys of a candidate lead. The story it was recognized as and its own key come first, then conditional
 * keys whose stored facts agree with the candidate.
 */
export const endsOf = async (deps: Deps, candidate: Candidate): Promise<Ends> => {
  const followKey = followOnce(deps);
  const { ends, free } = await keyEnds(deps, candidate, followKey);
  const otherSide = await claimSide(deps, candidate);
  return otherSide === null ? { ends, free } : { ends: [...ends, await followKey(otherSide, 'pair')], free };
};

/** The known row of a candidate, if there is one. Writes nothing. */
export const findKnown = async (deps: Reads, arrival: Looked): Promise<EntryRow | null> =>
  (await keyEnds(deps, arrival, followOnce(deps))).ends.find(({ entry }) => entry)?.entry ?? null;
