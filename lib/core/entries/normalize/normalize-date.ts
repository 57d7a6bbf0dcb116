const MINUTE_MS = 60_000;

/** An entry's date (ISO 8601) in whole minutes since 1970, because sites round or omit seconds. Null if missing. */
export const minutesOf = (date: string | null): number | null => {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? null : Math.floor(ms / MINUTE_MS);
};
