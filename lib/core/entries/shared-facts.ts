import { type Facts, pageAndTitle, textAndDate, titleAndDate, titleAndText, weakGuid } from './facts.ts';

/** The facts by which an entry is looked for among known ones. */
export const factNames = [
  'guid',
  'weakGuid',
  'pageAndTitle',
  'titleAndDate',
  'textAndDate',
  'titleAndText',
  'title',
] as const;
export type FactName = (typeof factNames)[number];

const read: Readonly<Record<FactName | 'link' | 'linkAndTitle', (facts: Facts) => string | null>> = {
  guid: ({ guid }) => guid,
  weakGuid,
  pageAndTitle,
  titleAndDate,
  textAndDate,
  titleAndText,
  title: ({ title }) => title,
  link: ({ link }) => link,
  linkAndTitle: ({ link, title }) => (link === null || title === null ? null : `${link} ${title}`),
};

/** One fact, or two joined; null where the entry lacks it. */
export const factOf = (facts: Facts, name: FactName): string | null => read[name](facts);

const borneTwice = (values: readonly (string | null)[]): ReadonlySet<string | null> => {
  const seen = new Set<string | null>();
  return new Set(values.filter((value) => value !== null && (seen.has(value) || !seen.add(value))));
};

export type SharedFacts = (facts: Facts, name: keyof typeof read) => boolean;

/** Whether a fact is borne by two entries of the document: then it identifies neither. */
export const sharedFacts = (all: readonly Facts[]): SharedFacts => {
  const names = Object.keys(read) as (keyof typeof read)[];
  // a weak guid is a link: what two links share, no weak guid can tell apart
  const twice = Object.fromEntries(
    names.map((name) => [name, borneTwice(all.map(read[name === 'weakGuid' ? 'link' : name]))]),
  ) as Record<keyof typeof read, ReadonlySet<string | null>>;
  return (facts, name) => twice[name].has(read[name](facts));
};
