import type { FeedMemory, Lesson } from './feed-memory.ts';

const lessonWords: Readonly<Record<Lesson, string>> = {
  'by-place': 'a single entry listed among newer ones is new, however old its date is',
  'lists-newest-first': 'it lists new entries first, so entries without a date are new at the top',
  'lists-oldest-first': 'it lists new entries last, so entries without a date are new at the end',
};

/** What a release taught its feed, as a statement. */
export const tellLesson = (lesson: Lesson): string => lessonWords[lesson];

type Told = { name: string; words: string };

const order = ({ listsNewestFirst }: FeedMemory): string => {
  if (listsNewestFirst === null) return 'not known yet: its dates have not shown it';
  return listsNewestFirst ? 'new entries first' : 'new entries last';
};

/** What was learned about a feed, as text. `time` formats a date. */
export const tellMemory = (memory: FeedMemory, time: (at: number) => string): Told[] => [
  { name: 'added', words: time(memory.addedAt) },
  {
    name: 'existing entries',
    words: memory.blind
      ? `unknown: the first document was empty, cut off or without dates. Entries dated before ${time(memory.floor)} are no news; those dated between then and the day it was added are held`
      : `dated before ${time(memory.floor)}; they are no news`,
  },
  { name: 'order', words: order(memory) },
  {
    name: 'old dates',
    words: memory.byPlace
      ? `learned from a release: ${lessonWords['by-place']}`
      : 'an entry with an old date among newer ones is held',
  },
  { name: 'dates', words: memory.dayOnly ? 'days without a time' : 'with their time' },
];

/** What is unusual about a feed, for one line among others. */
export const tellUnusual = ({ byPlace, dayOnly, listsNewestFirst, blind }: FeedMemory): string[] => [
  ...(listsNewestFirst === false ? [lessonWords['lists-oldest-first']] : []),
  ...(byPlace ? [lessonWords['by-place']] : []),
  ...(dayOnly ? ['its dates are days without a time'] : []),
  ...(blind ? ['its first document did not show which entries existed'] : []),
];
