/** More digits than a number can represent. Searching for one costs less than walking over every document again. */
const LONG_INTEGER = /[:[,]\s{0,20}-?\d{16}/;

/**
 * Parses JSON and keeps all digits of numeric IDs: an integer beyond 2^53 becomes a string, because two IDs that differ
 * in their last digit would otherwise be equal. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown => {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value,
  );
};
