import { type FoundHashtag, findHashtags, foldHashtag, maxHashtags } from '../captions/find-hashtags.ts';
import { once } from '../once.ts';
import { maxTextUnits, type TikTokPost } from './tiktok-post.ts';

/** One of TikTok's rules and how a post complies: `text` is shown to users, also if the rule is met. */
export type RuleCheck = {
  rule: 'length' | 'hashtags' | 'links' | 'first line' | 'media';
  ok: boolean;
  text: string;
};

/** TikTok shows about this many characters of a caption; the rest is behind "more". */
const foldAt = 150;

/** TikTok treats a longer one as plain text. */
const longestHashtag = 100;

const link = /(?:https?:\/\/|www\.)\S+/giu;
/** Punctuation after a link in a sentence is not part of it. */
const afterLink = new Set('.,;:!?…»”"\')]}>');
const linkIn = (written: string): string => {
  let end = written.length;
  while (afterLink.has(written[end - 1] ?? '')) end -= 1;
  return written.slice(0, end);
};
const graphemes = once(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

const counted = (count: number, what: string): string =>
  count === 0 ? `no ${what}` : `${count} ${what}${count === 1 ? '' : 's'}`;

/** The part of a caption that is visible without expanding it. */
export const beforeFold = (text: string): string =>
  Array.from(graphemes().segment(text.slice(0, foldAt * 20)), ({ segment }) => segment)
    .slice(0, foldAt)
    .join('');

const length = (text: string): RuleCheck => ({
  rule: 'length',
  ok: text.length <= maxTextUnits,
  text: `${text.length.toLocaleString('en')} of ${maxTextUnits.toLocaleString('en')} characters`,
});

const faultOf = ({ tag, runsInto }: FoundHashtag, seen: Set<string>): string | null => {
  const folded = foldHashtag(tag);
  if (seen.has(folded)) return `#${tag} appears twice`;
  seen.add(folded);
  if (tag.length >= longestHashtag)
    return `#${tag.slice(0, 20)}… is longer than ${longestHashtag} characters`;
  return runsInto === undefined
    ? null
    : `#${tag} ends at "${runsInto[0]}": TikTok allows letters, digits and _`;
};

const hashtags = (text: string): RuleCheck => {
  const found = findHashtags(text);
  const seen = new Set<string>();
  const faults = found.flatMap((one) => faultOf(one, seen) ?? []);
  if (seen.size > maxHashtags) faults.unshift(`${seen.size} hashtags: TikTok allows ${maxHashtags}`);
  const result = faults.length > 0 ? faults.join('; ') : counted(found.length, 'hashtag');
  return { rule: 'hashtags', ok: faults.length === 0, text: result };
};

/** A link is cut if a known complete link continues where it ends. */
const links = (text: string, whole: readonly string[]): RuleCheck => {
  const found = [...text.matchAll(link)].map(([written]) => linkIn(written));
  const isCut = (one: string) =>
    !whole.includes(one) && whole.some((other) => other.startsWith(one) && other.length > one.length + 1);
  const cut = found.filter(isCut);
  const result = cut.length > 0 ? `cut off: ${cut.join(', ')}` : counted(found.length, 'link');
  const note = found.length > 0 && cut.length === 0 ? ', complete; not clickable on TikTok' : '';
  return { rule: 'links', ok: cut.length === 0, text: result + note };
};

const firstLine = (text: string): RuleCheck => {
  const shown = beforeFold(text);
  const content = shown.replaceAll(link, ' ').replaceAll(/[#＃@][\p{L}\p{M}\p{N}_]+/gu, ' ');
  const ok = /[\p{L}\p{N}]/u.test(content);
  const visible = text.length > shown.length ? `the first ${foldAt} characters` : 'all of it';
  const result = ok
    ? `TikTok shows ${visible} before "more"`
    : `no word in the first ${foldAt} characters, which is all TikTok shows before "more"`;
  return { rule: 'first line', ok, text: result };
};

const media = ({ media_ids: ids = [], status, thumbnail_url: thumbnail }: TikTokPost): RuleCheck => {
  const picture = thumbnail ? 'a thumbnail' : 'no thumbnail';
  if (ids.length === 1) return { rule: 'media', ok: true, text: `one video, ${picture}` };
  if (ids.length > 1) return { rule: 'media', ok: false, text: `${ids.length} videos: TikTok allows one` };
  if (status !== 'DRAFT') return { rule: 'media', ok: false, text: 'no video: a public post needs one' };
  return { rule: 'media', ok: true, text: `${picture}; a draft gets its video in Dash Social` };
};

/**
 * TikTok's rules for a post, each met or not. `whole`: every known link of the entry, in full; a link in the caption
 * that is only the beginning of one of them was cut.
 */
export const tiktokRules = (post: TikTokPost, whole: readonly string[]): RuleCheck[] => {
  const text = post.text ?? '';
  return [length(text), hashtags(text), links(text, whole), firstLine(text), media(post)];
};

/** Every link in a text, as written. */
export const linksIn = (text: string | null): string[] =>
  [...(text ?? '').matchAll(link)].map(([written]) => linkIn(written));
