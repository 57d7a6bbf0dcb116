/** The class names that content systems give to images of emoji. */
const EMOJI_CLASS =
  /(?:^|\s)(?:wp-smiley|emoji|emojione|joypixels|twemoji|openmoji|custom-emoji|smiley|smilies)(?:\s|$)/i;

/** Hosts and paths that contain only emoji and smileys. */
const EMOJI_PLACES = [
  's.w.org/images/core/emoji/', // WordPress
  '/wp-includes/images/smilies/',
  '/twemoji', // on maxcdn, jsdelivr, unpkg and cdnjs
  '.twimg.com/emoji/',
  '/noto-emoji',
  '/notoemoji/', // fonts.gstatic.com
  '/openmoji',
  '/emojione',
  '/joypixels',
  '.zobj.net/', // Emojipedia
  'mail.google.com/mail/e/',
  '.fbcdn.net/images/emoji.php/',
  '.slack-edge.com/production-standard-emoji-assets/',
  'emoji.slack-edge.com/',
  '.githubassets.com/images/icons/emoji/',
  'cdn.discordapp.com/emojis/',
  'telegram.org/img/emoji/',
  '/images/emoji/', // Discourse
  '/custom_emojis/', // Mastodon
  '/smiley/images/', // CKEditor
];

/** Whether an image address, absolute or not, is that of an emoji. */
export const isEmojiAddress = (address: string): boolean => {
  const place = address.slice(0, 1_000).toLowerCase().split(/[?#]/, 1)[0] ?? '';
  return EMOJI_PLACES.some((known) => place.includes(known));
};

/** Flags are two regional indicators or a black flag with tags; keycaps are a digit with U+20E3. */
const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0e\ufe0f\u{e0020}-\u{e007f}]|[\d#*]\ufe0f?\u20e3|\s){1,40}$/u;

const isOnlyEmoji = (text: string): boolean => text.length <= 80 && /\S/.test(text) && EMOJI.test(text);

/** An emoji is as tall as its line; a larger image may only be described by one. */
const MAX_EMOJI_PX = 160;

/**
 * The text of an `<img>` that is an emoji, '' if unknown; null for any other image. Detected by its class, its address,
 * or an alternative text of only emoji.
 */
export const emojiOf = (attributes: ReadonlyMap<string, string>): string | null => {
  const alt = attributes.get('alt') ?? '';
  if (EMOJI_CLASS.test(attributes.get('class') ?? '')) return alt;
  if (isEmojiAddress(attributes.get('src') ?? '')) return alt;
  const widthPx = Number.parseInt(attributes.get('width') ?? '0', 10);
  return isOnlyEmoji(alt) && !(widthPx > MAX_EMOJI_PX) ? alt : null;
};
