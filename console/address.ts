import { type Html, html } from './html.ts';

type Query = Record<string, string | number | null | undefined>;

/** A console address; empty parameters are left out. */
export const within = (path: string, query: Query = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
};

export const feedPath = (id: string): string => `/feeds/${encodeURIComponent(id)}`;
export const entryPath = (key: string): string => within('/entry', { key });
export const thumbnailPath = (key: string): string => within('/thumbnail', { key });
/** One of the pictures of a stored entry, by its place. */
export const picturePath = (key: string, picture: number): string => within('/thumbnail', { key, picture });

/** An address from a feed that a browser may open: http or https, without credentials; else null. */
export const webAddress = (text: string | null | undefined): URL | null => {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
};

/** A link from a feed, shown by its host; plain text when a browser may not open it. */
export const away = (address: string | null | undefined, words?: string): Html => {
  const url = webAddress(address);
  if (!url) return html`<span class="quiet">${words ?? address}</span>`;
  return html`<a href="${url.href}" rel="noreferrer noopener" class="away">${words ?? url.host}</a>`;
};
