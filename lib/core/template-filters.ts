import { hashtags } from './hashtags.ts';
import { shorten } from './shorten.ts';

type Filter = (value: unknown, ...args: unknown[]) => unknown;

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** A list as it is; a text is a list with commas. */
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(textOf) : textOf(value).split(',');

const numberOr = (value: unknown, otherwise: number): number => {
  const number = Number(value ?? otherwise);
  return Number.isFinite(number) ? number : otherwise;
};

/** Our own filters beside those of Liquid. `truncate` replaces Liquid's, which cuts characters, links and hashtags in two. */
export const templateFilters: Record<string, Filter> = {
  hashtags: (value, count) => hashtags(listOf(value), numberOr(count, 30)),
  truncate: (value, limit, ellipsis) =>
    shorten(textOf(value), numberOr(limit, 50), ellipsis === undefined ? '…' : textOf(ellipsis)),
};
