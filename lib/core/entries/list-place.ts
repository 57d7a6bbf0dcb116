/** An entry's place in its list relative to the known entries. */
export type Place = 'above' | 'below' | 'none-known';

/**
 * Places in a list by index. Below: after every known entry in a newest-first list, before every one in an oldest-first
 * list. Between two known ones counts as above.
 */
export const placesIn = (isKnown: readonly boolean[], newestFirst: boolean): ((index: number) => Place) => {
  const first = isKnown.indexOf(true);
  const last = isKnown.lastIndexOf(true);
  return (index) => {
    if (first === -1) return 'none-known';
    return (newestFirst ? index > last : index < first) ? 'below' : 'above';
  };
};
