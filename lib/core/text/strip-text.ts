import { once } from '../once.ts';

/** Characters that are emoji in Unicode but used as punctuation or trademark signs. */
const signs = '©®™ℹ‼⁉↔-↙↩↪▪▫▶◀◻-◾〰〽㊗㊙Ⓜ';
// Built on first use, because it takes longer than the rest of a cold start's own code.
const emoji = once(
  () =>
    // bounded: linear, it has no run but that of an emoji's own parts
    new RegExp(
      `\\p{RGI_Emoji}|\\p{Emoji_Presentation}|\\p{Regional_Indicator}|[\\p{Extended_Pictographic}--[${signs}]]\\uFE0F?|[\\p{Emoji_Modifier}\\uFE0F\\u20E3]`,
      'gv',
    ),
);

/** Collapses the double space left by a removal. */
const closed = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/^ | $/gm, '');

/** A text without emoji: pictographs, flags, keycaps and families as a whole; `©`, `™` and arrows are kept. */
export const withoutEmoji = (text: string): string => closed(text.replace(emoji(), ''));

/** A text without web addresses. */
export const withoutLinks = (text: string): string => closed(text.replace(/(?:https?:\/\/|www\.)\S+/gi, ''));

/** A text on one line. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
