import { categoryNames } from '../entries/category-names.ts';
import type { Entry } from '../entries/entry.ts';
import type { Verdict } from '../ledger/entry-state.ts';
import { formatDuration } from '../text/format-time.ts';
import type { Rules } from './editorial.ts';
import { hasWord, isSameText, searchable } from './find-word.ts';

/** Why a feed's rules filter an entry; `detail` names the rule and the match. */
export type RuledOut = Verdict & { state: 'filtered'; detail: string };

const out = (rule: string, detail: string): RuledOut => ({
  state: 'filtered',
  code: `rule.${rule.replaceAll(/[._]/g, '-')}`,
  detail: `${rule}: ${detail}`,
});

/** Longer than any caption can be, so the rest is not searched either. */
const maxSearched = 50_000;

const placesOf = ({ title, summary, content }: Entry) =>
  Object.entries({ title, summary, content }).map(([name, text]) => ({
    name,
    text: searchable((text ?? '').slice(0, maxSearched)),
  }));

const wordIn = (entry: Entry, words: string[]): { word: string; place: string } | null => {
  const places = words.length > 0 ? placesOf(entry) : [];
  for (const word of words) {
    const place = places.find(({ text }) => hasWord(text, word));
    if (place) return { word, place: place.name };
  }
  return null;
};

const categoryOf = (entry: Entry, wanted: string[]): string | undefined => {
  const written = wanted.length > 0 ? entry.categories.flatMap(categoryNames) : [];
  return wanted.find((one) => written.some((category) => isSameText(category, one)));
};

const quoted = (words: string[]): string => words.map((word) => `"${word}"`).join(', ');

const skipped = (entry: Entry, { keywords, categories, authors }: Rules['skip']): RuledOut | null => {
  const found = wordIn(entry, keywords);
  if (found) return out('skip.keywords', `"${found.word}" is in the ${found.place}`);
  const category = categoryOf(entry, categories);
  if (category !== undefined) return out('skip.categories', `it has the category "${category}"`);
  const author = authors.find((one) => hasWord(searchable(entry.author ?? ''), one));
  return author === undefined ? null : out('skip.authors', `it is by "${author}"`);
};

const dateOf = ({ published, updated }: Entry): number | null => {
  const date = published ?? updated;
  return date === null ? null : Date.parse(date);
};

const notWanted = (entry: Entry, only: Rules['only'], now: number): RuledOut | null => {
  const { keywords, categories, newerThanMs } = only;
  if (keywords.length > 0 && !wordIn(entry, keywords))
    return out('only.keywords', `none of ${quoted(keywords)} is in title, summary or content`);
  if (categories.length > 0 && categoryOf(entry, categories) === undefined)
    return out('only.categories', `it has none of the categories ${quoted(categories)}`);
  const date = dateOf(entry);
  if (newerThanMs === null || date === null || date >= now - newerThanMs) return null;
  return out(
    'only.newer_than',
    `it is ${formatDuration(now - date)} old, and the limit is ${formatDuration(newerThanMs)}`,
  );
};

/**
 * Why the rules filter an entry, or null. `skip` is checked before `only`. Within a list one match is enough; every
 * setting must match. An entry without a date is never too old.
 */
export const ruleOut = (entry: Entry, { only, skip }: Rules, now: number): RuledOut | null =>
  skipped(entry, skip) ?? notWanted(entry, only, now);
