import {
  type Facts,
  linkAndDate,
  pageAndTitle,
  textAndDate,
  titleAndDate,
  titleAndText,
  weakGuid,
} from './facts.ts';

/** The facts by which an entry is searched among known ones. */
export const factNames = [
  'guid',
  'weakGuid',
  'pageAndTitle',
  'titleAndDate',
  'textAndDate',
  'linkAndDate',
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
  linkAndDate,
  titleAndText,
  title: ({ title }) => title,
  link: ({ link }) => link,
  linkAndTitle: ({ link, title }) => (link === null || title === null ? null : `${link} ${title}`),
};

/** One fact, or two combined; null if the entry lacks it. */
export const factOf = (facts: Facts, name: FactName): string | null => read[name](facts);

const borneTwice = (values: readonly (string | null)[]): ReadonlySet<string | null> => {
  const seen = new Set<string | null>();
  return new Set(values.filter((value) => value !== null && (seen.has(value) || !seen.add(value))));
};

export type SharedFacts = (facts: Facts, name: keyof typeof read) => boolean;

/** A link shared by two entries identifies neither, as a weak guid or with a date. */
const judgedBy = (name: keyof typeof read): keyof typeof read =>
  name === 'weakGuid' || name === 'linkAndDate' ? 'link' : name;

/** Whether a fact is shared by two entries in the document, so that it identifies neither. */
export const sharedFacts = (all: readonly Facts[]): SharedFacts => {
  const names = Object.keys(read) as (keyof typeof read)[];
  const twice = new Map(names.map((name) => [name, borneTwice(all.map(read[name]))]));
  return (facts, name) => twice.get(judgedBy(name))?.has(read[judgedBy(name)](facts)) ?? false;
};
