import type { Facts } from '../identity/facts.ts';
import type { RawText, ReadBefore } from '../identity/identified-entry.ts';
import { keyOfStory, storyBytes, storyOfKey } from '../identity/ledger-keys.ts';
import { rulesVersion } from '../identity/rules-version.ts';
import type { KnownFacts } from './known-entries.ts';

/**
 * What a feed has shown, as stored in its row: the facts of its last window, then of other entries of the last days. 72
 * bytes per entry, 4 per query parameter, and 9 for the raw text of each of the latest 1,000. `readAs`: what these
 * were read with (`IdentifiedFeed`); null if there are none.
 */
export type FactMemory = { window: KnownFacts[]; earlier: KnownFacts[]; readAs: string | null };

export const nothingKnown: FactMemory = { window: [], earlier: [], readAs: null };

/** All facts; of two sets for one story the older comes first. */
export const allKnown = ({ window, earlier }: Pick<FactMemory, 'window' | 'earlier'>): KnownFacts[] => [
  ...earlier,
  ...window,
];

/** What need not be read again of a feed's next document; null if there is nothing. */
export const readBefore = (memory: FactMemory): ReadBefore | null => {
  const rawHashes = allKnown(memory).flatMap(({ raw }) => raw?.hash ?? []);
  return memory.readAs === null || rawHashes.length === 0
    ? null
    : { readAs: memory.readAs, rawHashes: new Set(rawHashes) };
};

const hashBytes = 8;
/** The version of the rules, and the number of entries in the window. */
const headerBytes = 3;
/** A window has fewer entries; with this bit, a hash of what the raw texts were read with follows the header. */
const hasReadAs = 0x8000;
const hashNames = ['guid', 'link', 'page', 'title', 'text'] as const satisfies (keyof Facts)[];
const recordBytes = hashNames.length * hashBytes + storyBytes + 4 + 2 + 1 + 4;
const parameterBytes = 4;
const noDate = -0x80000000;
const minuteMs = 60_000;
const flags = { dayOnly: 1, shortText: 2, reissued: 4, hasRaw: 8 } as const;
const countShift = 4;
const rawBytes = hashBytes + 1;
const rawFlags = { dayOnly: 1, guidIsAddress: 2 } as const;
/** Entries beyond these are read whenever their document changes. */
const maxRaws = 1_000;

const writeRaw = (raw: RawText): Buffer => {
  const record = Buffer.alloc(rawBytes);
  record.write(raw.hash, 'hex');
  record.writeUInt8(
    (raw.dayOnly ? rawFlags.dayOnly : 0) | (raw.guidIsAddress ? rawFlags.guidIsAddress : 0),
    hashBytes,
  );
  return record;
};

const readRaw = (bytes: Buffer, at: number): RawText => {
  const set = bytes.readUInt8(at + hashBytes);
  return {
    hash: bytes.toString('hex', at, at + hashBytes),
    dayOnly: (set & rawFlags.dayOnly) !== 0,
    guidIsAddress: (set & rawFlags.guidIsAddress) !== 0,
  };
};

const writeRecord = ({ facts, story, lastSeen, reissued, raw }: KnownFacts): Buffer => {
  const record = Buffer.alloc(recordBytes + facts.query.length * parameterBytes);
  let at = 0;
  for (const name of hashNames) {
    record.write(facts[name] ?? '', at, 'hex');
    at += hashBytes;
  }
  at += storyOfKey(story).copy(record, at);
  at = record.writeInt32BE(facts.date === null ? noDate : facts.date / minuteMs, at);
  at = record.writeUInt16BE(lastSeen, at);
  const set =
    (facts.dayOnly ? flags.dayOnly : 0) |
    (facts.shortText ? flags.shortText : 0) |
    (reissued ? flags.reissued : 0) |
    (raw ? flags.hasRaw : 0);
  at = record.writeUInt8(set | (facts.query.length << countShift), at);
  at = record.writeUInt32BE(facts.content, at);
  for (const parameter of facts.query) at = record.writeUInt32BE(parameter, at);
  return raw ? Buffer.concat([record, writeRaw(raw)]) : record;
};

const readHash = (bytes: Buffer, at: number): string | null => {
  const hex = bytes.toString('hex', at, at + hashBytes);
  return /^0+$/.test(hex) ? null : hex;
};

