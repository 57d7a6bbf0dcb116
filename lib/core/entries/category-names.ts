import { languages } from '../captions/languages/languages.ts';
import { once } from '../once.ts';
import { foldTypography } from './normalize/typography.ts';

const separators = /[,;，、؛،|]/u;

/** A category, and its parts if a publisher wrote a whole list into it. */
export const categoryNames = (category: string): string[] =>
  separators.test(category) ? [category, ...categoryParts(category)] : [category];

/** The parts of a list in one category; any other category is its only part. */
export const categoryParts = (category: string): string[] =>
  category
    .split(separators)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Web and email addresses, also without a scheme, and names with a scheme: `tag:a.example,2026:x`, `geo:lat=1`. */
const address =
  /^(?:[a-z][a-z0-9+.-]*:\S|www\.|[\w.-]+@|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\/|[\w-]+(?:\.[\w-]+)+\.[a-z]{2,}$)/i;
const uuid = /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i;
/** Numbers longer than a year, or letters and digits mixed unlike in words. */
const id = /^(?:#?\d{5,}|(?=(?:.*\d){3})(?=.*[a-z])(?:[\da-f]{8,}|[\w-]{16,}))$/i;

const noCategory = once(
  () => new Set(languages.flatMap(({ uncategorized = [] }) => uncategorized).map(foldTypography)),
);

/** Whether a category is a subject: not an address, an ID or a content system's name for no category. */
export const isSubject = (category: string): boolean => {
  const name = category.trim();
  return !address.test(name) && !uuid.test(name) && !id.test(name) && !noCategory().has(foldTypography(name));
};
