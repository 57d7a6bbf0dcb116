import type { Field, Fields } from './read-fields.ts';
import { isWebAddress, resolveUrl } from './resolve-url.ts';

/** The family of a document, and the base of its relative addresses. */
export type Place = { core: 'rss' | 'atom'; base: string | null };

/**
 * The relation of a link to its entry: `alternate`, `enclosure` … RFC 4287 (4.2.7.2) allows the registry's address
 * before the word. RSS's own link is a text without `rel`.
 */
export const relOf = ({ attributes }: Field, core: Place['core']): string => {
  const rel = (core === 'atom' || attributes.href ? attributes.rel : undefined) ?? '';
  return rel.trim().toLowerCase().split(/[/#]/).at(-1) || 'alternate';
};

/** The absolute address of a field, relative to its own base or the document's. */
export const addressOf = ({ text, attributes, base: own }: Field, base: string | null): string | null =>
  resolveUrl(attributes.href || attributes.url || text || attributes.resource, own ?? base);

const isPage = ({ attributes }: Field): boolean => !attributes.type || attributes.type.includes('html');

/** RSS 2.0: a guid is a permanent link unless it states otherwise, in which case only a full address is used as one. */
const permalink = (guid: Field | undefined, base: string | null): string | null => {
  const stated = guid?.attributes.ispermalink?.toLowerCase();
  if (guid === undefined || stated === 'false') return null;
  return isWebAddress(guid.text) || stated === 'true' ? addressOf(guid, base) : null;
};

/**
 * The entry's own page: its alternate link, HTML before other types; otherwise a permanent link; otherwise an ID that
 * is an address.
 */
export const linkOf = (fields: Fields, { core, base }: Place): string | null => {
  const alternates = fields('link', 'atom:link').filter((link) => relOf(link, core) === 'alternate');
  for (const link of [...alternates.filter(isPage), ...alternates]) {
    const address = addressOf(link, base);
    if (address !== null) return address;
  }
  const id = fields('id', 'atom:id', 'about').find(({ text }) => isWebAddress(text));
  return permalink(fields('guid')[0], base) ?? id?.text ?? null;
};
