/** Not allowed in a caption: control characters except the line break, byte order marks, lone surrogates. */
const unwanted = /[\p{Cc}\uFEFF\p{Cs}]/gu;
const lineBreaks = /\r\n?|[\u0085\u2028\u2029\v\f]/g;

// Line by line, because a pattern for "spaces before a line break" takes quadratic time on a megabyte of spaces.
const tidyLine = (line: string): string =>
  line
    .replace(/[ \t]+/g, ' ')
    .replace(unwanted, '')
    .replace(/ {2,}/g, ' ')
    .trim();

/**
 * Text with one kind of line break, no control characters, no spaces at line ends, and at most one blank line in a row.
 */
export const tidyText = (text: string): string =>
  text
    .replace(lineBreaks, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .split('\n')
    .map(tidyLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Whether the text is visible: white space, marks and invisible characters alone are not. */
export const isVisible = (text: string): boolean => /[^\p{White_Space}\p{C}\p{M}]/u.test(text);
