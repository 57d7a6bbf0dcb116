import { foldHashtag, hashtagsIn, maxHashtags } from './find-hashtags.ts';

// Noncharacters (Unicode 23.7), which do not occur in readable text.
const [opens, closes] = ['\uFDD0', '\uFDD1'];
// bounded: linear, a mark that begins anew ends the run
const marked = new RegExp(`${opens}([^${opens}${closes}]*)${closes}`, 'gu');
// bounded: linear, one character
const leftOver = new RegExp(`[${opens}${closes}]`, 'gu');
// bounded: a template of feeds.yml
const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Marks a hashtag as made by a filter, until `settleHashtags` compares it with the rest of the text. */
export const markHashtag = (tag: string): string => `${opens}${tag}${closes}`;

/** A publisher's text without characters that would be mistaken for marks. */
export const withoutMarks = (text: string): string => text.replace(leftOver, '');

/** How many hashtags a filter may add: those in the entry's own text count, those in the template do not. */
const roomFor = (own: ReadonlySet<string>, template: string): number => {
  const typed = hashtagsIn(template.replace(liquid, ' '));
  const ofEntry = [...own].filter((tag) => !typed.has(tag)).length;
  return ofEntry === 0 ? Number.POSITIVE_INFINITY : Math.max(0, maxHashtags - ofEntry);
};

const spaceBefore = (before: string): string => (/(?:^|[\s\p{Ps}\p{Pi}"'])$/u.test(before) ? '' : ' ');
const spaceAfter = (after: string): string => (/^[\p{L}\p{M}\p{N}_#＃@]/u.test(after) ? ' ' : '');

/**
 * Resolves the marked hashtags in a rendered text: those already in the text are left out, as are those beyond five if
 * the entry's own text has some; each is separated from adjacent words by a space.
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
