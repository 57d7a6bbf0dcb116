import type { FeedHints } from '../../../core/entries/entry.ts';
import { addressOf, type Place, relOf } from './map-links.ts';
import type { Fields } from './read-fields.ts';
import { hubHint } from './resolve-url.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PERIODS: Record<string, number> = {
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  monthly: 30 * 24 * HOUR_MS,
  yearly: 365 * 24 * HOUR_MS,
};
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const textsOf = (fields: Fields, name: string): string[] =>
  fields(name).map(({ text }) => text.trim().toLowerCase());

const ttl = (fields: Fields): number => {
  const minutes = Number(textsOf(fields, 'ttl')[0] ?? Number.NaN);
  return minutes > 0 && minutes <= 525_600 ? minutes * MINUTE_MS : 0;
};

/** RSS 1.0 Syndication: the time between two updates; by default one a day. */
const syndication = (fields: Fields): number => {
  const [period] = textsOf(fields, 'sy:updateperiod');
  const [frequency] = textsOf(fields, 'sy:updatefrequency');
  if (period === undefined && frequency === undefined) return 0;
  const times = Math.max(1, Math.floor(Number(frequency ?? 1)) || 1);
  return Math.round((PERIODS[period ?? 'daily'] ?? 0) / times);
};

/** WebSub (4): a link with the relation `hub`, in RSS from Atom's namespace. */
const hubsOf = (fields: Fields, { core, base }: Place): (string | null)[] =>
  fields('link', 'atom:link')
    .filter((link) => relOf(link, core) === 'hub')
    .map((link) => addressOf(link, base));

/**
 * A feed's polling hints (RSS 2.0 `ttl`, `skipHours`, `skipDays`; RSS 1.0 `sy:*`; the longer of two applies), and its
 * hub.
 */
export const mapHints = (fields: Fields, place: Place): FeedHints => {
  // RSS 0.91 counts the hours from 1 to 24, where 24 is midnight
  const hours = textsOf(fields, 'skiphours.hour').map((hour) => (hour === '24' ? 0 : Number(hour)));
  const days = textsOf(fields, 'skipdays.day').map((day) => DAYS.indexOf(day.slice(0, 3)));
  return {
    ttlMs: Math.max(ttl(fields), syndication(fields)) || null,
    skipHours: [...new Set(hours.filter((hour) => Number.isInteger(hour) && hour >= 0 && hour < 24))],
    skipDays: [...new Set(days.filter((day) => day >= 0))],
    ...hubHint(hubsOf(fields, place), place.base),
  };
};