const readRecord = (bytes: Buffer, at: number): { known: KnownFacts; next: number } => {
  const hashes = Object.fromEntries(hashNames.map((name, i) => [name, readHash(bytes, at + i * hashBytes)]));
  const afterHashes = at + hashNames.length * hashBytes;
  const afterStory = afterHashes + storyBytes;
  const minutes = bytes.readInt32BE(afterStory);
  const set = bytes.readUInt8(afterStory + 6);
  const end = at + recordBytes + (set >> countShift) * parameterBytes;
  const query: number[] = [];
  for (let from = at + recordBytes; from < end; from += parameterBytes) query.push(bytes.readUInt32BE(from));
  const hasRaw = (set & flags.hasRaw) !== 0;
  const facts = {
    ...(hashes as Pick<Facts, (typeof hashNames)[number]>),
    shortText: (set & flags.shortText) !== 0,
    date: minutes === noDate ? null : minutes * minuteMs,
    dayOnly: (set & flags.dayOnly) !== 0,
    query,
    content: bytes.readUInt32BE(afterStory + 7),
  };
  const known = {
    facts,
    story: keyOfStory(bytes.subarray(afterHashes, afterStory)),
    lastSeen: bytes.readUInt16BE(afterStory + 4),
    reissued: (set & flags.reissued) !== 0,
    raw: hasRaw ? readRaw(bytes, end) : null,
  };
  return { known, next: end + (hasRaw ? rawBytes : 0) };
};

/** The bytes to store in the feed's row. */
export const writeMemory = ({ window, earlier, readAs }: FactMemory): Uint8Array => {
  const header = Buffer.alloc(headerBytes + (readAs === null ? 0 : hashBytes));
  header.writeUInt8(rulesVersion);
  header.writeUInt16BE(window.length | (readAs === null ? 0 : hasReadAs), 1);
  header.write(readAs ?? '', headerBytes, 'hex');
  const first = Math.max(0, window.length - maxRaws); // those at the end of a window are the newest
  const hasRaw = (at: number) => at >= first && at < first + maxRaws;
  const records = [...window, ...earlier].map((one, at) => (hasRaw(at) ? one : { ...one, raw: null }));
  return Buffer.concat([header, ...records.map(writeRecord)]);
};

/** Empty if a release with other rules wrote it; then only the ledger recognizes entries. */
export const readMemory = (bytes: Uint8Array | null): FactMemory => {
  if (bytes === null || bytes[0] !== rulesVersion) return nothingKnown;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = buffer.readUInt16BE(1);
  const readAs =
    (count & hasReadAs) === 0 ? null : buffer.toString('hex', headerBytes, headerBytes + hashBytes);
  const all: KnownFacts[] = [];
  for (let at = headerBytes + (readAs === null ? 0 : hashBytes); at < buffer.length; ) {
    const { known, next } = readRecord(buffer, at);
    all.push(known);
    at = next;
  }
  const shown = count & ~hasReadAs;
  return { window: all.slice(0, shown), earlier: all.slice(shown), readAs };
};

const keptDays = 7;
/** Limit for entries that are no longer on the feed; those on it are always kept. */
const maxKept = 1_000;
/** Limit for the window of a feed that is truncated at each poll; no document has more entries. */
const maxWindow = 5_000;

/**
 * A link that changes with each request gives an entry new facts each time; the latest few recognize it as well as all.
 */
const maxOfOneStory = 3;

const latestOfEachStory = (known: readonly KnownFacts[]): KnownFacts[] => {
  const counts = new Map<string, number>();
  const kept = known.toReversed().filter(({ story }) => {
    const count = (counts.get(story) ?? 0) + 1;
    counts.set(story, count);
    return count <= maxOfOneStory;
  });
  return kept.reverse();
};

/** What was read with something else would be read to other facts today. */
const readWith =
  (readAs: string | null, before: FactMemory) =>
  (known: readonly KnownFacts[]): KnownFacts[] =>
    known.map((one) => (readAs === before.readAs ? one : { ...one, raw: null }));

/**
 * The memory after a document. Entries that leave the window count as seen until today, even if nothing was written for
 * a while. An empty or truncated document removes nothing from the window, but does not count as showing the missing
 * entries. `readAs`: of the document.
 */
export const remember = (
  before: FactMemory,
  shown: readonly KnownFacts[],
  { today, complete, readAs }: { today: number; complete: boolean; readAs: string | null },
): FactMemory => {
  const sameReading = readWith(readAs, before);
  const kept = new Set(shown.map(({ facts }) => facts)); // unchanged facts are the same object
  const isShown = ({ facts }: KnownFacts) => kept.has(facts);
  const replaces = complete && shown.length > 0;
  const left = sameReading(before.window.filter((one) => !isShown(one)));
  const earlier = sameReading(
    before.earlier.filter((one) => !isShown(one) && one.lastSeen > today - keptDays),
  );
  const window = replaces ? [...shown] : latestOfEachStory([...left, ...shown]).slice(-maxWindow);
  const seenUntilToday = left.map((one) => ({ ...one, lastSeen: today }));
  const others = latestOfEachStory(replaces ? [...earlier, ...seenUntilToday] : earlier);
  const room = Math.max(0, maxKept - window.length);
  return { window, earlier: room === 0 ? [] : others.slice(-room), readAs };
};

/** The memory without the facts of these stories. */
export const forgetStories = (
  { window, earlier, readAs }: FactMemory,
  stories: ReadonlySet<string>,
): FactMemory => {
  const isKept = ({ story }: KnownFacts) => !stories.has(story);
  return { window: window.filter(isKept), earlier: earlier.filter(isKept), readAs };
};
