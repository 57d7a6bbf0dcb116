import type { FieldChange } from '../lib/core/entries/difference.ts';
import { hasOpenChange } from '../lib/core/ledger/later-version.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import type { DraftChange } from '../lib/core/posts/draft-change.ts';
import type { DiffPart } from '../lib/core/text/word-diff.ts';
import type { ArticleChange } from '../lib/jobs/operator/read-change.ts';
import { entryPath } from './address.ts';
import type { Frame } from './context.ts';
import { type Html, html } from './html.ts';
import { button, foreign, moment } from './pieces.ts';

/** Unchanged text around a change that is shown, on each side. */
const shownAround = 160;

const shortened = (text: string, at: number, all: readonly DiffPart[]): string => {
  if (text.length <= 2 * shownAround) return text;
  const start = at === 0 ? '' : text.slice(0, shownAround).toWellFormed();
  const end = at === all.length - 1 ? '' : text.slice(-shownAround).toWellFormed();
  return `${start} … ${end}`;
};

/** Removed and added words are marked up, so that color is not the only difference. */
const partView = ({ kind, text }: DiffPart, at: number, all: readonly DiffPart[]): Html => {
  if (kind === 'removed') return html`<del>${text}</del>`;
  return kind === 'added' ? html`<ins>${text}</ins>` : html`${shortened(text, at, all)}`;
};

const fieldNames: Readonly<Record<FieldChange['field'], string>> = {
  title: 'Title',
  summary: 'Summary',
  text: 'Text',
  link: 'Link',
  picture: 'Picture',
  video: 'Video',
};

const fieldView = ({ field, parts }: FieldChange): Html =>
  html`<div><dt>${fieldNames[field]}</dt><dd class="diff" dir="auto">${parts.map(partView)}</dd></div>`;

const draftNames: Readonly<Record<DraftChange['field'], string>> = {
  text: 'caption',
  title: 'title',
  thumbnail_url: 'thumbnail',
};

const draftView = ({ field, sent, now }: DraftChange): Html =>
  html`<div class="halves"><section><h3>The ${draftNames[field]} that was sent</h3><p class="caption" dir="auto">${sent ?? '–'}</p></section>
<section><h3>The ${draftNames[field]} now</h3><p class="caption" dir="auto">${now ?? '–'}</p></section></div>`;

const states: Readonly<Record<ArticleChange['state'], string>> = {
  open: 'The article changed after its draft was made.',
  updating: 'The article changed, and its draft is being changed.',
  updated: 'The article changed, and its draft was changed with it.',
  kept: 'The article changed, and its draft stays as it is.',
};

/** Where Dash Social could not show the draft, or shows another text, replacing it needs a second look. */
const updateButtons = ({ draft, why }: ArticleChange, { key }: EntryRow, token: string): Html | null => {
  if (draft === null || draft.length === 0) return null;
  const fields = { key, back: entryPath(key) };
  if (why === null)
    return button('/update-draft', token, { words: 'Change the draft too', fields, look: 'go' });
  return html`<details id="update-anyway"><summary>Change the draft anyway…</summary><p>What it says in Dash Social now is replaced by the text above, even if your team edited it. Look there first.</p>${button('/update-draft', token, { words: 'Replace it', fields: { ...fields, unchecked: 'yes' }, look: 'go' })}</details>`;
};

const draftPart = ({ draft, problem }: ArticleChange): Html => {
  if (draft === null)
    return html`<p class="quiet">The caption that it would have now cannot be shown: ${problem}.</p>`;
  return draft.length === 0
    ? html`<p>The draft would be the same, because its template uses nothing that changed.</p>`
    : html`${draft.map(draftView)}`;
};

/** How the article changed, what its draft would say now, and your decision. */
export const changeView = (
  change: ArticleChange | null,
  row: EntryRow,
  { token, words }: { token: string } & Pick<Frame, 'words'>,
): Html | null => {
  if (change === null) return null;
  const { fields, difference, at, state } = change;
  return html`<section id="change" aria-labelledby="change-title"><h2 id="change-title">What changed</h2>
<p${state === 'open' && html` class="caution"`}>${row.state === 'drafted' ? states[state] : 'The article changed; the post is made from the version that was found first.'} Found ${moment(words, at)}.</p>
${fields === null || fields.length === 0 ? html`<p>${foreign(difference)}</p>` : html`<dl class="facts">${fields.map(fieldView)}</dl>`}
${state !== 'updated' && draftPart(change)}
${change.why !== null && html`<p class="caution">The draft was not changed: ${foreign(change.why)}.</p>`}
${hasOpenChange(row) && html`<div class="moves">${updateButtons(change, row, token)}${button('/keep-draft', token, { words: 'Keep the draft as it is', fields: { key: row.key, back: entryPath(row.key) } })}</div>`}
</section>`;
};
