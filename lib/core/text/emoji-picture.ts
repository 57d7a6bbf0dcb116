/** What content systems call the pictures that they write for emoji. */
const EMOJI_CLASS =
  /(?:^|\s)(?:wp-smiley|emoji|emojione|joypixels|twemoji|openmoji|custom-emoji|smiley|smilies)(?:\s|$)/i;

/** Places that hold nothing but emoji and smileys, by host and path. */
const EMOJI_PLACES = [
  's.w.org/images/core/emoji/', // WordPress
  '/wp-includes/images/smilies/',
  '/twemoji', // as maxcdn, jsdelivr, unpkg and cdnjs have it
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

/** Whether a picture's address, absolute or not, is that of an emoji. */
export const isEmojiAddress = (address: string): boolean => {
  const place = address.slice(0, 1_000).toLowerCase().split(/[?#]/, 1)[0] ?? '';
  return EMOJI_PLACES.some((known) => place.includes(known));
};

/** Flags are two regional indicators, or a black flag with tags; keycaps a digit with U+20E3. */
const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0e\ufe0f\u{e0020}-\u{e007f}]|[\d#*]\ufe0f?\u20e3|\s){1,40}$/u;

const isOnlyEmoji = (text: string): boolean => text.length <= 80 && /\S/.test(text) && EMOJI.test(text);

/** An emoji has the height of its line; a larger picture may well be described by one. */
const MAX_EMOJI_PX = 160;

/**
 * The text that an `<img>` stands for when it is an emoji, '' when it does not say; null when it is another picture.
 * Known by its class, its address, or an alternative text of emoji alone.
 */
export const emojiOf = (attributes: ReadonlyMap<string, string>): string | null => {
  const alt = attributes.get('alt') ?? '';
  if (EMOJI_CLASS.test(attributes.get('class') ?? '')) return alt;
  if (isEmojiAddress(attributes.get('src') ?? '')) return alt;
  const widthPx = Number.parseInt(attributes.get('width') ?? '0', 10);
  return isOnlyEmoji(alt) && !(widthPx > MAX_EMOJI_PX) ? alt : null;
};
