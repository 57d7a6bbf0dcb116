import { platforms } from '../captions/languages/platforms.ts';
import { once } from '../once.ts';

/** Longer than any of these lines with its names; only this many characters at the end are searched. */
const longest = 700;
/** Two `{name}` in one sentence and the distance of its words bound the work to the square of this window. */
const parts: Record<string, string> = { '{name}': '[^\\n]{1,150}?', '{address}': '\\S{1,300}?' };

const patternOf = (line: string): string =>
  line
    .split(/(\{name\}|\{address\})/)
    .map((part) => parts[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "[’']"))
    .join('');

const anyOf = (lines: readonly string[]): string => `(?:${lines.map(patternOf).join('|')})`;

// Built on first use, because so many patterns would slow down every cold start.
const rules = once(() => {
  const all = Object.values(platforms);
  const of = (name: 'tails' | 'tailLines' | 'headLines') => anyOf(all.flatMap((one) => one[name] ?? []));
  const words = all.flatMap(({ tails, tailLines = [] }) => [...tails, ...tailLines]);
  const lastWords = words.map(
    (line) =>
      line
        .replace(/\{address\}$/, '')
        .split(/\{\w+\}/)
        .at(-1)
        ?.trim() ?? '',
  );
  return {
    /** A cheap check before the others: the words with which each of them ends. */
    // bounded: `longest` characters
    hint: new RegExp(anyOf(lastWords.filter((line) => line !== '')), 'iu'),
    // bounded: `longest` characters
    tail: new RegExp(`(?:^|(?<=[\\s\\p{P}]))${of('tails')}[.!]?\\s*$`, 'iu'),
    // bounded: `longest` characters
    tailLine: new RegExp(`(?:^|[\\n•·|]|(?<=[.!?…]) )[^\\S\\n]*${of('tailLines')}[.!]?[\\s•·|]*$`, 'iu'),
    // bounded: `longest` characters
    headLine: new RegExp(`^\\s*${of('headLines')}[.!]?[^\\S\\n]*\\n\\s*`, 'iu'),
  };
});

/** Where the last host line at the end of a text begins; -1 if there is none. */
export const platformTailStart = (tail: string): number => {
  const { hint, tail: sentence, tailLine } = rules();
  const end = tail.slice(-longest);
  if (!hint.test(end)) return -1;
  const found = sentence.exec(end) ?? tailLine.exec(end);
  return found ? tail.length - end.length + found.index : -1;
};

/** A text without the lines that a podcast host adds above it. */
export const cutHead = (text: string): string =>
  text.slice(0, longest).replace(rules().headLine, '') + text.slice(longest);
