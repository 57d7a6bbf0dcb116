import type { Extent } from './feed-writer.ts';
import { rawHash } from './raw-hash.ts';

const LESS_THAN = 0x3c;
const COMMENT = Buffer.from('<!--');
const ENDS_NAME = new Set([...' \t\r\n>'].map((character) => character.charCodeAt(0)));

/** Where a text begins for the first time; infinite if nowhere. */
const firstOf = (bytes: Buffer, text: string): number => {
  const at = bytes.indexOf(text);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
};

/** Where a document appears to have entries, by the bytes alone: a comment or a text may contain such tags, too. */
function* apparentEntries(bytes: Buffer): Generator<Extent> {
  const name = firstOf(bytes, '<item') < firstOf(bytes, '<entry') ? 'item' : 'entry';
  const [open, close] = [Buffer.from(`<${name}`), Buffer.from(`</${name}>`)];
  for (let at = bytes.indexOf(open); at !== -1; ) {
    let next = at + open.length;
    if (ENDS_NAME.has(bytes[next] ?? 0)) {
      const closed = bytes.indexOf(close, next);
      if (closed === -1) return;
      next = closed + close.length;
      yield { start: at, end: next };
    }
    at = bytes.indexOf(open, next);
  }
}

/** Where the next tag begins, after any comments; -1 if there is none. */
const nextTag = (bytes: Buffer, from: number): number => {
  let at = bytes.indexOf(LESS_THAN, from);
  while (at !== -1 && bytes.subarray(at, at + COMMENT.length).equals(COMMENT)) {
    const end = bytes.indexOf('-->', at + COMMENT.length);
    at = end === -1 ? -1 : bytes.indexOf(LESS_THAN, end);
  }
  return at;
};

/** Sources that were left out together, and where the next tag follows them in the text. */
export type Seam = { at: number; rawHashes: string[] };

/** The rest of a document, and what was left out of it. */
type Shortened = { text: string; seams: Seam[] };

type Cut = Extent & { rawHashes: string[] };

/** The known entries with what follows them up to the next tag; those side by side together. */
const cutsOf = (bytes: Buffer, isKnown: (raw: string) => boolean): Cut[] => {
  const cuts: Cut[] = [];
  for (const { start, end } of apparentEntries(bytes)) {
    const raw = rawHash(bytes.subarray(start, end));
    if (!isKnown(raw)) continue;
    const next = nextTag(bytes, end);
    const last = cuts.at(-1);
    if (last?.end === start) {
      last.rawHashes.push(raw);
      last.end = next;
    } else cuts.push({ start, end: next, rawHashes: [raw] });
  }
  return cuts;
};

/**
 * A document, as UTF-8, without the entries that are known by their raw text. Whether it really has them there, its
 * reader finds out at the seams (`tidyXml`). Null if it has none, or ends with one. Linear in the length.
 */
export const leaveOut = (bytes: Buffer, isKnown: (raw: string) => boolean): Shortened | null => {
  const cuts = cutsOf(bytes, isKnown);
  if (cuts.length === 0 || cuts.at(-1)?.end === -1) return null;
  const decoder = new TextDecoder('utf-8');
  const seams: Seam[] = [];
  let text = '';
  let from = 0;
  for (const { start, end, rawHashes } of cuts) {
    text += decoder.decode(bytes.subarray(from, start));
    seams.push({ at: text.length, rawHashes });
    from = end;
  }
  return { text: text + decoder.decode(bytes.subarray(from)), seams };
};
