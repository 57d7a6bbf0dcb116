/** Where an entry is in its list, beside those that are known. */
export type Place = 'above' | 'below' | 'none-known';

/**
 * Places of a list by index. Below: behind every known entry of a list that begins with its newest, before every one
 * of a list that begins with its oldest. Between two known ones is above.
 */
export const placesIn = (isKnown: readonly boolean[], newestFirst: boolean): ((index: number) => Place) => {
  const first = isKnown.indexOf(true);
  const last = isKnown.lastIndexOf(true);
  return (index) => {
    if (first === -1) return 'none-known';
    return (newestFirst ? index > last : index < first) ? 'below' : 'above';
  };
};
