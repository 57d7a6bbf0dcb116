import { monthOf } from './month-names.ts';

type Day = { year: number; month: number; day: number };
type Clock = { seconds: number; before: string; after: string };

/** Hours ahead of UTC: RFC 822's zones, and other names that publishers use. */
// biome-ignore format: one line per region
const ZONES: Record<string, number> = {
  et: -5, ct: -6, mt: -7, pt: -8, at: -4, ht: -10,
  est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7,
  akst: -9, akdt: -8, hst: -10, ast: -4, adt: -3, nst: -3.5, ndt: -2.5, brt: -3, art: -3,
  bst: 1, west: 1, cet: 1, mez: 1, cest: 2, mesz: 2, eet: 2, sast: 2, eest: 3, msk: 3, msd: 4,
  ist: 5.5, pkt: 5, npt: 5.75, ict: 7, wib: 7, hkt: 8, sgt: 8, awst: 8, jst: 9, kst: 9,
  acst: 9.5, aest: 10, acdt: 10.5, aedt: 11, nzst: 12, nzdt: 13,
};

/** RFC 2822, 4.3: two digits below 50 are this century, three digits count from 1900. */
const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length === 2 && year < 50) return year + 2000;
  return digits.length < 4 ? year + 1900 : year;
};

/**
 * Looks up no more words than needed, because the first that is not an English month requires the table of all
 * languages.
 */
const firstMonth = (words: readonly string[]): number | undefined => {
  for (const word of words) {
    const month = monthOf(word);
    if (month > 0) return month;
  }
  return undefined;
};

/** `5 April 2012`, `Apr 5th, 2012`, `2012 Apr 05`, `01-Jan-04`: the name identifies the month, the order the rest. */
const namedDay = (text: string): Day | null => {
  // a word before a comma is a weekday: `mar,` is Tuesday in Spanish and never March
  const words = text.replace(/^\s*\p{L}+\.?,/u, '').match(/\p{L}{3,}/gu) ?? [];
  const month = firstMonth(words);
  const numbers: string[] = text.match(/\d+/g) ?? [];
  const day = numbers.find((digits) => digits.length < 3);
  const year = numbers.find((digits) => digits.length === 4) ?? numbers[numbers.indexOf(day ?? '') + 1];
  if (month === undefined || day === undefined || year === undefined || year.length > 4) return null;
  return { year: fullYear(year), month, day: Number(day) };
};

const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)/;
const WEEK = /^((?:19|20)\d\d)-?W(\d\d)(?:-?([1-7]))?(?!\d)/i;
const ORDINAL = /^((?:19|20)\d\d)-?(\d{3})(?!\d)/;
const YEAR_FIRST = /^\D{0,12}?((?:19|20)\d\d)(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?!\d)/;
const YEAR_LAST = /(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)/;

/** `31/12/2003` and `12/31/2003` are unambiguous; `01/02/2003` is not, so it is rejected. */
const yearLast = (text: string): Day | null => {
  const [found, first, separator, second, year] = YEAR_LAST.exec(text) ?? [];
  if (found === undefined) return null;
  const [one, two] = [Number(first), Number(second)];
  if (separator === '.' || one > 12) return { year: Number(year), month: two, day: one };
  return two > 12 || one === two ? { year: Number(year), month: one, day: two } : null;
};

/** A day counted from 1 January, as in ISO 8601's ordinal dates and weeks. */
const countedDay = (year: number, ofJanuary: number): Day => {
  const day = new Date(Date.UTC(year, 0, ofJanuary));
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
};

/** The first week of a year contains 4 January; weeks begin on Monday (ISO 8601). */
const weekDay = ([, year, week, weekday]: RegExpExecArray): Day => {
  const fourth = new Date(Date.UTC(Number(year), 0, 4)).getUTCDay() || 7;
  return countedDay(Number(year), 4 - fourth + 7 * (Number(week) - 1) + Number(weekday ?? 1));
};

const numericDay = (text: string): Day | null => {
  const week = WEEK.exec(text);
  if (week) return weekDay(week);
  const ordinal = ORDINAL.exec(text);
  if (ordinal) return countedDay(Number(ordinal[1]), Number(ordinal[2]));
  const compact = COMPACT.exec(text);
  if (compact) return { year: Number(compact[1]), month: Number(compact[2]), day: Number(compact[3]) };
  const first = YEAR_FIRST.exec(text);
  if (first) return { year: Number(first[1]), month: Number(first[3] ?? 1), day: Number(first[4] ?? 1) };
  return yearLast(text);
};

/** Dates before 1900 and after 2099 are defaults and typing errors, not publication dates. */
const exists = ({ year, month, day }: Day): boolean =>
  year >= 1900 &&
  year < 2100 &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

