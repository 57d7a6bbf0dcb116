import type { EntryRow } from '../lib/core/ledger/row.ts';
import type { PostNote } from '../lib/core/posts/post-notes.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import type { RuleCheck } from '../lib/core/posts/tiktok-rules.ts';
import { thumbnailPath, webAddress } from './address.ts';
import { caption } from './caption.ts';
import { type Html, html } from './html.ts';
import { foreign } from './pieces.ts';

const picture = (src: string | null): Html =>
  src === null
    ? html`<div class="picture none" aria-hidden="true"><svg viewBox="0 0 24 24" width="22" height="22"><path d="M9 6.5v11l9-5.5z"/></svg></div>`
    : html`<img class="picture" src="${src}" alt="" loading="lazy" width="81" height="144">`;

/** A post as TikTok shows it. `src`: of its thumbnail. */
export const postView = (
  post: TikTokPost | null,
  id: string,
  src: string | null,
): Html => html`<div class="post">
${picture(src)}
<div class="words">${post?.text ? caption(post.text, id) : html`<p class="quiet">No caption yet.</p>`}</div>
</div>`;

const noVideo = 'Your team adds the video in Dash Social.';

/** A post in a phone frame of 9:16, as TikTok shows it: the picture behind, and over it the caption; feeds.yml has no TikTok names. */
export const phoneView = (post: TikTokPost | null, id: string, src: string | null): Html =>
  html`<figure class="phone" aria-label="Preview on a phone"><div class="screen">
<div class="backdrop" aria-hidden="true"><svg viewBox="0 0 24 24" width="44" height="44"><path d="M9 6.5v11l9-5.5z"/></svg></div>
${src !== null && html`<img src="${src}" alt="" loading="lazy">`}
<div class="over">${post?.text ? caption(post.text, `${id}-phone`) : html`<p>No caption yet.</p>`}</div></div>
<figcaption class="quiet">${(post?.media_ids?.length ?? 0) > 0 ? html`Shown with its thumbnail; the video is ${post?.media_ids?.[0]} in the Library of Dash Social.` : noVideo}</figcaption></figure>`;

/** The address of a row's thumbnail; the console fetches it with the guards of feeds. */
export const thumbnailOf = ({ key, post }: Pick<EntryRow, 'key' | 'post'>): string | null =>
  webAddress(post?.thumbnail_url) ? thumbnailPath(key) : null;

/** TikTok's rules, each met or broken. */
export const rulesView = (rules: readonly RuleCheck[]): Html =>
  html`<ul class="rules">${rules.map(({ rule, ok, text }) => html`<li class="${ok ? 'ok' : 'broken'}"><span class="unseen">${ok ? 'met: ' : 'broken: '}</span><b>${rule}</b> ${foreign(text)}${rule === 'length' && html` <small>(an emoji counts as two or more, as on TikTok)</small>`}</li>`)}</ul>`;

/** The whole caption again, so it is folded away. */
const paragraphView = ({ text }: PostNote, id: string): Html =>
  html`<details id="${id}-paragraph"><summary>How it reads if TikTok drops the line breaks</summary><p class="caption" dir="auto">${text}</p></details>`;

/** Notes on a post beside the rules. */
export const notesView = (all: readonly PostNote[], id: string): Html => {
  const notes = all.filter(({ about }) => about !== 'one paragraph');
  const paragraph = all.find(({ about }) => about === 'one paragraph');
  return html`<ul class="rules">${notes.map(({ about, warns, text }) => html`<li class="${warns ? 'warned' : 'noted'}"><span class="unseen">${warns ? 'warning: ' : 'note: '}</span><b>${about}</b> ${foreign(text)}</li>`)}</ul>${paragraph && paragraphView(paragraph, id)}`;
};
