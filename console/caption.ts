import { beforeFold } from '../lib/core/posts/tiktok-rules.ts';
import { type Html, html } from './html.ts';

const hashtag = /([#＃][\p{L}\p{M}\p{N}_]+)/u;

/** Marks hashtags, as TikTok does. */
const withTags = (text: string): Html[] =>
  text
    .split(hashtag)
    .map((part, at) => (at % 2 === 1 ? html`<span class="tag">${part}</span>` : html`${part}`));

const firstLine = (text: string): [string, string] => {
  const end = text.indexOf('\n');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end)];
};

/** Whether a text begins in a script that is written from right to left, as `dir="auto"` decides it. */
const isRightToLeft = (text: string): boolean =>
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(text);

/** A caption as TikTok shows it: the visible part with its first line in bold, and the rest behind "more". */
export const caption = (text: string, id: string): Html => {
  const seen = beforeFold(text);
  const rest = text.slice(seen.length);
  const [first, further] = firstLine(seen);
  const shown = html`<p class="caption" dir="auto"><strong>${withTags(first)}</strong>${withTags(further)}${rest !== '' && '…'}</p>`;
  if (rest === '') return shown;
  return html`${shown}<details class="rest" id="${id}-rest" dir="${isRightToLeft(text) ? 'rtl' : 'ltr'}"><summary>more</summary><p class="caption" dir="auto">${withTags(rest)}</p></details>`;
};
