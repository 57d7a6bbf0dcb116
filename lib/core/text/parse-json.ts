/** More digits than a number keeps. The look for one costs less than walking over every document again. */
const LONG_INTEGER = /[:[,]\s{0,20}-?\d{16}/;

/**
 * JSON whose numeric ids keep all their digits: an integer beyond 2^53 becomes its own text, because two ids that
 * differ in their last digit would otherwise be one. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown => {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value,
  );
};
