/**
 * Where a spreadsheet would calculate instead of showing: at the start of a cell, and after what it may take for the
 * end of one, which in many countries is a semicolon. Full-width signs count as well
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /(?<=^|[;\t\n])(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=\t)/g;
/** Marks that steer a terminal, or show a text other than it is; line breaks and tabs may stand in a cell. */
const steering = /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

const textCell = (text: string): string => {
  const harmless = text.replaceAll('\r\n', '\n').replaceAll(steering, '');
  const shown = harmless.replaceAll(formula, "'");
  return /[",;\t\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};

/**
 * One line of CSV (RFC 4180) without its line break. Text from anywhere is made harmless: an apostrophe before what
 * a spreadsheet would take for a formula, and no control characters.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  cells.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join(',');
