const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

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
  return graphemes.segment(text.slice(0, at + 2)).containing(at)?.index ?? 0;
};

const lastGrapheme = (text: string): string =>
  text.slice(graphemes.segment(text).containing(text.length - 1)?.index);

/** Before the link or hashtag that `at` would cut, else `at`. */
const outsideWhole = (text: string, at: number): number => {
  const cut = [...text.matchAll(whole)].find(
    ({ index, 0: token }) => index < at && index + token.length > at,
  );
  return cut?.index ?? at;
};

const wordBoundary = (text: string, at: number): number => {
  if (/\s/.test(text.charAt(at))) return at;
  const from = Math.max(0, at - wordSearch);
  const space = text.slice(from, at).search(/\s\S*$/);
  return from + space > 0 && space >= 0 ? from + space : at;
};

/** Where the last link or hashtag ends; 0 without one. */
const lastWholeEnd = (text: string): number => {
  const last = [...text.matchAll(whole)].at(-1);
  return last ? last.index + last[0].length : 0;
};

const withoutLooseEnd = (text: string): string => {
  const least = lastWholeEnd(text);
  let kept = text;
  while (kept.length > least && loose.test(lastGrapheme(kept)))
    kept = kept.slice(0, -lastGrapheme(kept).length);
  return kept;
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
  const at = graphemeBoundary(near, wordBoundary(near, outsideWhole(near, graphemeBoundary(near, room))));
  const kept = withoutLooseEnd(near.slice(0, at));
  if (kept === '') return '';
  return kept + (kept.length === lastWholeEnd(kept) ? ' ' : '') + ellipsis;
};