const TIME = /(?<![\d:])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?:\s?([ap])\.?m\b\.?)?/i;
const AFTERNOON = /오후|下午|午後/;
const MORNING = /오전|上午|午前/;

const halfOfDay = (text: string): string | undefined =>
  AFTERNOON.test(text) ? 'p' : MORNING.test(text) ? 'a' : undefined;

const hourOfDay = (hour: number, half: string | undefined): number =>
  half === undefined || hour > 12 ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);

/** Extracts the time of day from a text: the date is around it, the zone after it. Null if it is not a valid time. */
const takeTime = (text: string): Clock | null => {
  const found = TIME.exec(text);
  if (found === null) return { seconds: 0, before: text, after: '' };
  const half = found[4] ?? halfOfDay(text);
  const [hour, minute, second] = [hourOfDay(Number(found[1]), half), Number(found[2]), Number(found[3] ?? 0)];
  if (hour > 24 || minute > 59 || second > 60) return null;
  return {
    seconds: hour * 3600 + minute * 60 + second,
    before: text.slice(0, found.index),
    after: text.slice(found.index + found[0].length),
  };
};

// bounded: a date has at most 100 characters here
const NUMERIC_ZONE = /^\s*(?:gmt|utc?|z)?\s*([+\u2212-])\s?(\d{1,2}):?(\d\d)?(?!\d)/i;
const NAMED_ZONE = /^[\s(]*([a-z]{1,5})(?![a-z])/i;

/** Seconds ahead of UTC. An unknown zone is UTC, as in RFC 2822 (4.3). */
const zoneOf = (after: string): number => {
  const numeric = NUMERIC_ZONE.exec(after);
  if (numeric) {
    const seconds = Number(numeric[2]) * 3600 + Number(numeric[3] ?? 0) * 60;
    return numeric[1] === '+' ? seconds : -seconds;
  }
  const name = NAMED_ZONE.exec(after)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ZONES, name) ? (ZONES[name] ?? 0) * 3600 : 0;
};

const epoch = (text: string): string | null => {
  if (!/^1\d{9}(?:\d{3})?$/.test(text)) return null;
  return new Date(Number(text) * (text.length === 10 ? 1000 : 1)).toISOString();
};

const western = (text: string): string =>
  text
    .replace(/(\d)\s?[年년]\s?(?=\d)/, '$1-')
    .replace(/(\d)\s?[月월]\s?(?=\d)/, '$1-')
    .replace(/(\d)\s?[日일]/, '$1 ')
    .replace(/^(\d{7,8}|\d{4}W\d{3}|\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)?/i, '$1T$2:$3:$4')
    .replace(
      /(\s\d{1,2})[.h](\d\d)(?:\.(\d\d))?(?=\s|$)/i,
      (_, hour, minute, second = '00') => `${hour}:${minute}:${second}`,
    )
    .replace(/:(?!\d)/, '');

/**
 * The most common formats of RFC 822 and RFC 3339, which JavaScript parses itself, several times faster. It would read
 * 31 February as 3 March, so days that not every month has are parsed below.
 */
const USUAL = [
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?:0[1-9]|1\d|2[0-8]) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:19|20)\d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d (?:GMT|[+-](?:0\d|1[0-4])[0-5]\d)$/,
  /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/,
];

/** Whether a date that `readDate` accepts is a day without a time. */
export const isDay = (raw: string): boolean => {
  const text = western(raw.trim().slice(0, 100));
  return TIME.exec(text) === null && epoch(text) === null;
};

/**
 * Parses a publisher's date to ISO 8601 in UTC; null if it is not a valid day between 1900 and 2099. Reads RFC 822/2822
 * with its obsolete zones, ISO 8601 and RFC 3339 with their variants (basic, ordinal, weeks, month or year alone),
 * asctime, seconds and milliseconds since 1970, and months named in two dozen languages. Without a zone it is UTC,
 * without a time midnight; an ambiguous `01/02/2003` is null.
 */
export const readDate = (raw: string): string | null => {
  if (USUAL.some((form) => form.test(raw))) return new Date(raw).toISOString();
  const text = western(raw.trim().slice(0, 100));
  const clock = takeTime(text);
  if (clock === null) return null;
  const around = `${clock.before} ${clock.after.replace(NUMERIC_ZONE, ' ')}`;
  const day = namedDay(around) ?? numericDay(around.trim());
  if (day === null || !exists(day)) return epoch(text);
  const midnight = Date.UTC(day.year, day.month - 1, day.day);
  return new Date(midnight + (clock.seconds - zoneOf(clock.after)) * 1000).toISOString();
};
