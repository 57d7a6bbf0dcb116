import { foldHashtag, hashtagsIn, mostHashtags } from './find-hashtags.ts';

// Noncharacters (Unicode 23.7): no text that is meant to be read has them.
const [opens, closes] = ['\uFDD0', '\uFDD1'];
// bounded: linear, a mark that begins anew ends the run
const marked = new RegExp(`${opens}([^${opens}${closes}]*)${closes}`, 'gu');
// bounded: linear, one character
const leftOver = new RegExp(`[${opens}${closes}]`, 'gu');
// bounded: a template of feeds.yml
const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Marks a hashtag as made by a filter, until `settleHashtags` sees it beside the rest of its text. */
export const markHashtag = (tag: string): string => `${opens}${tag}${closes}`;

/** A publisher's text without what would be taken for a mark. */
export const withoutMarks = (text: string): string => text.replace(leftOver, '');

/** How many a filter may add: what the entry's own text has takes places, what the template spells out does not. */
const roomFor = (own: ReadonlySet<string>, template: string): number => {
  const typed = hashtagsIn(template.replace(liquid, ' '));
  const ofEntry = [...own].filter((tag) => !typed.has(tag)).length;
  return ofEntry === 0 ? Number.POSITIVE_INFINITY : Math.max(0, mostHashtags - ofEntry);
};

const spaceBefore = (before: string): string => (/(?:^|[\s\p{Ps}\p{Pi}"'])$/u.test(before) ? '' : ' ');
const spaceAfter = (after: string): string => (/^[\p{L}\p{M}\p{N}_#＃@]/u.test(after) ? ' ' : '');

/**
 * A rendered text with the hashtags of filters put right: one that the text has already is left out, and so are those
 * beyond five where the entry's own text brings some; each is parted by a space from the words beside it.
 */
export const settleHashtags = (rendered: string, template: string): string => {
  if (!rendered.includes(opens)) return withoutMarks(rendered);
  const own = hashtagsIn(rendered.replace(marked, ' '));
  const seen = new Set(own);
  let room = roomFor(own, template);
  let settled = '';
  let at = 0;
  for (const { index, 0: whole, 1: tag = '' } of rendered.matchAll(marked)) {
    settled += rendered.slice(at, index);
    at = index + whole.length;
    const folded = foldHashtag(tag.replace(/^[#＃]/, ''));
    if (seen.has(folded) || room <= 0) {
      settled = settled.replace(/[ \t]$/, '');
      continue;
    }
    seen.add(folded);
    room -= 1;
    settled += spaceBefore(settled.slice(-1)) + tag + spaceAfter(withoutMarks(rendered.slice(at, at + 2)));
  }
  return withoutMarks(settled + rendered.slice(at));
};
