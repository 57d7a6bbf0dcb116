import type { Quiet } from './editorial.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A day of the calendar, as `Date.UTC` counts: months from 0. */
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

/** What a clock in the zone shows, as if it were UTC: epoch milliseconds of that reading, in full seconds. */
const readingAt = (time: number, zone: Zone): number => {
  const parts = clockOf(zone).formatToParts(time);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
};

const offsetAt = (time: number, zone: Zone): number => readingAt(time, zone) - Math.floor(time / 1000) * 1000;

/** The instants at which a clock in the zone shows a reading: two when it is put back over it, none when it skips it. */
const instantsOf = (reading: number, zone: Zone): number[] => {
  const offsets = new Set([offsetAt(reading - day, zone), offsetAt(reading + day, zone)]);
  return [...offsets]
    .map((offset) => reading - offset)
    .filter((instant) => readingAt(instant, zone) === reading)
    .sort((a, b) => a - b);
};

/** As `instantsOf`, but a reading that is skipped comes as much later as the clock was put forward. */
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

/** The day of the zone's calendar that a time lies in: 23 or 25 hours long where the clock is changed. */
export const daySpan = (time: number, zone: Zone): Span => {
  const today = dayAt(time, zone);
  return { from: firstOf(today, 0, zone), to: firstOf(later(today, 1), 0, zone) };
};

/** The hour of the zone's clock that a time lies in; one that comes twice is two hours. */
export const hourSpan = (time: number, zone: Zone): Span => {
  const intoIt = (((time + offsetAt(time, zone)) % hour) + hour) % hour;
  return { from: time - intoIt, to: time - intoIt + hour };
};

const minutesAt = (time: number, zone: Zone): number => Math.floor((readingAt(time, zone) % day) / minute);

const isWithin = (minutes: number, { from, to }: Quiet): boolean =>
  from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;

/** When the quiet time ends that a time lies in; null when it lies in none. */
export const quietUntil = (time: number, quiet: Quiet | null, zone: Zone): number | null => {
  if (quiet === null || !isWithin(minutesAt(time, zone), quiet)) return null;
  const today = dayAt(time, zone);
  const ends = [0, 1].flatMap((days) => timesOf(later(today, days), quiet.to, zone));
  return Math.min(...ends.filter((end) => end > time));
};

/** The times after `time`, in order, at which a slot comes, for so many days. A slot comes once a day, whatever the clock does. */
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

const localForm = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d)?)?$/;

/** A date and time that are written without a zone, by the clock of this one; null when it is written in another way. */
export const readLocal = (text: string, zone: Zone): number | null => {
  const [, year, month, date, hours = '0', minutes = '0'] = localForm.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const one = { year: Number(year), month: Number(month) - 1, day: Number(date) };
  const inMinutes = Number(hours) * 60 + Number(minutes);
  const isReal = new Date(Date.UTC(one.year, one.month, one.day)).getUTCDate() === one.day;
  return isReal && inMinutes < 24 * 60 ? firstOf(one, inMinutes, zone) : null;
};
