const MINUTE_MS = 60_000;

/** An entry's date (ISO 8601) in whole minutes since 1970: sites round seconds, and print them or not. Null for none. */
export const minutesOf = (date: string | null): number | null => {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? null : Math.floor(ms / MINUTE_MS);
};
