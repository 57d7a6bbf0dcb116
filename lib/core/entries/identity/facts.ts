import { hash } from 'node:crypto';
import type { Entry } from '../entry.ts';
import { contentHash } from '../normalize/content-hash.ts';
import { minutesOf } from '../normalize/normalize-date.ts';
import { normalizeGuid } from '../normalize/normalize-guid.ts';
import { type NormalLink, normalizeLink } from '../normalize/normalize-link.ts';
import { normalizeText } from '../normalize/normalize-text.ts';
import { normalizeTitle } from '../normalize/normalize-title.ts';

/** What an entry is recognized by, normalized; null if the entry has none. */
export type NormalEntry = {
  guid: string | null;
  link: NormalLink | null;
  /** If there is no title, the beginning of the text is used. */
  title: string | null;
  /** Plain text of content or summary; '' when there is none. */
  text: string;
  /** Epoch milliseconds, to the minute. */
  date: number | null;
  /** The date is a day, so its time of day is meaningless. */
  dayOnly: boolean;
  /** Recognizes nothing: it shows whether an entry was edited. */
  contentHash: string;
};

/**
 * The facts of an entry as compared and stored: 64 bits each, as 16 hexadecimal digits. A query parameter is 32 bits:
 * the upper 16 from its name, the lower 16 from its value.
 */
export type Facts = {
  guid: string | null;
  link: string | null;
  page: string | null;
  title: string | null;
  text: string | null;
  /** The text has fewer than 80 characters, which identify little. */
  shortText: boolean;
  date: number | null;
  dayOnly: boolean;
  query: readonly number[];
  /** The first 32 bits of its content hash. */
  content: number;
};

/** Shorter texts ("Link in bio") occur in many stories. */
const leastText = 80;
const longestStandIn = 200;
/** How many query parameters are compared; no page in the examined histories needed more. */
const maxParameters = 8;
const minuteMs = 60_000;

const hash64 = (text: string): string => hash('sha256', text).slice(0, 16);
const hash16 = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 4), 16);
const hashOf = (text: string | null): string | null => (text === null ? null : hash64(text));

/** Normalizes an entry. `feedTitle`: as in the document, so that it can be removed from titles. */
export const normalizeEntry = (entry: Entry, feedTitle: string | null): NormalEntry => {
  const text = normalizeText(entry.content ?? entry.summary);
  const title = normalizeTitle(entry.title, feedTitle);
  const minutes = minutesOf(entry.published ?? entry.updated);
  return {
    guid: normalizeGuid(entry.id),
    link: normalizeLink(entry.link),
    title: title ?? (text === '' ? null : `text ${text.slice(0, longestStandIn)}`),
    text,
    date: minutes === null ? null : minutes * minuteMs,
    dayOnly: entry.dayOnly ?? false,
    contentHash: contentHash(entry, text),
  };
};

/** The part of a content hash that a feed's memory has. */
export const contentOf = (contentHash: string): number => Number.parseInt(contentHash.slice(0, 8), 16);

/** Hashes the facts of an entry. */
export const factsOf = ({ guid, link, title, text, date, dayOnly, contentHash }: NormalEntry): Facts => ({
  guid: hashOf(guid),
  link: hashOf(link?.link ?? null),
  page: hashOf(link?.page ?? null),
  title: hashOf(title),
  text: text === '' ? null : hash64(text),
  shortText: text.length < leastText,
  date,
  dayOnly,
  query: (link?.query ?? [])
    .slice(0, maxParameters)
    .map(([name, value]) => hash16(name) * 0x10000 + hash16(value)),
  content: contentOf(contentHash),
});

const dayMs = 86_400_000;

/** The day of a date, counted from the epoch. */
export const dayOf = (date: number): number => Math.floor(date / dayMs);

const joined = (...facts: (string | number | null)[]): string | null =>
  facts.includes(null) ? null : facts.join(' ');

/** Link and date with time, combined. */
export const linkAndDate = ({ link, date, dayOnly }: Facts): string | null =>
  joined(link, dayOnly ? null : date);

/** Page and title, combined. */
export const pageAndTitle = ({ page, title }: Facts): string | null => joined(page, title);

/** Title and date, combined; title and day if the date is a day. */
export const titleAndDate = ({ title, date, dayOnly }: Facts): string | null =>
  joined(title, date === null ? null : dayOnly ? `day ${dayOf(date)}` : date);

const longText = ({ text, shortText }: Facts): string | null => (shortText ? null : text);

/** Title and a text that is long enough to be distinctive. */
export const titleAndText = (facts: Facts): string | null => joined(facts.title, longText(facts));

/** A text that is long enough to be distinctive, and a date with time. */
export const textAndDate = (facts: Facts): string | null =>
  joined(longText(facts), facts.dayOnly ? null : facts.date);

/** The link of an entry without a guid, used as a weak guid. */
export const weakGuid = ({ guid, link }: Facts): string | null => (guid === null ? link : null);
