import type { Video } from '../entries/entry.ts';

const shortestS = 3;
const longestS = 600;
const maxBytes = 4_000_000_000;

const formats: Record<string, string> = {
  'video/mp4': 'MP4',
  'video/x-m4v': 'MP4',
  'video/quicktime': 'MOV',
  'video/webm': 'WebM',
  mp4: 'MP4',
  m4v: 'MP4',
  mov: 'MOV',
  webm: 'WebM',
};

const extensionOf = (url: string): string =>
  /\.([a-z\d]{2,5})$/i.exec(URL.parse(url)?.pathname ?? '')?.[1]?.toLowerCase() ?? '';

/** The format of a video according to the feed; null if unknown. */
const formatOf = ({ type, url }: Video): string | null => {
  const mime = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = extensionOf(url);
  if (formats[mime]) return formats[mime];
  if (/^(?:video|audio|application)\//.test(mime) && mime !== 'application/octet-stream') return mime;
  return formats[extension] ?? (extension === '' ? null : extension);
};

const taken = new Set(Object.values(formats));
const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;

/**
 * How a video breaks TikTok's limits, as described by the feed: format, length, size. According to vendors of
 * scheduling tools.
 */
export const videoFaults = (video: Video): string[] => {
  const { length, durationS } = video;
  const format = formatOf(video);
  return [
    ...(format !== null && !taken.has(format)
      ? [`the format is ${format}: TikTok allows MP4, MOV and WebM`]
      : []),
    ...(durationS !== null && (durationS < shortestS || durationS > longestS)
      ? [`it lasts ${durationS} s: TikTok allows 3 s to 10 min`]
      : []),
    ...(length !== null && length > maxBytes ? [`it has ${size(length)}: TikTok allows 4 GB`] : []),
  ];
};

/** The feed's description of a video. */
export const videoFacts = (video: Video): string => {
  const { length, durationS } = video;
  const facts = [
    formatOf(video),
    durationS === null ? null : `${durationS} s`,
    length === null || length === 0 ? null : size(length),
  ];
  return facts.filter((fact) => fact !== null).join(', ') || 'no details in the feed';
};
