import { once } from '../../../core/once.ts';
import { isEmojiAddress } from '../../../core/text/emoji-picture.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Services whose images in a feed are counters, advertisements, avatars or buttons; by host and start of the path. */
const SERVICES = `
  pixel.wp.com stats.wordpress.com stats.wp.com feeds.wordpress.com/1.0/ feedburner.com feedproxy.google.com
  feedsportal.com feedblitz.com tracking.feedpress.it feedpress.me pheedo.com rss.buysellads.com
  medium.com/_/stat blogger.googleusercontent.com/tracker follow.it/track-rss api.follow.it substack.com/open
  doubleclick.net google-analytics.com googletagmanager.com googlesyndication.com scorecardresearch.com
  quantserve.com facebook.com/tr imrworldwide.com chartbeat.net statcounter.com hits.seeyoufarm.com bat.bing.com
  gravatar.com avatars.githubusercontent.com yt3.ggpht.com pbs.twimg.com/profile_images unavatar.io ui-avatars.com
  addtoany.com addthis.com sharethis.com shareaholic.com badge.facebook.com img.shields.io
`
  .trim()
  .split(/\s+/);

/** Also behind an image proxy that repeats the address: `i0.wp.com/secure.gravatar.com/avatar/1`. */
const servicePattern = SERVICES.map((service) => service.replaceAll('.', '\\.')).join('|');
// bounded: a place has 2,000 characters, and a service no repetition
const ofService = once(() => new RegExp(`[/.](?:${servicePattern})`));
const isOfService = (place: string): boolean => ofService().test(place);

const PLACEHOLDER = words('placeholder spacer blank noimage nophoto nothumb');
/** Only if the file name consists of nothing else, because a photo may be called `pixel-10.png`. */
const PLACEHOLDER_ALONE = words(`
  pixel transparent trans clear dot lazy lazyload loading loader spinner empty px 1px 1x1
  count counter beacon tracker track tracking hit hits stat stats b c p o
`);
const BESIDE_PLACEHOLDER = words(
  'image img picture photo thumb thumbnail white grey gray default tiny small bg',
);

const isSize = (word: string): boolean => /^\d{1,4}(?:x\d{1,4})?(?:px)?$/.test(word);

const isPlaceholder = (fileWords: readonly string[], extension: string): boolean => {
  const rest = fileWords.filter((word) => !BESIDE_PLACEHOLDER.has(word));
  const named = rest.filter((word) => !isSize(word) || PLACEHOLDER_ALONE.has(word));
  if (named.length > 0 && named.every((word) => PLACEHOLDER.has(word))) return true;
  const isGraphic = /^(?:gif|png|svg|php)?$/.test(extension);
  return (
    isGraphic && rest.length > 0 && rest.every((word) => PLACEHOLDER_ALONE.has(word) || PLACEHOLDER.has(word))
  );
};

const NETWORKS = words(`
  facebook fb twitter x linkedin pinterest whatsapp telegram mastodon bluesky threads instagram reddit tumblr xing
  flipboard pocket digg delicious stumbleupon google plus youtube tiktok email mail print rss feed share
`);
const ICON_WORDS = words('icon icons share button btn like follow small sm');
const ICON_FOLDERS = /(?:^|[/_-])(?:share|sharing|social|icons?|buttons?)[^/]{0,40}$/;

/** A network's button: named by the network alone, and shown to be an icon by a word, a size or its folder. */
const isShareIcon = (folder: string, fileWords: readonly string[]): boolean => {
  const names = fileWords.filter(
    (word) => word === 'share' || !(ICON_WORDS.has(word) || /^\d{2}$/.test(word)),
  );
  if (names.length === 0 || !names.every((name) => NETWORKS.has(name))) return false;
  return fileWords.length > names.length || ICON_FOLDERS.test(folder) || fileWords.includes('share');
};

const placeOf = (url: string): string => {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: '', pathname: url };
  return `/${hostname}${pathname}`.slice(0, 2_000).toLowerCase();
};

/** Whether an address is that of a counter, an advertisement, an avatar, a share icon, an emoji or a placeholder. */
export const isOrnamentAddress = (url: string): boolean => {
  const place = placeOf(url);
  const folder = place.slice(0, place.lastIndexOf('/'));
  const [, stem = '', extension = ''] =
    /^(.{0,200}?)(?:\.([a-z]{1,5}))?$/.exec(place.slice(folder.length + 1)) ?? [];
  const fileWords = stem.split(/[-_.]/).filter(Boolean);
  if (isOfService(place) || isEmojiAddress(place)) return true;
  return isPlaceholder(fileWords, extension) || isShareIcon(folder, fileWords);
};

/** Counters have one or two pixels, icons and avatars a few more. */
const MAX_ICON_PX = 48;

const STYLED = /(?:^|;)\s{0,9}(?:width|height)\s{0,9}:\s{0,9}(\d{1,4})(?:px)?\s{0,9}(?:!|;|$)/gi;

const statedPixels = (attributes: ReadonlyMap<string, string>): number[] => {
  const stated = [attributes.get('width'), attributes.get('height')].map(
    (size) => /^\s{0,9}(\d{1,5})(?:px)?\s{0,9}$/.exec(size ?? '')?.[1],
  );
  const styled = [...(attributes.get('style') ?? '').slice(0, 1_000).matchAll(STYLED)].map(
    ([, size]) => size,
  );
  return [...stated, ...styled].filter((size) => size !== undefined).map(Number);
};

const ORNAMENT_CLASS =
  /(?:^|[\s_-])(?:avatar|gravatar|sharedaddy|share-icon|social-icon|tracking-pixel|feedflare)(?:[\s_-]|$)/i;

/** Whether an image is a counter, an icon or an avatar by its size or class. */
export const isOrnament = (attributes: ReadonlyMap<string, string>): boolean =>
  statedPixels(attributes).some((pixels) => pixels <= MAX_ICON_PX) ||
  ORNAMENT_CLASS.test(attributes.get('class') ?? '');
