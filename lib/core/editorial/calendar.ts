import type { Quiet } from './editorial.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A calendar day, with months from 0 as in `Date.UTC`. */
type Day = { year: number; month: number; day: number };

/** An IANA name. */
type Zone = string;

const clocks = new Map<Zone, Intl.DateTimeFormat>();

const clockOf = (zone: Zone): Intl.DateTimeFormat => {
  const known = clocks.get(zone);
  if (known) return known;
  const fields = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const;
  const clock = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    ...fields,
    second: 'numeric',
    hourCycle: 'h23',
    timeZone: zone,
  });
  clocks.set(zone, clock);
  return clock;
};

/** The local time in the zone, as if it were UTC: epoch milliseconds, in full seconds. */
const readingAt = (time: number, zone: Zone): number => {
  const parts = clockOf(zone).formatToParts(time);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
};

const offsetAt = (time: number, zone: Zone): number => readingAt(time, zone) - Math.floor(time / 1000) * 1000;

/** The instants with this local time in the zone: two when the clock goes back over it, none when it is skipped. */
const instantsOf = (reading: number, zone: Zone): number[] => {
  const offsets = new Set([offsetAt(reading - day, zone), offsetAt(reading + day, zone)]);
  return [...offsets]
    .map((offset) => reading - offset)
    .filter((instant) => readingAt(instant, zone) === reading)
    .sort((a, b) => a - b);
};

/** Like `instantsOf`, but a skipped local time is moved later by as much as the clock goes forward. */
const timesOf = ({ year, month, day: date }: Day, minutes: number, zone: Zone): number[] => {
  const reading = Date.UTC(year, month, date, 0, minutes);
  const instants = instantsOf(reading, zone);
  return instants.length > 0 ? instants : [reading - offsetAt(reading - day, zone)];
};

const dayAt = (time: number, zone: Zone): Day => {
  const reading = new Date(readingAt(time, zone));
  return { year: reading.getUTCFullYear(), month: reading.getUTCMonth(), day: reading.getUTCDate() };
};

const later = ({ year, month, day: date }: Day, days: number): Day => ({ year, month, day: date + days });

const firstOf = (one: Day, minutes: number, zone: Zone): number => timesOf(one, minutes, zone)[0] as number;

/** From `from` up to, but not including, `to`; epoch milliseconds. */
export type Span = { from: number; to: number };

/** The calendar day in the zone that contains a time: 23 or 25 hours long when the clock changes. */
export const daySpan = (time: number, zone: Zone): Span => {
  const today = dayAt(time, zone);
  return { from: firstOf(today, 0, zone), to: firstOf(later(today, 1), 0, zone) };
};

/** The local hour in the zone that contains a time; an hour that occurs twice is two hours long. */
export const hourSpan = (time: number, zone: Zone): Span => {
  const intoIt = (((time + offsetAt(time, zone)) % hour) + hour) % hour;
  return { from: time - intoIt, to: time - intoIt + hour };
};

const minutesAt = (time: number, zone: Zone): number => Math.floor((readingAt(time, zone) % day) / minute);

const isWithin = (minutes: number, { from, to }: Quiet): boolean =>
  from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;

/** When the quiet hours that contain a time end; null outside them. */
export const quietUntil = (time: number, quiet: Quiet | null, zone: Zone): number | null => {
  if (quiet === null || !isWithin(minutesAt(time, zone), quiet)) return null;
  const today = dayAt(time, zone);
  const ends = [0, 1].flatMap((days) => timesOf(later(today, days), quiet.to, zone));
  return Math.min(...ends.filter((end) => end > time));
};

/**
 * The times of the slots after `time`, in order, for so many days. A slot occurs once a day, even when the clock
 * changes.
 */
export function* slotsAfter(
  time: number,
  slots: readonly number[],
  zone: Zone,
  days: number,
): Generator<number> {
  const today = dayAt(time, zone);
  let last = time;
  for (let ahead = 0; ahead <= days; ahead++) {
    const times = slots.map((minutes) => firstOf(later(today, ahead), minutes, zone)).sort((a, b) => a - b);
    for (const slot of times) {
      if (slot <= last) continue;
      last = slot;
      yield slot;
    }
  }
}

/** A time as the clock of this zone shows it: `2026-12-01T09:00`. */
export const formatLocal = (time: number, zone: Zone): string =>
  new Date(readingAt(time, zone)).toISOString().slice(0, 16);

const localForm = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d)?)?$/;

/** A date and time without a zone, read as local time in this one; null for another format. */
export const readLocal = (text: string, zone: Zone): number | null => {
  const [, year, month, date, hours = '0', minutes = '0'] = localForm.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const one = { year: Number(year), month: Number(month) - 1, day: Number(date) };
  const inMinutes = Number(hours) * 60 + Number(minutes);
  const isReal = new Date(Date.UTC(one.year, one.month, one.day)).getUTCDate() === one.day;
  return isReal && inMinutes < 24 * 60 ? firstOf(one, inMinutes, zone) : null;
};
