import { imagesIn, videosIn } from './html-media.ts';
import { addressOf, type Place, relOf } from './map-links.ts';
import { isImage, type Medium, positive, seconds } from './map-media.ts';
import { isOrnament } from './ornaments.ts';
import { type Pictures, picturesOf } from './pictures.ts';
import type { Field, Fields } from './read-fields.ts';
import { readText } from './read-text.ts';
import { resolveUrl } from './resolve-url.ts';

const mediumOf = ({ attributes, base: own }: Field, base: string | null): Medium[] => {
  const url = resolveUrl(attributes.url || attributes.href || attributes.src, own ?? base);
  if (url === null) return [];
  const pixels = (positive(attributes.width) ?? 0) * (positive(attributes.height) ?? 1);
  return [
    {
      url,
      type: attributes.type || null,
      length: positive(attributes.length) ?? positive(attributes.filesize),
      medium: attributes.medium || null,
      isDefault: attributes.isdefault === 'true',
      weight: pixels * 1e6 + (positive(attributes.bitrate) ?? 0),
      durationS: seconds(attributes.duration),
    },
  ];
};

/** Atom's content may be elsewhere (RFC 4287, 4.1.3.2); unless it is a page, it is a file. */
const isOutside = ({ attributes }: Field): boolean =>
  Boolean(attributes.src) && !attributes.type?.includes('html');

/** The files of an entry: enclosures first, then those of Media RSS. */
export const filesOf = (fields: Fields, { core, base }: Place): { enclosed: Medium[]; media: Medium[] } => {
  const enclosed = [
    ...fields('enclosure'),
    ...fields('link', 'atom:link').filter((link) => relOf(link, core) === 'enclosure'),
    ...fields('content').filter(isOutside),
  ];
  return {
    enclosed: enclosed.flatMap((field) => mediumOf(field, base)),
    media: fields('media:content').flatMap((field) => mediumOf(field, base)),
  };
};

/** A small thumbnail for lists, such as Blogger's of 72 pixels, is shown only if there is no other picture. */
const MIN_THUMBNAIL_PX = 150;
const isSmall = ({ attributes }: Field): boolean =>
  (positive(attributes.width) ?? Infinity) < MIN_THUMBNAIL_PX;

const isIcon = ({ attributes }: Field): boolean => isOrnament(new Map(Object.entries(attributes)));

/**
 * The entry's pictures: media:thumbnail, media:content of an image, enclosed image, itunes:image, the item's own image
 * element, pictures in the texts, small thumbnails; finally the counters, icons and avatars that the feed itself lists,
 * which are never shown.
 */
export const imagesOf = (
  fields: Fields,
  { enclosed, media }: ReturnType<typeof filesOf>,
  texts: readonly Field[],
  { core, base }: Place,
): Pictures => {
  const thumbnails = fields('media:thumbnail');
  const shown = thumbnails.filter((field) => !isIcon(field));
  const addresses = (all: readonly Field[]) =>
    all.flatMap((field) => mediumOf(field, base)).map(({ url }) => url);
  const pictures = [
    ...addresses(shown.filter((field) => !isSmall(field))),
    ...[...media, ...enclosed].filter(isImage).map(({ url }) => url),
    ...fields('itunes:image', 'image', 'image.url').map((field) => addressOf(field, base)),
    ...texts.flatMap((field) => imagesIn(readText(field, core), field.base ?? base)),
    ...addresses(shown.filter(isSmall)),
  ];
  return picturesOf(pictures, addresses(thumbnails.filter(isIcon)));
};

/** The videos in an entry's texts. */
export const videosOf = (texts: readonly Field[], { core, base }: Place): Medium[] =>
  texts.flatMap((field) => videosIn(readText(field, core), field.base ?? base));
