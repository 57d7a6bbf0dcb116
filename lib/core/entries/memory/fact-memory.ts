import type { Facts } from '../identity/facts.ts';
import { keyOfStory, storyBytes, storyOfKey } from '../identity/ledger-keys.ts';
import { rulesVersion } from '../identity/rules-version.ts';
import type { KnownFacts } from './known-entries.ts';

/**
 * What a feed has shown, as stored in its row: the facts of its last window, then of other entries of the last days. 68
 * bytes per entry, and 4 per query parameter.
 */
export type FactMemory = { window: KnownFacts[]; earlier: KnownFacts[] };

export const nothingKnown: FactMemory = { window: [], earlier: [] };

/** All facts; of two sets for one story the older comes first. */
export const allKnown = ({ window, earlier }: FactMemory): KnownFacts[] => [...earlier, ...window];

const headerBytes = 3;
const hashBytes = 8;
const hashNames = ['guid', 'link', 'page', 'title', 'text'] as const satisfies (keyof Facts)[];
const recordBytes = hashNames.length * hashBytes + storyBytes + 4 + 2 + 1;
const parameterBytes = 4;
const noDate = -0x80000000;
const minuteMs = 60_000;
const flags = { dayOnly: 1, shortText: 2, reissued: 4 } as const;
const countShift = 4;

const writeRecord = ({ facts, story, lastSeen, reissued }: KnownFacts): Buffer => {
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
    (reissued ? flags.reissued : 0);
  at = record.writeUInt8(set | (facts.query.length << countShift), at);
  for (const parameter of facts.query) at = record.writeUInt32BE(parameter, at);
  return record;
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
  const next = at + recordBytes + (set >> countShift) * parameterBytes;
  const query: number[] = [];
  for (let from = at + recordBytes; from < next; from += parameterBytes) query.push(bytes.readUInt32BE(from));
  const facts = {
    ...(hashes as Pick<Facts, (typeof hashNames)[number]>),
    shortText: (set & flags.shortText) !== 0,
    date: minutes === noDate ? null : minutes * minuteMs,
    dayOnly: (set & flags.dayOnly) !== 0,
    query,
  };
  const known = {
    facts,
    story: keyOfStory(bytes.subarray(afterHashes, afterStory)),
    lastSeen: bytes.readUInt16BE(afterStory + 4),
    reissued: (set & flags.reissued) !== 0,
  };
  return { known, next };
};

/** The bytes to store in the feed's row. */
export const writeMemory = ({ window, earlier }: FactMemory): Uint8Array => {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(rulesVersion);
  header.writeUInt16BE(window.length, 1);
  return Buffer.concat([header, ...[...window, ...earlier].map(writeRecord)]);
};

/** Empty if a release with other rules wrote it; then only the ledger recognizes entries. */
export const readMemory = (bytes: Uint8Array | null): FactMemory => {
  if (bytes === null || bytes[0] !== rulesVersion) return nothingKnown;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all: KnownFacts[] = [];
  for (let at = headerBytes; at < buffer.length; ) {
    const { known, next } = readRecord(buffer, at);
    all.push(known);
    at = next;
  }
  const shown = buffer.readUInt16BE(1);
  return { window: all.slice(0, shown), earlier: all.slice(shown) };
};

const keptDays = 7;
/** Limit for entries that are no longer on the feed; those on it are always kept. */
const maxKept = 1_000;

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

/**
 * The memory after a document. Entries that leave the window count as seen until today, even if nothing was written for
 * a while. An empty or truncated document removes nothing from the window, but does not count as showing the missing
 * entries.
 */
export const remember = (
  before: FactMemory,
  shown: readonly KnownFacts[],
  { today, complete }: { today: number; complete: boolean },
): FactMemory => {
  const kept = new Set(shown.map(({ facts }) => facts)); // unchanged facts are the same object
  const isShown = ({ facts }: KnownFacts) => kept.has(facts);
  const replaces = complete && shown.length > 0;
  const left = before.window.filter((one) => !isShown(one));
  const earlier = before.earlier.filter((one) => !isShown(one) && one.lastSeen > today - keptDays);
  const window = replaces ? [...shown] : [...left, ...shown];
  const seenUntilToday = left.map((one) => ({ ...one, lastSeen: today }));
  const others = latestOfEachStory(replaces ? [...earlier, ...seenUntilToday] : earlier);
  const room = Math.max(0, maxKept - window.length);
  return { window, earlier: room === 0 ? [] : others.slice(-room) };
};

/** The memory without the facts of these stories. */
export const forgetStories = ({ window, earlier }: FactMemory, stories: ReadonlySet<string>): FactMemory => {
  const isKept = ({ story }: KnownFacts) => !stories.has(story);
  return { window: window.filter(isKept), earlier: earlier.filter(isKept) };
};
