import type { HtmlMedium } from '../../../core/text/html-media.ts';
import type { HtmlReading } from '../../../core/text/html-text.ts';
import type { Medium } from './map-media.ts';
import { isOrnament, isOrnamentAddress } from './ornaments.ts';
import { resolveUrl } from './resolve-url.ts';
import { bestOfSrcset } from './srcset.ts';

type Attributes = ReadonlyMap<string, string>;

/** Attributes in which lazy-loading scripts keep the later `srcset` and `src`. */
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset', 'data-src-set', 'data-original-set'];
const LAZY = ['data-src', 'data-lazy-src', 'data-original', 'data-original-src', 'data-orig-file'];

const addressesOf = (attributes: Attributes): (string | null | undefined)[] => {
  const best = (name: string) => bestOfSrcset(attributes.get(name) ?? '');
  return [
    ...LAZY_SETS.map(best),
    ...LAZY.map((name) => attributes.get(name)),
    best('srcset'),
    attributes.get('src'),
  ];
};

/** The first address of a picture worth showing. */
const shownOf = (addresses: (string | null | undefined)[], base: string | null): string[] => {
  for (const address of addresses) {
    const url = resolveUrl(address ?? undefined, base);
    if (url !== null && !isOrnamentAddress(url)) return [url];
  }
  return [];
};

/**
 * Addresses of the pictures in a text and the posters of its videos, in document order: for each picture the largest
 * sensible one, whether in a script's attribute, `srcset` or `<picture>`. Without counters, icons and placeholders.
 */
export const imagesIn = ({ media }: HtmlReading, base: string | null): string[] => {
  let sources: Attributes[] = [];
  return media.flatMap(({ element, inside, attributes }) => {
    if (element === 'video') return shownOf([attributes.get('poster'), attributes.get('data-poster')], base);
    if (element === 'source') {
      if (inside === 'picture') sources.push(attributes);
      return [];
    }
    const alternatives = inside === 'picture' ? sources.flatMap(addressesOf) : [];
    sources = [];
    return isOrnament(attributes) ? [] : shownOf([...addressesOf(attributes), ...alternatives], base);
  });
};

const PLAYED = { length: null, medium: 'video', isDefault: false, weight: 0, durationS: null };

const isVideo = ({ element, inside }: HtmlMedium): boolean =>
  element === 'video' || (element === 'source' && inside === 'video');

/** The files of the `<video>` elements in a text. */
export const videosIn = ({ media }: HtmlReading, base: string | null): Medium[] =>
  media.filter(isVideo).flatMap(({ attributes }) => {
    const url = resolveUrl(attributes.get('src') || attributes.get('data-src'), base);
    const type = attributes.get('type')?.split(';', 1)[0]?.trim() || null;
    return url === null ? [] : [{ ...PLAYED, url, type }];
  });
