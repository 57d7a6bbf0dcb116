import { didYouMean } from '../config/did-you-mean.ts';
import { templateVariables } from './template-values.ts';

const asLiquid = (found: string): string => {
  const [word = ''] = /[A-Za-z_][\w.]*/.exec(found) ?? [];
  const meant = didYouMean(word, templateVariables);
  return meant ? `write {{ ${meant} }}` : `write {{ }} around one of ${templateVariables.join(', ')}`;
};

/** Looks like an escape or a placeholder, but has no meaning in Liquid. */
const shapes: { pattern: RegExp; remedy: (found: string) => string }[] = [
  {
    pattern: /\\[nrt]/g,
    remedy: () => 'break the line in a block after |, or put the value in double quotes',
  },
  { pattern: /[$#]?\{\s*[A-Za-z_][\w.]*\s*\}/g, remedy: asLiquid },
  { pattern: /%[A-Za-z_]\w*%/g, remedy: asLiquid },
  { pattern: /\{\{|\}\}/g, remedy: () => 'every {{ has its }}' },
];

/** Where a leftover begins in its text, and how to fix it, as the end of a sentence. */
type Leftover = { at: number; message: string };

/** Parts of a literal text that were probably meant as an escape or placeholder, in order. */
export const leftoversIn = (text: string): Leftover[] =>
  shapes
    .flatMap(({ pattern, remedy }) =>
      [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
        at: index,
        message: `holds ${found}, which is posted as it is: ${remedy(found)}`,
      })),
    )
    .sort((a, b) => a.at - b.at);
