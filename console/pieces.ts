import type { Page } from '../cli/page.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { stateLabels } from '../lib/core/operator/explain.ts';
import { type Child, type Html, html } from './html.ts';

const labels: Readonly<Record<string, string>> = stateLabels;

/** The state of an entry, a feed or a delivery, as a colored label. */
export const chip = (state: string, words: string = labels[state] ?? state): Html =>
  html`<span class="chip ${state.replaceAll(' ', '-')}">${words}</span>`;

const momentText = (words: Page, at: number, text: string): Html =>
  html`<time datetime="${new Date(at).toISOString()}" title="${words.time(at)}">${text}</time>`;

/** `3 min ago`, with the exact time as a tooltip. */
export const moment = (words: Page, at: number | null): Html =>
  at === null ? html`<span class="quiet">never</span>` : momentText(words, at, words.since(at));

/** `in 3 min`, or `due` once the tick should have done it, with the exact time as a tooltip. */
export const coming = (words: Page, at: number): Html => momentText(words, at, words.coming(at));

/** When it is tried next, as part of a sentence, with the exact time as a tooltip. */
export const nextTry = (words: Page, at: number): Html => {
  const text = words.nextTry(at).replace(/\.$/, '');
  return momentText(words, at, `${text.charAt(0).toLowerCase()}${text.slice(1)}`);
};

/** Text from a feed, isolated so that its direction does not affect the text around it. */
export const foreign = (text: Child): Html => html`<bdi>${text}</bdi>`;

/** Renders backticks in one of our sentences as code. */
export const withCode = (text: string): Html[] =>
  text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

/** A figure with its label and a note. */
export const tile = (label: string, value: Child, more: Child = null): Html =>
  html`<div class="tile"><dt>${label}</dt><dd><strong>${value}</strong>${more && html`<span>${more}</span>`}</dd></div>`;

/** A term with its value. */
export const fact = (name: string, value: Child): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** A form with one button and hidden `fields`. */
export const button = (
  action: string,
  token: string,
  { words, fields = {}, look = '' }: { words: Child; fields?: Record<string, string>; look?: string },
): Html =>
  html`<form method="post" action="${action}">${hidden({ token, ...fields })}<button class="${look}">${words}</button></form>`;

export const hidden = (fields: Record<string, string>): Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** An item of a select. */
export const option = (value: string, words: string, chosen: string): Html =>
  value === chosen
    ? html`<option value="${value}" selected>${words}</option>`
    : html`<option value="${value}">${words}</option>`;

/** A number of bytes: `12.3 kB`. */
export const size = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${(bytes / 1_000).toFixed(1)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** The last line of a history. */
export const lastText = (history: { text: string }[]): string => history.at(-1)?.text ?? '';

export const publishedAt = ({ published, seenAt }: Pick<EntryRow, 'published' | 'seenAt'>): number => {
  const at = published === null ? Number.NaN : Date.parse(published);
  return Number.isNaN(at) ? seenAt : Math.min(at, seenAt);
};

/** What a decision says while it can be undone. */
export const sentSoon = (seconds: number): string => `Sent in about ${seconds} s. Undo until then.`;
