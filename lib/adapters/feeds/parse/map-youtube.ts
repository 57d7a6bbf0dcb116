import type { Fields } from './read-fields.ts';

/**
 * The kind of a video in a YouTube feed, as categories that rules may name and that never become hashtags:
 * `youtube:short` by its address, `youtube:no-views` if it has no views, like a premiere or a live stream that is only
 * announced (https://github.com/derekantrican/subarr/issues/1). None for other sites.
 */
export const youtubeKinds = (fields: Fields, link: string | null): string[] => {
  const url = link === null ? null : URL.parse(link);
  if (url === null || !/^(?:www\.|m\.)?youtube\.com$/.test(url.hostname)) return [];
  const isShort = url.pathname.startsWith('/shorts/');
  const isUnwatched = fields('media:statistics').some(({ attributes }) => attributes.views === '0');
  return [...(isShort ? ['youtube:short'] : []), ...(isUnwatched ? ['youtube:no-views'] : [])];
};
