/**
 * Where a spreadsheet would evaluate a formula: at the start of a cell, and after a character that it may take for the
 * end of one, which in many countries is a semicolon. Full-width signs count as well
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /(?<=^|[;\t\n])(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=\t)/g;
/** Characters that control a terminal or change how text is displayed; line breaks and tabs are allowed in a cell. */
const steering = /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

const textCell = (text: string): string => {
  const harmless = text.replaceAll('\r\n', '\n').replaceAll(steering, '');
  const shown = harmless.replaceAll(formula, "'");
  return /[",;\t\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};

/**
 * One line of CSV (RFC 4180) without its line break. Text is made safe: an apostrophe before anything that a
 * spreadsheet would take for a formula, and no control characters.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  cells.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join(',');
