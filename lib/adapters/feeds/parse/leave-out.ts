import type { Extent } from './feed-writer.ts';
import { rawHash } from './raw-hash.ts';

const LESS_THAN = 0x3c;
const ENDS_NAME = new Set([...' \t\r\n>'].map((character) => character.charCodeAt(0)));

/** Where a document appears to have entries, by the bytes alone: a comment or a text may contain such tags, too. */
function* apparentEntries(bytes: Buffer): Generator<Extent> {
  const name = bytes.includes('</item>') ? 'item' : 'entry';
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
    const next = bytes.indexOf(LESS_THAN, end);
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
