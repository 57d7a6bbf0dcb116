import {
  type Facts,
  linkAndDate,
  pageAndTitle,
  textAndDate,
  titleAndDate,
  titleAndText,
  weakGuid,
} from './facts.ts';

/** The facts by which an entry is looked for among known ones. */
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

/** One fact, or two joined; null where the entry lacks it. */
export const factOf = (facts: Facts, name: FactName): string | null => read[name](facts);

const borneTwice = (values: readonly (string | null)[]): ReadonlySet<string | null> => {
  const seen = new Set<string | null>();
  return new Set(values.filter((value) => value !== null && (seen.has(value) || !seen.add(value))));
};

export type SharedFacts = (facts: Facts, name: keyof typeof read) => boolean;

/** A link that two entries share tells them apart neither as a weak guid nor with a date. */
const judgedBy = (name: keyof typeof read): keyof typeof read =>
  name === 'weakGuid' || name === 'linkAndDate' ? 'link' : name;

/** Whether a fact is borne by two entries of the document: then it identifies neither. */
export const sharedFacts = (all: readonly Facts[]): SharedFacts => {
  const names = Object.keys(read) as (keyof typeof read)[];
  const twice = new Map(names.map((name) => [name, borneTwice(all.map(read[name]))]));
  return (facts, name) => twice.get(judgedBy(name))?.has(read[judgedBy(name)](facts)) ?? false;
};
