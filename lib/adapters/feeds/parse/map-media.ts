import type { Enclosure, Video } from '../../../core/entries/entry.ts';

/** A file of an entry, from any element. */
export type Medium = Enclosure & {
  /** `image`, `video`, … according to Media RSS. */
  medium: string | null;
  isDefault: boolean;
  /** The quality of a rendition: pixels, or else bit rate. */
  weight: number;
  durationS: number | null;
};

const EXTENSIONS = {
  image: /\.(?:jpe?g|png|gif|webp|avif|bmp|heic)$/i,
  video: /\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|ogv|3gp)$/i,
};

/** Lists the pieces of a video, which only a player can assemble. */
const PLAYLIST = /\.(?:m3u8|mpd)$/i;

const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';

/**
 * By its type, otherwise by Media RSS's `medium`, otherwise by its file extension. A player page and a playlist are not
 * files.
 */
const isOf = (kind: 'image' | 'video', { url, type, medium }: Medium): boolean => {
  const mime = type?.toLowerCase() ?? '';
  if (mime.startsWith(`${kind}/`)) return true;
  if (/html|flash/.test(mime) || PLAYLIST.test(pathOf(url))) return false;
  if (mime !== '' && !mime.includes('octet-stream') && !mime.startsWith(kind)) return false;
  return medium === null ? EXTENSIONS[kind].test(pathOf(url)) : medium.toLowerCase() === kind;
};

export const isImage = (file: Medium): boolean => isOf('image', file);

/** The rendition marked as default, otherwise the one with the most pixels, otherwise the first. */
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

/** Every file once, in document order. */
export const enclosuresOf = (files: Medium[]): Enclosure[] => {
  const seen = new Map<string, Enclosure>();
  for (const { url, type, length } of files) if (!seen.has(url)) seen.set(url, { url, type, length });
  return [...seen.values()];
};

/** A positive whole number of bytes, pixels or seconds; null if the text is not one. */
export const positive = (text: string | undefined): number | null => {
  const number = Number.parseInt(text ?? '', 10);
  return number > 0 && Number.isSafeInteger(number) ? number : null;
};

/** `75`, `1:15`, `01:01:15` or `75.4` in seconds; null for anything else. */
export const seconds = (text: string | undefined): number | null => {
  const written = text?.trim() ?? '';
  if (!/^\d{1,6}(?:\.\d+)?$|^\d{1,4}(?::\d{1,2}){1,2}(?:\.\d+)?$/.test(written)) return null;
  const total = written.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return total > 0 ? Math.round(total) : null;
};
