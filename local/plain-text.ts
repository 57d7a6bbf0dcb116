import { stripVTControlCharacters } from 'node:util';

/** Marks that turn the direction of what follows, so that a text shows other than it is. */
const turns = /[\u202A-\u202E\u2066-\u2069]/g;

/** What comes from a feed must not steer the terminal, nor break the line, nor show as something else. */
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

/** JSON for a terminal as well as for a program: what could steer one is escaped, and reads back as it was. */
export const plainJson = (value: unknown): string => escaped(JSON.stringify(value, null, 2));

/** The same on one line. */
export const jsonLine = (value: unknown): string => escaped(JSON.stringify(value));
