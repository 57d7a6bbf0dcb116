import { type Candidate, showingFeed } from '../core/entries/candidate.ts';
import type { ConditionalKind } from '../core/entries/identity/ledger-keys.ts';
import { isSameStory } from '../core/entries/identity/ledger-sameness.ts';
import { renewExpiry } from '../core/entries/seen-again.ts';
import { permanent, retryable } from '../core/errors.ts';
import { newPair } from '../core/ledger/entry-state.ts';
import type {
  Conditions,
  EntryRow,
  LedgerRow,
  PairRow,
  PointerRow,
  RecognizedAs,
} from '../core/ledger/row.ts';
import type { Clock, Ledger } from '../core/ports.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>; clock: Clock };
type Reads = { ledger: Pick<Ledger, 'read'> };

/** The parts of a candidate that are needed to look for it. */
type Lookup = Pick<Candidate, 'feed' | 'side' | 'identified' | 'keys' | 'recognized' | 'present' | 'oldest'>;

/** Where a key leads: an entry, or the first key that has not been written. `path`: the pointers on the way. */
export type KeyEnd = { key: string; entry: EntryRow | null; path: PointerRow[]; by: RecognizedAs['by'] };

/** Where a candidate's keys lead, and its conditional keys that have not been written. */
export type KeyEnds = { ends: KeyEnd[]; unwritten: string[] };

const maxAttempts = 20;
const maxHops = 20;

/** Follows unconditional pointers. Throws permanent `ledger.broken-pointers`. */
const follow = async ({ ledger }: Reads, start: string, by: KeyEnd['by']): Promise<KeyEnd> => {
  const path: PointerRow[] = [];
  let key = start;
  for (let hop = 0; hop < maxHops; hop++) {
    const row = await ledger.read(key);
    if (row === null) return { key, entry: null, path, by };
    if (row.type === 'entry') return { key, entry: row, path, by };
    if (row.type === 'pair' || row.conditions !== null) break;
    path.push(row);
    key = row.owner;
  }
  throw permanent(
    'ledger.broken-pointers',
    `the pointers from ${start} lead to no entry within ${maxHops} steps`,
  );
};

/** An own key leads to the same end within one attempt; a concurrent write ends the attempt. */
const followOnce = (deps: Reads) => {
  const followed = new Map<string, Promise<KeyEnd>>();
  return async (start: string, by: KeyEnd['by']): Promise<KeyEnd> => {
    const end = followed.get(start) ?? follow(deps, start, by);
    followed.set(start, end);
    return { ...(await end), by };
  };
};
type Follow = ReturnType<typeof followOnce>;

type ConditionalPointer = PointerRow & { conditions: Conditions };

const asConditional = (key: string, row: LedgerRow): ConditionalPointer => {
  if (row.type === 'pointer' && row.conditions !== null) return { ...row, conditions: row.conditions };
  throw permanent('ledger.not-a-pointer', `${key} holds another kind of row`);
};

/**
 * Whether a conditional pointer leads to the candidate's story. The entry or the pointer shows which feeds have met
 * it. A story is never another entry of its own document.
 */
const isItsStory = (
  lookup: Lookup,
  kind: ConditionalKind,
  { conditions }: ConditionalPointer,
  { key, entry }: KeyEnd,
): boolean => {
  const met = entry?.seenIn ?? [conditions.seenIn];
  const isItsOwn = entry?.leading.includes(lookup.keys.own) ?? false; // it died after recording that it had met the entry
  return isSameStory(kind, lookup.identified.facts, {
    conditions: conditions,
    seenBefore: met.includes(showingFeed(lookup)) && !isItsOwn,
    isPresent: lookup.present.has(key) && lookup.recognized?.known.story !== key,
    oldest: lookup.oldest,
  });
};

const conditionalEnds = async (deps: Reads, lookup: Lookup, followKey: Follow): Promise<KeyEnds> => {
  const ends: KeyEnd[] = [];
  const unwritten: string[] = [];
  for (const { kind, key } of lookup.keys.conditional) {
    const row = await deps.ledger.read(key);
    if (row === null) {
      unwritten.push(key);
      continue;
    }
    const pointer = asConditional(key, row);
    const end = await followKey(pointer.owner, kind);
    if (isItsStory(lookup, kind, pointer, end)) ends.push({ ...end, path: [pointer, ...end.path] });
  }
  return { ends, unwritten };
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
  if (taken === null) return { ...(renewExpiry(row, now) ?? row), [side]: keys.own, rev: row.rev + 1 };
  return taken === keys.own || taken === recognized?.known.story ? renewExpiry(row, now) : null;
};

const takeSlot = async ({ ledger, clock }: Deps, key: string, slot: Slot): Promise<PairRow> => {
  for (let turn = 0; turn < maxAttempts; turn++) {
    const row = await ledger.read(key);
    if (row !== null && row.type !== 'pair')
      throw permanent('ledger.not-a-pair', `${key} holds another kind of row`);
    const next = pairAfter(row, key, slot, clock());
    if (next === null) return row as PairRow;
    if (row ? await ledger.replace(next) : await ledger.insert(next)) return next;
  }
  throw retryable('ledger.contended', `${key} changed concurrently ${maxAttempts} times; it will be retried`);
};

/** Keys of earlier rules are looked up but never written: one that leads nowhere is not an end. */
const formerEnds = async ({ keys }: Lookup, followKey: Follow): Promise<KeyEnd[]> => {
  const ends: KeyEnd[] = [];
  for (const key of keys.former) ends.push(await followKey(key, 'guid'));
  return ends.filter(({ entry }) => entry !== null);
};

/** Where a candidate's keys lead without the pair's slot, which cannot be read without taking it. */
const keyEnds = async (deps: Reads, lookup: Lookup, followKey: Follow): Promise<KeyEnds> => {
  const { keys, recognized } = lookup;
  const known = recognized ? [await followKey(recognized.known.story, recognized.by)] : [];
  const own = await followKey(keys.own, 'guid');
  const former = await formerEnds(lookup, followKey);
  const { ends, unwritten } = await conditionalEnds(deps, lookup, followKey);
  return { ends: [...known, own, ...former, ...ends], unwritten };
};

/**
 * Where all keys of a candidate lead. The story it was recognized as and its own key come first, then conditional
 * keys whose stored facts agree with the candidate.
 */
export const endsOf = async (deps: Deps, candidate: Candidate): Promise<KeyEnds> => {
  const followKey = followOnce(deps);
  const { ends, unwritten } = await keyEnds(deps, candidate, followKey);
  const otherSide = await claimSide(deps, candidate);
  return otherSide === null
    ? { ends, unwritten }
    : { ends: [...ends, await followKey(otherSide, 'pair')], unwritten };
};

/** The known row of a candidate, if there is one. Writes nothing. */
export const findKnown = async (deps: Reads, lookup: Lookup): Promise<EntryRow | null> =>
  (await keyEnds(deps, lookup, followOnce(deps))).ends.find(({ entry }) => entry)?.entry ?? null;
