import { once } from '../once.ts';

const graphemes = once(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** Must not be cut: links, hashtags and mentions. A link ends before white space. */
const whole = /(?:https?:\/\/|www\.)\S+|[#＃@][\p{L}\p{M}\p{N}_]+/giu;

/** UTF-16 units after a cut that are enough to recognize a link that begins before it: `https://` and a few more. */
const lookAhead = 16;

/** Opening and pausing punctuation, which is removed before an ellipsis. */
const loose = /^[\s\p{Pd}\p{Ps}\p{Pi},;:.…]+$/u;

/** How far back a word boundary is searched before a word is cut, in UTF-16 units. */
const wordSearch = 40;

/** The last grapheme boundary at or before `at`, in UTF-16 units. */
const graphemeBoundary = (text: string, at: number): number => {
  if (at >= text.length) return text.length;
  // Only the next code point decides whether a grapheme begins at `at` (UAX 29).
  return (
    graphemes()
      .segment(text.slice(0, at + 2))
      .containing(at)?.index ?? 0
  );
};

type Span = { from: number; to: number };

const wholesIn = (text: string): Span[] =>
  [...text.matchAll(whole)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

/** The start of the link or hashtag that `at` would cut, otherwise `at`. */
const outside = (wholes: Span[], at: number): number =>
  wholes.find(({ from, to }) => from < at && to > at)?.from ?? at;

const wordBoundary = (text: string, at: number): number => {
  if (/\s/.test(text.charAt(at))) return at;
  const from = Math.max(0, at - wordSearch);
  const space = text.slice(from, at).search(/\s\S*$/);
  return from + space > 0 && space >= 0 ? from + space : at;
};

/** The end of the text without trailing punctuation, but not before `least`. */
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
 * At most `limit` UTF-16 units of the text, with an ellipsis if something was left out. Cut between graphemes (UAX 29)
 * and, if possible, between words; a link, a hashtag or a mention is kept whole or left out. Empty if nothing whole
 * fits.
 */
export const shorten = (text: string, limit: number, ellipsis = '…'): string => {
  if (text.length <= limit) return text;
  // One unit is reserved for the space between a link or hashtag and the ellipsis.
  const room = Math.max(0, Math.floor(limit) - ellipsis.length - 1);
  const near = text.slice(0, room + lookAhead);
  const wholes = wholesIn(near);
  const at = graphemeBoundary(near, wordBoundary(near, outside(wholes, graphemeBoundary(near, room))));
  const lastWhole = wholes.findLast(({ to }) => to <= at)?.to ?? 0;
  const kept = near.slice(0, firmEnd(near.slice(0, at), lastWhole));
  if (kept === '') return '';
  return kept + (kept.length === lastWhole ? ' ' : '') + ellipsis;
};
