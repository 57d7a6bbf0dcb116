import { stripVTControlCharacters } from 'node:util';

/** Characters that change text direction, so that text looks different from what it is. */
const turns = /[\u202A-\u202E\u2066-\u2069]/g;

/** Text from a feed must not control the terminal, break lines or look like something else. */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(turns, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();

const escaped = (json: string): string =>
  json.replaceAll(
    /[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** JSON for terminals and programs: control characters are escaped, and parse to the same value. */
export const plainJson = (value: unknown): string => escaped(JSON.stringify(value, null, 2));

/** The same on one line. */
export const jsonLine = (value: unknown): string => escaped(JSON.stringify(value));
