import { type Html, html } from './html.ts';

type Query = Record<string, string | number | null | undefined>;

/** An address within the console; what is null or empty is left out. */
export const within = (path: string, query: Query = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
};

export const feedPath = (id: string): string => `/feeds/${encodeURIComponent(id)}`;
export const entryPath = (key: string): string => within('/entry', { key });
export const thumbnailPath = (key: string): string => within('/thumbnail', { key });

/** An address out of a feed, if it is one that a browser may be sent to: http or https, and without a password. */
export const webAddress = (text: string | null | undefined): URL | null => {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
};

/** A link out of a feed, told by its host; mere text where it is none that a browser may be sent to. */
export const away = (address: string | null | undefined, words?: string): Html => {
  const url = webAddress(address);
  if (!url) return html`<span class="quiet">${words ?? address}</span>`;
  return html`<a href="${url.href}" rel="noreferrer noopener" class="away">${words ?? url.host}</a>`;
};
