/** A name of a setting or a field begins a sentence as it is written: `media_ids must …`, `skip.keywords: …`. */
const startsWithName = /^[a-z]+[_.\d]/;

/** With a full stop, unless it ends like a sentence. */
export const withStop = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const list = (items: readonly string[], last: string): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(` ${last} `);

/** `a`, `a or b`, `a, b or c`. */
export const orList = (items: readonly string[]): string => list(items, 'or');

/** `a`, `a and b`, `a, b and c`. */
export const andList = (items: readonly string[]): string => list(items, 'and');

/** A fragment as a sentence: with a capital, unless it begins with a name, and with a full stop. */
export const sentence = (text: string): string => {
  const capital = startsWithName.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return withStop(capital);
};
