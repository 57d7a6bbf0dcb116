/** More digits than a number keeps. The look for one costs less than walking over every document again. */
const LONG_ID = /"id"\s{0,20}:\s{0,20}-?\d{16}/;

/**
 * JSON whose numeric ids keep all their digits: an integer beyond 2^53 becomes its own text, because two ids that
 * differ in their last digit would otherwise be one. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown => {
  if (!LONG_ID.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown, { source }: { source?: string } = {}) =>
    key === 'id' && typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value,
  );
};
