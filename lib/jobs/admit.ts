import type { Admitted, Arrival } from '../core/arrival.ts';
import { screen } from '../core/editorial-rules.ts';
import { permanent, retryable } from '../core/errors.ts';
import { newPair, newPointer, newRow, renew, takeOver } from '../core/life.ts';
import type { Clock, Ledger } from '../core/ports.ts';
import type { EntryRow, LedgerRow, PairRow } from '../core/row.ts';
import { changeRow } from './change-row.ts';

type Needs = { ledger: Pick<Ledger, 'read' | 'insert' | 'replace'>; clock: Clock };

/** Where an identity leads: an entry, or the first key that nobody has written yet. `path`: the pointers on the way. */
type End = { key: string; entry: EntryRow | null; path: LedgerRow[] };

const maxTurns = 20;
const maxHops = 20;

/**
 * The one door: every entry, by whatever road, meets the rules of its feed and becomes one row of the ledger, or
 * is found to be known. Racing admits of one story agree on one row, and a crash between any two steps leaves
 * nothing that the next admit of it does not mend: an entry is written only at the end to which all its identities
 * lead.
 */
export const admit =
  (services: Needs) =>
  async (judged: Arrival): Promise<Admitted> => {
    const arrival = screen(judged, services.clock());
    for (let turn = 0; turn < maxTurns; turn++) {
      const admitted = await tryToAdmit(services, arrival);
      if (admitted) return admitted;
    }
    throw retryable('ledger.contended', `${arrival.sighting.keys[0]} found no rest in ${maxTurns} turns`);
  };

const tryToAdmit = async (services: Needs, arrival: Arrival): Promise<Admitted | null> => {
  const ends = await endsOf(services, arrival);
  const entry = ends.find((end) => end.entry)?.entry ?? null;
  const owner = entry?.key ?? smallest(ends);

  if (entry) await renewAll(services, entry, ends);
  if (!(await leadAllTo(services, owner, ends))) return null;
  if (entry) return decide(services, entry, arrival);
  return (await services.ledger.insert(rowOf(arrival, owner, services.clock())))
    ? { outcome: arrival.verdict.state, key: owner, code: arrival.verdict.code }
    : null;
};

const smallest = (ends: End[]) => ends.map(({ key }) => key).reduce((a, b) => (b < a ? b : a));

const endsOf = async (services: Needs, arrival: Arrival): Promise<End[]> => {
  const ends: End[] = [];
  for (const key of arrival.sighting.keys) ends.push(await follow(services, key));
  const otherSide = await claimSide(services, arrival);
  return otherSide === null ? ends : [...ends, await follow(services, otherSide)];
};

const follow = async ({ ledger }: Needs, start: string): Promise<End> => {
  const path: LedgerRow[] = [];
  let key = start;
  for (let hop = 0; hop < maxHops; hop++) {
    const row = await ledger.read(key);
    if (row === null) return { key, entry: null, path };
    if (row.type === 'entry') return { key, entry: row, path };
    if (row.type === 'pair') break;
    path.push(row);
    key = row.owner;
  }
  throw permanent(
    'ledger.pointers-astray',
    `the pointers from ${start} lead to no entry within ${maxHops} steps`,
  );
};

/** Takes this side's slot of the link; answers the other side's own key when the slot is ours and both are taken. */
const claimSide = async (services: Needs, { sighting, side }: Arrival): Promise<string | null> => {
  if (sighting.pairKey === null) return null;
  const pair = await takeSlot(services, sighting.pairKey, side, sighting.keys[0]);
  return pair[side] === sighting.keys[0] ? pair[side === 'feed' ? 'hook' : 'feed'] : null;
};

const takeSlot = async (
  { ledger, clock }: Needs,
  key: string,
  side: 'feed' | 'hook',
  own: string,
): Promise<PairRow> => {
  for (let turn = 0; turn < maxTurns; turn++) {
    const row = await ledger.read(key);
    if (row !== null && row.type !== 'pair')
      throw permanent('ledger.not-a-pair', `${key} holds another kind of row`);
    if (row?.[side]) return row;
    const next = row ? { ...row, [side]: own, rev: row.rev + 1 } : newPair(key, side, own, clock());
    if (row ? await ledger.replace(next) : await ledger.insert(next)) return next;
  }
  throw retryable('ledger.contended', `${key} found no rest in ${maxTurns} turns`);
};

/** The entry first, so that it outlives what leads to it. One that fails was renewed by somebody else. */
const renewAll = async ({ ledger, clock }: Needs, entry: EntryRow, ends: End[]): Promise<void> => {
  const rows = new Map<string, LedgerRow>(
    [entry, ...ends.flatMap(({ path }) => path)].map((row) => [row.key, row]),
  );
  for (const row of rows.values()) {
    const renewed = renew(row, clock());
    if (renewed) await ledger.replace(renewed);
  }
};

/** A pointer to the owner at every other end that is empty; false when somebody wrote there meanwhile. */
const leadAllTo = async ({ ledger, clock }: Needs, owner: string, ends: End[]): Promise<boolean> => {
  const empty = new Set(ends.filter((end) => !end.entry && end.key !== owner).map(({ key }) => key));
  for (const key of empty) {
    if (!(await ledger.insert(newPointer(key, owner, clock())))) return false;
  }
  return true;
};

const rowOf = ({ feed, sighting, verdict, post }: Arrival, key: string, at: number): EntryRow =>
  newRow({
    key,
    feed: feed.id,
    brand: feed.brandId,
    entry: sighting.entry,
    contentHash: sighting.contentHash,
    whenUncertain: feed.whenUncertain,
    post,
    verdict,
    at,
  });

/** What was found decides, unless it is only somebody else's "not for me". */
const decide = async (services: Needs, found: EntryRow, arrival: Arrival): Promise<Admitted> => {
  const { feed, side, sighting, post, verdict, fresh, news, firstPublished } = arrival;
  const known: Admitted = { outcome: 'known', key: found.key, code: 'entry.known' };
  if (verdict.state !== 'queued' || !fresh) return known;
  const wanted = {
    feed: feed.id,
    side,
    news,
    firstPublished,
    post,
    entry: sighting.entry,
    whenUncertain: feed.whenUncertain,
    at: services.clock(),
  };
  const taken = await changeRow(services)(found.key, takeOver(wanted));
  return taken ? { outcome: 'queued', key: found.key, code: verdict.code } : known;
};
