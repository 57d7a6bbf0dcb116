import { type Facts, pageAndTitle, textAndDate, titleAndDate, titleAndText, weakGuid } from './facts.ts';
import { guidIsAddress, type ListedEntry } from './identified-entry.ts';

/** A key that is equal for entries of one document that are the same: a list may show a story twice, with two guids. */

type Key = (one: ListedEntry) => string | null;

/** Of entries with the same key, the last one at the position of the first; entries without a key stay. */
const lastOfEach = (entries: readonly ListedEntry[], keyOf: Key): ListedEntry[] => [
  ...new Map(entries.map((one, i) => [keyOf(one) ?? i, one])).values(),
];

const firstOfEach = (entries: readonly ListedEntry[], keyOf: Key): ListedEntry[] =>
  lastOfEach(entries.toReversed(), keyOf).reverse();

const equalInAll: Key = ({ facts }) => {
  const pairs = [pageAndTitle, titleAndDate, titleAndText, textAndDate, weakGuid].map((of) => of(facts));
  return JSON.stringify([facts.guid, facts.title, facts.link, facts.text, ...pairs]);
};

/** A title with three or more dates: chapters of a serial, which differ by their pages. */
const serials = (facts: readonly Facts[]): ((title: string) => boolean) => {
  const dates = new Map<string, Set<number>>();
  for (const { title, date } of facts)
    if (title !== null && date !== null) dates.set(title, (dates.get(title) ?? new Set()).add(date));
  return (title) => (dates.get(title)?.size ?? 0) > 2;
};

const equalInText =
  (isSerial: (title: string) => boolean): Key =>
  ({ facts: { title, date, dayOnly, text, shortText, page } }) =>
    title === null || text === null || shortText || date === null || dayOnly
      ? null
      : JSON.stringify([title, date, text, isSerial(title) ? page : null]);

/** A second run of one edition, whose dates and texts may differ. */
const equalInOpaqueGuid: Key = (one) => {
  const { guid, title } = one.facts;
  return guid === null || title === null || guidIsAddress(one) ? null : JSON.stringify([guid, title]);
};

const equalInLink: Key = ({ facts: { link, title, date, text, shortText } }) => {
  const hasPlace = link !== null || (date !== null && text !== null);
  const saysEnough = date !== null || (text !== null && !shortText);
  return hasPlace && title !== null && saysEnough ? JSON.stringify([link, title, date, text]) : null;
};

/** The distinct entries of a document, in its order. `known`: facts of what the feed has shown before. */
export const mergeTwins = (entries: readonly ListedEntry[], known: readonly Facts[]): ListedEntry[] => {
  const different = lastOfEach(entries, equalInAll);
  const isSerial = serials([...different.map(({ facts }) => facts), ...known]);
  const byText = lastOfEach(different, equalInText(isSerial));
  return lastOfEach(firstOfEach(byText, equalInOpaqueGuid), equalInLink);
};
