import type { Page } from '../cli/page.ts';
import type { EntryRow, State } from '../lib/core/ledger/row.ts';
import { type Child, type Html, html } from './html.ts';

/** A state, by word and by colour. */
export const chip = (state: State | string, words: string = state): Html =>
  html`<span class="chip ${state.replaceAll(' ', '-')}">${words}</span>`;

/** `3 min ago`, with the exact time behind it. */
export const moment = (words: Page, at: number | null): Html =>
  at === null
    ? html`<span class="quiet">never</span>`
    : html`<time datetime="${new Date(at).toISOString()}" title="${words.time(at)}">${words.since(at)}</time>`;

/** Text of a feed: whatever direction it is written in, it does not turn what stands around it. */
export const foreign = (text: Child): Html => html`<bdi>${text}</bdi>`;

/** A sentence of ours in which backticks mark what is typed. */
export const withCode = (text: string): Html[] =>
  text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

/** A number that matters, what it counts, and what else there is to say of it. */
export const tile = (label: string, value: Child, more: Child = null): Html =>
  html`<div class="tile"><dt>${label}</dt><dd><strong>${value}</strong>${more && html`<span>${more}</span>`}</dd></div>`;

/** One line of a list of facts. */
export const fact = (name: string, value: Child): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** `3 held · 1 queued`. */
export const sums = (entries: Partial<Record<State, number>>): Html => {
  const parts = Object.entries(entries).map(
    ([state, count]) => html`<span class="sum">${count} ${state}</span>`,
  );
  if (parts.length === 0) return html`<span class="quiet">none</span>`;
  return html`<span class="sums">${parts.map((part, at) => html`${at > 0 && ' · '}${part}`)}</span>`;
};

/** A form of one button. `fields` are sent with it. */
export const button = (
  action: string,
  token: string,
  { words, fields = {}, look = '' }: { words: Child; fields?: Record<string, string>; look?: string },
): Html =>
  html`<form method="post" action="${action}">${hidden({ token, ...fields })}<button class="${look}">${words}</button></form>`;

export const hidden = (fields: Record<string, string>): Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** Bytes as a person reads them. */
export const size = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${(bytes / 1_000).toFixed(1)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Why it is what it is, by the last moment of its life. */
export const lastWords = (told: { words: string }[]): string => told.at(-1)?.words ?? '';

export const publishedAt = ({ published, seenAt }: Pick<EntryRow, 'published' | 'seenAt'>): number => {
  const at = published === null ? Number.NaN : Date.parse(published);
  return Number.isNaN(at) ? seenAt : Math.min(at, seenAt);
};
