import type { EntryRow } from '../lib/core/ledger/row.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { type Html, html } from './html.ts';
import { foreign } from './pieces.ts';

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/**
 * The fields that a hook changed, before and after. `before`: the post without its hook; null if its entry is no longer
 * stored. Null if the hook changed nothing.
 */
export const hookView = ({ enriched }: EntryRow, before: TikTokPost | null): Html | null => {
  const fields = Object.entries(enriched?.fields ?? {});
  if (fields.length === 0) return null;
  const old = (before ?? {}) as Record<string, unknown>;
  return html`<section id="hook" aria-labelledby="hook-title"><h2 id="hook-title">Changed by your hook</h2>
<table><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
<tbody>${fields.map(([field, value]) => html`<tr><th scope="row">${field}</th><td>${before === null ? 'not stored anymore' : foreign(shown(old[field]))}</td><td>${foreign(shown(value))}</td></tr>`)}</tbody></table></section>`;
};
