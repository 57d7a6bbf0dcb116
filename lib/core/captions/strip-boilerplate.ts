import { once } from '../once.ts';
import { platformTailStart } from '../text/platform-lines.ts';
import { languages } from './languages/languages.ts';

/** One word of a phrase, or its alternatives; `'` also matches `’`. */
const wordPattern = (words: string, at: number): string => {
  const each = words.split('/').map((word) => {
    const [first = ''] = word;
    const rest = escaped(word.slice(first.length));
    const [lower, upper] = [first.toLowerCase(), first.toUpperCase()];
    return (at === 0 || lower === upper ? escaped(first) : `[${lower}${upper}]`) + rest;
  });
  return each.length === 1 ? String(each[0]) : `(?:${each.join('|')})`;
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "[’']");

const phrasePattern = (phrase: string): string => phrase.split(' ').map(wordPattern).join(' ');
const anyOf = (phrases: readonly string[]): string => `(?:${phrases.map(phrasePattern).join('|')})`;

/**
 * A footer as `[its beginning, the words between title and site]`; if the title comes first, it begins with a new line.
 */
const footerParts = once(() =>
  languages
    .flatMap(({ footers = [] }) => footers)
    .map(({ begins, goesOn }) => [begins.length > 0 ? anyOf(begins) : '(?<=\\n)', anyOf(goesOn)] as const),
);

/** Footers are short, so only this many last characters are searched, which also bounds the work. */
const WINDOW = 700;
/** How far from the end the separator of title and site, and `Continue reading`, may be. */
const FOOTER_END = 260;
const MORE_END = 300;

/** Newsletter hosts append several lines, one below the other. */
const maxCuts = 12;

/** A line that separates a text from what is below it. */
const RULE = /(?:^|\s)(?:[-–—_*]\s?){3,30}$/;

// bounded: WINDOW characters
const ELLIPSIS = /\s*(?:\[\s?(?:…|\.{3})\s?\]|\((?:…|\.{3})\)|\(\p{L}[^()\n]{0,30}(?:…|\.{3})\))\s*$/u;
/** In German the title precedes the verb: „Titel“ weiterlesen. */
const QUOTED =
  // bounded: WINDOW characters
  /(?<=^|\n|[\p{P}\p{S}]\s+)[„“"«][^\n]{1,250}[“”"»]\s+(?:weiterlesen|verder lezen)[^\p{L}\n]{0,5}$/u;

const footerPattern = ([begins, between]: readonly [string, string]) =>
  // bounded: WINDOW characters
  new RegExp(`(?<![\\p{L}\\p{N}])${begins}[^\\n]{1,400}?${between}[^\\n]{0,200}$`, 'u');

/** Built on first use, because so many patterns would slow down every cold start. */
const footers = once(() => footerParts().map(footerPattern));
const patterns = once(() => {
  const more = anyOf(languages.flatMap(({ readOn = [] }) => readOn));
  return {
    /** A check for all footers at once, because most summaries have none. None of them begins within a Latin word. */
    // bounded: FOOTER_END characters
    anyFooter: new RegExp(
      `(?!\\B[a-z])(?:${footerParts()
        .map(([, between]) => between)
        .join('|')})`,
      'u',
    ),
    // bounded: MORE_END characters
    more: new RegExp(
      `(?![a-z\\s])(?<=^|\\n|[\\p{P}\\p{S}]\\s*)[([]?${more}(?![\\p{L}\\p{N}])([^\\n]{0,250})$`,
      'u',
    ),
    // bounded: WINDOW characters
    arrowed: new RegExp(`(?<=\\s)[([]?${more}[^\\p{L}\\p{N}\\n]{0,9}[→»›>⟶][^\\p{L}\\p{N}\\n]{0,3}$`, 'u'),
    /** In brackets, letter case does not matter: `[read more]`. */
    // bounded: WINDOW characters
    bracketed: new RegExp(`\\s*[[(]${more}[^\\p{L}\\p{N}]{0,9}[\\])]\\s*$`, 'iu'),
  };
});

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Whether the text after `Continue reading` belongs to it: nothing, the title, or anything that ends in an arrow. */
const isContinuation = (rest: string, title: string | null): boolean =>
  /[→»›⟶>…]\s*$/.test(rest) || letters(rest) === '' || (title !== null && letters(rest) === letters(title));

/** The patterns that may match this ending; for nearly all summaries there are none. */
const candidates = (tail: string): RegExp[] => {
  const end = tail.slice(-24);
  const { anyFooter, arrowed, bracketed } = patterns();
  return [
    ...(/[\])]$/.test(end) ? [ELLIPSIS, bracketed] : []),
    ...(/[→»›>⟶]/.test(end) ? [arrowed] : []),
    ...(/le[sz]en/.test(end) ? [QUOTED] : []),
    ...(anyFooter.test(tail.slice(-FOOTER_END)) ? footers() : []),
  ];
};

const boilerplateStart = (tail: string, title: string | null): number => {
  const platform = platformTailStart(tail);
  if (platform >= 0) return platform;
  for (const pattern of candidates(tail)) {
    const found = pattern.exec(tail);
    if (found) return found.index;
  }
  const before = Math.max(0, tail.length - MORE_END);
  const more = patterns().more.exec(tail.slice(before));
  return more && isContinuation(more[1] ?? '', title) ? before + more.index : -1;
};

/**
 * Removes what publishing systems append to a summary, however much of it: `[…]`, `(more…)`, `Continue reading TITLE →`
 * and `The post TITLE appeared first on SITE.` in the languages that WordPress ships, and the lines of newsletter and
 * podcast hosts (`platforms.ts`).
 */
export const stripBoilerplate = (summary: string, title: string | null): string => {
  let text = summary.trimEnd();
  for (let cuts = 0; cuts < maxCuts; cuts++) {
    const before = Math.max(0, text.length - WINDOW);
    const start = boilerplateStart(text.slice(before), title);
    if (start === -1) return text;
    text = text
      .slice(0, before + start)
      .trimEnd()
      .replace(RULE, '')
      .trimEnd();
  }
  return text;
};
