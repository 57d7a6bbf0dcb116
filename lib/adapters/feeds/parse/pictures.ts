import type { Entry } from '../../../core/entries/entry.ts';
import { MAX_ADDRESS } from './limits.ts';
import { isOrnamentAddress } from './ornaments.ts';

/** All pictures of an entry, each once, and the one to show: the first that is not an ornament. */
export type Pictures = Pick<Entry, 'image' | 'images'>;

/** `addresses` in order of preference; `ornaments` are never shown. */
export const picturesOf = (
  addresses: readonly (string | null)[],
  ornaments: readonly string[] = [],
): Pictures => {
  const usable = addresses.filter((url) => url !== null && url.length <= MAX_ADDRESS) as string[];
  const shown = usable.filter((url) => !isOrnamentAddress(url));
  return { image: shown[0] ?? null, images: [...new Set([...shown, ...usable, ...ornaments])] };
};
