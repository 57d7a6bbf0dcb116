import { once } from '../once.ts';

const graphemes = once(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** What may not be cut: links, hashtags and mentions. A link ends before white space. */
const whole = /(?:https?:\/\/|www\.)\S+|[#＃@][\p{L}\p{M}\p{N}_]+/giu;

/** UTF-16 units behind a cut by which a link that begins before it is known as one: `https://` and a little. */
const lookAhead = 16;

/** Marks that open or pause: they do not stand before an ellipsis. */
const loose = /^[\s\p{Pd}\p{Ps}\p{Pi},;:.…]+$/u;

/** UTF-16 units in which a word's end is looked for before a word is cut. */
const wordSearch = 40;

/** The last boundary between two graphemes at or before `at`, in UTF-16 units. */
const graphemeBoundary = (text: string, at: number): number => {
  if (at >= text.length) return text.length;
  // Nothing behind the next code point decides whether a grapheme begins at `at` (UAX 29).
  return (
    graphemes()
      .segment(text.slice(0, at + 2))
      .containing(at)?.index ?? 0
  );
};

type Span = { from: number; to: number };

const wholesIn = (text: string): Span[] =>
  [...text.matchAll(whole)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

/** Before the link or hashtag that `at` would cut, else `at`. */
const outside = (wholes: Span[], at: number): number =>
  wholes.find(({ from, to }) => from < at && to > at)?.from ?? at;

const wordBoundary = (text: string, at: number): number => {
  if (/\s/.test(text.charAt(at))) return at;
  const from = Math.max(0, at - wordSearch);
  const space = text.slice(from, at).search(/\s\S*$/);
  return from + space > 0 && space >= 0 ? from + space : at;
};

/** Where the text ends without its loose marks, though not before `least`. */
const firmEnd = (text: string, least: number): number => {
  const segments = graphemes().segment(text);
  let end = text.length;
  while (end > least) {
    const last = segments.containing(end - 1);
    if (!last || !loose.test(last.segment)) break;
    end = last.index;
  }
  return end;
};

/**
 * At most `limit` UTF-16 units of the text, with an ellipsis where something was left out. Cut between two
 * graphemes (UAX 29) and where possible between two words; a link, a hashtag or a mention stays whole or
 * goes whole. Empty when nothing whole fits.
 */
export const shorten = (text: string, limit: number, ellipsis = '…'): string => {
  if (text.length <= limit) return text;
  // One unit is kept back for the space that parts a link or a hashtag from the ellipsis.
  const room = Math.max(0, Math.floor(limit) - ellipsis.length - 1);
  const near = text.slice(0, room + lookAhead);
  const wholes = wholesIn(near);
  const at = graphemeBoundary(near, wordBoundary(near, outside(wholes, graphemeBoundary(near, room))));
  const lastWhole = wholes.findLast(({ to }) => to <= at)?.to ?? 0;
  const kept = near.slice(0, firmEnd(near.slice(0, at), lastWhole));
  if (kept === '') return '';
  return kept + (kept.length === lastWhole ? ' ' : '') + ellipsis;
};
