import { once } from '../../once.ts';

const MAX_MARKS = 30;

/** Consecutive combining marks, except for the grapheme joiner that separates them here. */
const marksInARow = once(() => /[\p{M}--\u034F]{3,}/gv);
/** A Latin text with typographic punctuation has no combining marks, and looking for them takes longer. */
const MAY_HAVE_MARKS = /[\u0300-\u1FFF\u20D0-\uFFFF]/;
// bounded: linear, a fixed number of characters
const CROWD = new RegExp(`.{${MAX_MARKS}}(?=.)`, 'gsu');

const parted = (marks: string): string =>
  marks.length > MAX_MARKS ? marks.replace(CROWD, '$&\u034F') : marks;

/** The Stream-Safe Text Format (UAX #15, 13): a grapheme joiner after every 30 combining marks in a row. */
const streamSafe = (text: string): string =>
  MAY_HAVE_MARKS.test(text) ? text.replace(marksInARow(), parted) : text;

/**
 * A Unicode normal form in linear time. `String.prototype.normalize` sorts the combining marks of a character, which
 * takes quadratic time for thousands in a row; no language has more than a handful.
 */
export const normalizeUnicode = (text: string, form: 'NFC' | 'NFKC'): string =>
  streamSafe(streamSafe(text).normalize(form));
