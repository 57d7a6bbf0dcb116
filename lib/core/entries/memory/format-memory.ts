import type { FeedMemory, Lesson } from './feed-memory.ts';

/** `where`: ` in newsroom`, or nothing where the feed is known. */
const lessonTexts: Readonly<Record<Lesson, (where: string) => string>> = {
  'by-place': (where) => `a single old-dated entry${where} counts as new`,
  'lists-newest-first': (where) => `an entry without a date counts as new at the top of the list${where}`,
  'lists-oldest-first': (where) => `an entry without a date counts as new at the end of the list${where}`,
};

/** What a release teaches its feed, as a clause that holds from then on. */
export const lessonText = (lesson: Lesson, feed?: string): string =>
  lessonTexts[lesson](feed === undefined ? '' : ` in ${feed}`);

type Trait = { name: string; text: string };

const order = ({ listsNewestFirst }: FeedMemory): string => {
  if (listsNewestFirst === null) return 'not known yet: its dates have not shown it';
  return listsNewestFirst ? 'new entries first' : 'new entries last';
};

/** What was learned of a feed. `time` formats a date. */
export const memoryTraits = (memory: FeedMemory, time: (at: number) => string): Trait[] => [
  { name: 'added', text: time(memory.addedAt) },
  {
    name: 'existing entries',
    text: memory.blind
      ? `unknown: the first document was empty, cut off or without dates. Entries dated before ${time(memory.floor)} are not new; later ones dated before the feed was added are held`
      : `entries dated before ${time(memory.floor)} are not new`,
  },
  { name: 'order', text: order(memory) },
  {
    name: 'old dates',
    text: memory.byPlace
      ? `learned from a release: ${lessonText('by-place')}`
      : 'an entry with an old date among newer ones is held',
  },
  { name: 'dates', text: memory.dayOnly ? 'days without a time' : 'with their time' },
];

/** What is unusual in it, as clauses for one line. */
export const unusualTraits = ({ byPlace, dayOnly, listsNewestFirst, blind }: FeedMemory): string[] => [
  ...(listsNewestFirst === false ? [lessonText('lists-oldest-first')] : []),
  ...(byPlace ? [lessonText('by-place')] : []),
  ...(dayOnly ? ['its dates are days without a time'] : []),
  ...(blind ? ['its first document did not show which entries existed'] : []),
];
