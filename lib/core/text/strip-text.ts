import { once } from '../once.ts';

/** Signs that are pictures to Unicode and punctuation or trade marks to everybody else. */
const signs = '©®™ℹ‼⁉↔-↙↩↪▪▫▶◀◻-◾〰〽㊗㊙Ⓜ';
// Made on first use: it takes longer than all the rest of a cold start's own code.
const emoji = once(
  () =>
    // bounded: linear, it has no run but that of an emoji's own parts
    new RegExp(
      `\\p{RGI_Emoji}|\\p{Emoji_Presentation}|\\p{Regional_Indicator}|[\\p{Extended_Pictographic}--[${signs}]]\\uFE0F?|[\\p{Emoji_Modifier}\\uFE0F\\u20E3]`,
      'gv',
    ),
);

/** What is left of a gap of two spaces after something between them was taken out. */
const closed = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/^ | $/gm, '');

/** A text without emoji: pictures, flags, keycaps and families as a whole; `©`, `™` and arrows stay. */
export const withoutEmoji = (text: string): string => closed(text.replace(emoji(), ''));

/** A text without addresses of the web. */
export const withoutLinks = (text: string): string => closed(text.replace(/(?:https?:\/\/|www\.)\S+/gi, ''));

/** A text in one line. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
