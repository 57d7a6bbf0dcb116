import type { Field, Fields } from './read-fields.ts';
import { isWebAddress, resolveUrl } from './resolve-url.ts';

/** Which family a document is of, and what its relative addresses are relative to. */
export type Place = { core: 'rss' | 'atom'; base: string | null };

/**
 * What a link is to its entry: `alternate`, `enclosure` … RFC 4287 (4.2.7.2) allows the registry's address before
 * the word. RSS's own link is told by its text and has no `rel`.
 */
export const relOf = ({ attributes }: Field, core: Place['core']): string => {
  const told = (core === 'atom' || attributes.href ? attributes.rel : undefined) ?? '';
  return told.trim().toLowerCase().split(/[/#]/).at(-1) || 'alternate';
};

/** Where a field points, absolute; against its own base, else the document's. */
export const addressOf = ({ text, attributes, base: own }: Field, base: string | null): string | null =>
  resolveUrl(attributes.href || attributes.url || text || attributes.resource, own ?? base);

const isPage = ({ attributes }: Field): boolean => !attributes.type || attributes.type.includes('html');

/** RSS 2.0: a guid is a permanent link unless it says otherwise, and then any address may be meant as one. */
const permalink = (guid: Field | undefined, base: string | null): string | null => {
  const stated = guid?.attributes.ispermalink?.toLowerCase();
  if (guid === undefined || stated === 'false') return null;
  return isWebAddress(guid.text) || stated === 'true' ? addressOf(guid, base) : null;
};

/** The entry's own page: its alternate link, HTML before other types; else a permanent link; else an id that is one. */
export const linkOf = (fields: Fields, { core, base }: Place): string | null => {
  const alternates = fields('link', 'atom:link').filter((link) => relOf(link, core) === 'alternate');
  for (const link of [...alternates.filter(isPage), ...alternates]) {
    const address = addressOf(link, base);
    if (address !== null) return address;
  }
  const id = fields('id', 'atom:id', 'about').find(({ text }) => isWebAddress(text));
  return permalink(fields('guid')[0], base) ?? id?.text ?? null;
};
