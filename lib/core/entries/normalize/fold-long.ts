import { createHash } from 'node:crypto';

type Fold = (text: string) => string;

/** UTF-16 units; a compatibility character may expand to 18 of them, and folding keeps several copies. */
export const LONG = 65_536;
const PART = 32_768;
const KEPT = 1_000;

/** After the part's last space or line break, or else anywhere except within a surrogate pair. */
const lengthOfPart = (part: string): number => {
  const space = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n'));
  if (space > 0) return space + 1;
  return /[\uD800-\uDBFF]$/.test(part) ? part.length - 1 : part.length;
};

function* partsOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const part = text.slice(start, start + PART);
    const length = start + PART < text.length ? lengthOfPart(part) : part.length;
    yield part.slice(0, length);
    start += length;
  }
}

/**
 * Represents a long text by its folded beginning and the SHA-256 of its whole folded form, using the memory of one
 * part, so that different texts stay distinct. Equal to the hash of the whole text's fold if its words are separated by
 * spaces; a run of 32,768 characters without a space is folded in parts.
 */
export const foldLong = (text: string, fold: Fold): string => {
  const hash = createHash('sha256');
  let beginning = '';
  let parted = false;
  for (const part of partsOf(text)) {
    const folded = fold(part);
    const gap = beginning !== '' && folded !== '' && (parted || /^\s/.test(part)) ? ' ' : '';
    hash.update(gap + folded);
    if (beginning.length < KEPT) beginning += gap + folded;
    parted = /\s$/.test(part) || (folded === '' && parted);
  }
  return `${beginning.slice(0, KEPT).toWellFormed().trimEnd()} sha256:${hash.digest('hex')}`;
};
