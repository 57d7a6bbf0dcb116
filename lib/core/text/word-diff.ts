import { once } from '../once.ts';

/** A run of words that two texts share, or that only the former or only the latter has. */
export type DiffPart = { kind: 'same' | 'removed' | 'added'; text: string };

/** Of two middles that differ, the longest that are compared word by word; longer ones are replaced as a whole. */
const maxWords = 500;

const segmenter = once(() => new Intl.Segmenter('und', { granularity: 'word' }));
const wordsOf = (text: string): string[] => Array.from(segmenter().segment(text), ({ segment }) => segment);

const sharedStart = (a: readonly string[], b: readonly string[]): number => {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
};

/** `lengths[i][j]`: how many words the rests from `i` and `j` have in common, in order. */
const commonLengths = (a: readonly string[], b: readonly string[]): Uint16Array[] => {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (lengths[i] as Uint16Array)[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return lengths;
};

const replaced = (a: readonly string[], b: readonly string[]): DiffPart[] => [
  { kind: 'removed', text: a.join('') },
  { kind: 'added', text: b.join('') },
];

const compared = (a: readonly string[], b: readonly string[]): DiffPart[] => {
  if (a.length > maxWords || b.length > maxWords) return replaced(a, b);
  const lengths = commonLengths(a, b);
  const left = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      parts.push({ kind: 'same', text: a[i++] as string });
      j++;
    } else if (left(i + 1, j) >= left(i, j + 1)) parts.push({ kind: 'removed', text: a[i++] as string });
    else parts.push({ kind: 'added', text: b[j++] as string });
  }
  return [...parts, ...replaced(a.slice(i), b.slice(j))];
};

/** White space alone between two changes belongs to both, so that neighboring changed words are one change. */
const bridged = (parts: readonly DiffPart[]): DiffPart[] =>
  parts.flatMap((part, at): DiffPart[] => {
    const isBetween =
      parts[at - 1] && parts[at + 1] && parts[at - 1]?.kind !== 'same' && parts[at + 1]?.kind !== 'same';
    const isSpace = part.kind === 'same' && part.text.trim() === '';
    return isBetween && isSpace ? replaced([part.text], [part.text]) : [part];
  });

/** One removal and one addition between two shared runs, in this order. */
const gathered = (parts: readonly DiffPart[]): DiffPart[] => {
  const runs: DiffPart[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed !== '') runs.push({ kind: 'removed', text: removed });
    if (added !== '') runs.push({ kind: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const { kind, text } of parts) {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (text !== '') {
      flush();
      const last = runs.at(-1);
      if (last?.kind === 'same') last.text += text;
      else runs.push({ kind: 'same', text });
    }
  }
  flush();
  return runs;
};

/**
 * The difference of two texts by words, as Unicode separates them: the shared and removed parts make up `before`, the
 * shared and added ones `after`. Linear in the texts, but for a middle of at most 500 words that is compared in detail.
 */
export const wordDiff = (before: string, after: string): DiffPart[] => {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const start = sharedStart(a, b);
  const end = sharedStart(a.slice(start).reverse(), b.slice(start).reverse());
  const middle = compared(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return gathered(
    bridged([
      { kind: 'same', text: a.slice(0, start).join('') },
      ...middle,
      { kind: 'same', text: a.slice(a.length - end).join('') },
    ]),
  );
};
