import { stripVTControlCharacters, styleText } from 'node:util';
import { once } from '../lib/core/once.ts';
import { formatRelative, timeFormat } from '../lib/core/text/format-time.ts';
import { nextTryText } from '../lib/core/text/next-try.ts';
import { plain } from '../local/plain-text.ts';
import type { Terminal } from './terminal.ts';

type Style = Parameters<typeof styleText>[0];

/** A table cell. Its text is made safe for a terminal; `style` applies only on a terminal. */
export type Cell = string | number | null | { text: string; style: Style };

/** Formats output for people, or plain text for programs. */
export type Page = {
  paint: (style: Style, text: string) => string;
  /** On a terminal: columns with a header. Piped: one tab-separated line per row, without a header. */
  table: (head: string[], rows: Cell[][]) => string[];
  /** Columns with a header, in full width when piped: for a table among sentences, which no program parses. */
  sheet: (head: string[], rows: Cell[][]) => string[];
  /** Date, time and time zone. */
  time: (at: number | null) => string;
  /** `3 min ago`, `in 2 h`. */
  since: (at: number | null) => string;
  /** As `since`, for what is done at a tick: `due` once its time has passed. */
  coming: (at: number | null) => string;
  /** When it is tried, as a sentence; empty for null. */
  nextTry: (at: number | null) => string;
};

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]/u;
const graphemes = once(() => new Intl.Segmenter('en', { granularity: 'grapheme' })); // slow to make, and not in every process
const split = (text: string) => Array.from(graphemes().segment(text), ({ segment }) => segment);
const widthOf = (text: string) =>
  split(stripVTControlCharacters(text)).reduce((width, one) => width + (wide.test(one) ? 2 : 1), 0);

/** Shortens a text to a width, with an ellipsis if something is missing. */
const cutTo = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  let [kept, left] = ['', width - 1];
  for (const one of split(text)) {
    left -= widthOf(one);
    if (left < 0) break;
    kept += one;
  }
  return `${kept}…`;
};

const textOf = (cell: Cell): string =>
  plain(typeof cell === 'object' && cell !== null ? cell.text : String(cell ?? '–'));
const styleOf = (cell: Cell): Style | null => (typeof cell === 'object' && cell !== null ? cell.style : null);

/** The time zone without a feeds.yml. */
const utc = () => 'UTC';

/** Formats output for this terminal. `timezone`: that of feeds.yml, read when the first time is shown. */
export const pageFor = (
  { columns, color, clock }: Pick<Terminal, 'columns' | 'color' | 'clock'>,
  timezone: () => string = utc,
): Page => {
  const times = once(() => timeFormat(timezone()));
  const paint: Page['paint'] = (style, text) =>
    color ? styleText(style, text, { validateStream: false }) : text;

  const line = (cells: Cell[], widths: number[]): string => {
    let left = columns ?? Number.POSITIVE_INFINITY;
    return cells
      .map((cell, at) => {
        const isLast = at === cells.length - 1;
        const text = isLast ? cutTo(textOf(cell), Math.max(20, left)) : textOf(cell);
        left -= (widths[at] ?? 0) + 2;
        const padding = isLast ? '' : ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)));
        const style = styleOf(cell);
        return (style ? paint(style, text) : text) + padding;
      })
      .join('  ')
      .trimEnd();
  };

  const sheet: Page['sheet'] = (head, rows) => {
    if (rows.length === 0) return [];
    const widths = head.map((name, at) =>
      Math.max(widthOf(name), ...rows.map((cells) => widthOf(textOf(cells[at] ?? null)))),
    );
    const top = head.map((text): Cell => ({ text, style: 'dim' }));
    return [top, ...rows].map((cells) => line(cells, widths));
  };

  const table: Page['table'] = (head, rows) =>
    columns === null ? rows.map((cells) => cells.map(textOf).join('\t')) : sheet(head, rows);

  return {
    paint,
    table,
    sheet,
    time: (at) => (at === null ? '–' : times().dateTime(at)),
    since: (at) => formatRelative(at, clock()),
    coming: (at) => (at !== null && at <= clock() ? 'due' : formatRelative(at, clock())),
    nextTry: (at) => (at === null ? '' : nextTryText(at, clock())),
  };
};
