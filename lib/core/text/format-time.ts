/** How times are shown to people: in the time zone of feeds.yml, which each of them names. Times are epoch milliseconds. */
type TimeFormat = {
  /** `28 Nov 2026, 17:38 CET`. */
  dateTime: (at: number) => string;
  /** `17:38 CET` on the day of `now`, else with the date. */
  time: (at: number, now: number) => string;
};

const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** Formats times in a time zone, given by its IANA name. */
export const timeFormat = (timeZone: string): TimeFormat => {
  const [full, short, day] = [{ ...date, ...clock }, clock, date].map(
    (options) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options }),
  ) as [Intl.DateTimeFormat, Intl.DateTimeFormat, Intl.DateTimeFormat];
  return {
    dateTime: (at) => full.format(at),
    time: (at, now) => (day.format(at) === day.format(now) ? short : full).format(at),
  };
};

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration in its largest unit: `36 s`, `5 min`. */
export const formatDuration = (ms: number): string => {
  const [unit, size] = units.find(([, least]) => ms >= least) ?? ['s', 1_000];
  return `${Math.floor(ms / size)} ${unit}`;
};

/** `3 min ago`, `in 36 s`, `now`; null: `never`. */
export const formatRelative = (at: number | null, now: number): string => {
  if (at === null) return 'never';
  if (Math.abs(now - at) < 1_000) return 'now';
  return at > now ? `in ${formatDuration(at - now)}` : `${formatDuration(now - at)} ago`;
};
