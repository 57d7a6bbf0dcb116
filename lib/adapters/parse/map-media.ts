import type { Enclosure, Video } from '../../core/entry.ts';
import type { HtmlReading } from '../../core/html-text.ts';
import { resolveUrl } from './resolve-url.ts';

/** A file that an entry offers, whichever element tells of it. */
export type Medium = Enclosure & {
  /** `image`, `video`, … as Media RSS tells it. */
  medium: string | null;
  isDefault: boolean;
  /** Whatever tells two renditions apart: pixels, else bit rate. */
  weight: number;
  durationS: number | null;
};

const EXTENSIONS = {
  image: /\.(?:jpe?g|png|gif|webp|avif|bmp|heic)$/i,
  video: /\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|ogv|3gp)$/i,
};

const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';

/** By its type, else by Media RSS's `medium`, else by the end of its name. A player in a page is no file. */
const isOf = (kind: 'image' | 'video', { url, type, medium }: Medium): boolean => {
  const told = type?.toLowerCase() ?? '';
  if (told.startsWith(`${kind}/`)) return true;
  if (/html|flash/.test(told)) return false;
  if (told !== '' && !told.includes('octet-stream') && !told.startsWith(kind)) return false;
  return medium === null ? EXTENSIONS[kind].test(pathOf(url)) : medium.toLowerCase() === kind;
};

export const isImage = (file: Medium): boolean => isOf('image', file);

/** The rendition that the feed calls the default, else the one with the most pixels, else the first. */
export const pickVideo = (files: Medium[], durationS: number | null): Video | null => {
  const videos = files.filter((file) => isOf('video', file));
  const widest = videos.reduce<Medium | undefined>(
    (best, file) => (best && best.weight >= file.weight ? best : file),
    undefined,
  );
  const video = videos.find(({ isDefault }) => isDefault) ?? widest;
  if (video === undefined) return null;
  const { url, type, length } = video;
  return { url, type, length, durationS: video.durationS ?? durationS };
};

/** Every file once, in the order told. */
export const enclosuresOf = (files: Medium[]): Enclosure[] => {
  const seen = new Map<string, Enclosure>();
  for (const { url, type, length } of files) if (!seen.has(url)) seen.set(url, { url, type, length });
  return [...seen.values()];
};

const LAZY = ['data-src', 'data-lazy-src', 'data-original'];

/** Counters and smileys are not what an entry shows. */
const isOrnament = (attributes: ReadonlyMap<string, string>): boolean =>
  /^[0-2](?:px)?$/.test(attributes.get('width') ?? '') ||
  /^[0-2](?:px)?$/.test(attributes.get('height') ?? '') ||
  /\b(?:wp-smiley|emoji)\b/.test(attributes.get('class') ?? '');

/** Addresses of the pictures in a text, without tracking pixels and smileys. */
export const imagesIn = ({ images }: HtmlReading, base: string | null): string[] =>
  images
    .filter((attributes) => !isOrnament(attributes))
    .map((attributes) =>
      [...LAZY, 'src'].map((key) => resolveUrl(attributes.get(key), base)).find((url) => url !== null),
    )
    .filter((url) => typeof url === 'string');

/** A whole number of bytes, pixels or seconds above zero; null when the text tells none. */
export const positive = (text: string | undefined): number | null => {
  const number = Number.parseInt(text ?? '', 10);
  return number > 0 && Number.isSafeInteger(number) ? number : null;
};

/** `75`, `1:15`, `01:01:15` or `75.4` in seconds; null when it tells no length. */
export const seconds = (text: string | undefined): number | null => {
  const told = text?.trim() ?? '';
  if (!/^\d{1,6}(?:\.\d+)?$|^\d{1,4}(?::\d{1,2}){1,2}(?:\.\d+)?$/.test(told)) return null;
  const total = told.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return total > 0 ? Math.round(total) : null;
};
