const ENGLISH_MONTHS: string[] = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** Frequent in dates, and not a month in any of the languages below. */
const NO_MONTHS = new Set('mon tue wed thu fri sat sun gmt utc'.split(' '));
const LOCALES = 'de fr es it pt nl pl ru uk cs sk sv da nb fi hu ro tr el bg hr id vi'.split(' ');

const bare = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f.]/g, '');

const namesOfMonths = (locale: string, names: Map<string, number>): void => {
  for (const style of ['long', 'short'] as const) {
    const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: style, timeZone: 'UTC' });
    for (let month = 1; month <= 12; month++) {
      const parts = format.formatToParts(Date.UTC(2001, month - 1, 1));
      const name = bare(parts.find((part) => part.type === 'month')?.value ?? '');
      if (!names.has(name)) names.set(name, month);
    }
  }
};

let foreignMonths: Map<string, number> | undefined;

/** Built only for the rare document that needs it. */
const foreignMonth = (word: string): number => {
  if (foreignMonths === undefined) {
    foreignMonths = new Map();
    for (const locale of LOCALES) namesOfMonths(locale, foreignMonths);
  }
  return foreignMonths.get(word) ?? 0;
};

/**
 * 1 for January … 12, from a month's English name or abbreviation, or its name in one of two dozen languages; otherwise
 * 0.
 */
export const monthOf = (word: string): number => {
  const name = bare(word);
  return ENGLISH_MONTHS.indexOf(name.slice(0, 3)) + 1 || (NO_MONTHS.has(name) ? 0 : foreignMonth(name));
};
