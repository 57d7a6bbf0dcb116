import { createHash } from 'node:crypto';
import type { Entry } from './entry.ts';

/** Where an entry's identities count: its feed, and for the page identity its brand. */
export type IdentityScope = {
  feed: string;
  brand: number;
  /** `feed`: the same page in another feed of the brand is another entry. */
  dedupe: 'brand' | 'feed';
  /** The feed has a webhook, so a link alone joins the two. */
  paired: boolean;
};

/** An entry with the ledger keys it is known by. */
export type Sighting = {
  entry: Entry;
  /** Its own key first, then its page key where it has one besides. */
  keys: [own: string, ...page: string[]];
  /** The key of the row that joins feed and webhook by link alone. */
  pairKey: string | null;
  /** 64 bits over title, summary and content, in hexadecimal: tells an edit from a repeat. */
  contentHash: string;
};

const trackingParameter =
  /^(utm_\w*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid|_ga|_gl|ref_src)$/i;

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest();
const key = (kind: string, ...parts: string[]) =>
  `${kind}-${hash(kind, ...parts)
    .toString('base64url')
    .slice(0, 28)}`;

const httpUrl = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && /^https?:$/.test(url.protocol) && url.host ? url : null;
};

const canonicalUrl = (url: URL): string => {
  const query = [...url.searchParams].filter(([name]) => !trackingParameter.test(name));
  const sorted = new URLSearchParams(
    query.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1)),
  );
  let end = url.pathname.length;
  while (url.pathname.endsWith('/', end)) end -= 1;
  return url.host + url.pathname.slice(0, end) + (sorted.size > 0 ? `?${sorted}` : '');
};

/**
 * One spelling for a page's address: scheme, default port, fragment, tracking parameters and trailing slash
 * dropped, host in lower case, query sorted; nothing cleverer. Null for what is not an http(s) address.
 */
export const canonicalLink = (link: string | null): string | null => {
  const url = link === null ? null : httpUrl(link.trim());
  return url && canonicalUrl(url);
};

/**
 * An id in one spelling. An id that is an address keeps its fragment: a changelog's entries differ in nothing
 * else, and taking two of them for one would lose the second.
 */
export const canonicalId = (id: string | null): string | null => {
  const text = id?.trim();
  if (!text) return null;
  const url = httpUrl(text);
  return url ? canonicalUrl(url) + url.hash : text;
};

/** Case, width and white space do not make another title. */
export const normalizedTitle = (title: string | null): string | null =>
  title?.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim() || null;

type Identities = { primary: string | null; page: string | null; link: string | null; content: string };

const identitiesOf = (entry: Entry, scope: IdentityScope): Identities => {
  const link = canonicalLink(entry.link);
  const title = normalizedTitle(entry.title);
  const primary = canonicalId(entry.id) ?? canonicalId(entry.link);
  const pageScope = scope.dedupe === 'feed' ? `feed ${scope.feed}` : `brand ${scope.brand}`;
  return {
    primary: primary && key('guid', scope.feed, primary),
    page: link && title && key('page', pageScope, link, title),
    link: scope.paired && link ? key('link', scope.feed, link) : null,
    content: key(
      'text',
      scope.feed,
      title ?? '',
      entry.published ?? '',
      entry.content ?? entry.summary ?? '',
    ),
  };
};

/** The key under which a feed's entry of this id, or without an id of this link, is known; null for an empty text. */
export const primaryKey = (feed: string, idOrLink: string): string | null => {
  const primary = canonicalId(idOrLink);
  return primary && key('guid', feed, primary);
};

const contentHash = (entry: Entry) =>
  hash(entry.title ?? '', entry.summary ?? '', entry.content ?? '').toString('hex', 0, 8);

/** What two or more of them bear. */
const shared = (values: (string | null)[]): ReadonlySet<string | null> => {
  const seen = new Set<string | null>();
  return new Set(values.filter((value) => value !== null && (seen.has(value) || !seen.add(value))));
};

/**
 * The sightings of one document, in its order. An identity borne by two different entries of the document
 * identifies neither; entries equal in every identity are one (`twins` counts the others).
 */
export const readDocument = (
  entries: Entry[],
  scope: IdentityScope,
): { sightings: Sighting[]; twins: number } => {
  const all = entries.map((entry) => ({ entry, ids: identitiesOf(entry, scope) }));
  const kept = [...new Map(all.map((one) => [JSON.stringify(one.ids), one])).values()];
  const bornTwice = {
    primary: shared(kept.map(({ ids }) => ids.primary)),
    page: shared(kept.map(({ ids }) => ids.page)),
    link: shared(kept.map(({ ids }) => ids.link)),
  };
  const only = (ids: Identities, kind: 'primary' | 'page' | 'link') =>
    bornTwice[kind].has(ids[kind]) ? null : ids[kind];

  const sightings = kept.map(({ entry, ids }): Sighting => {
    const page = only(ids, 'page');
    const own = only(ids, 'primary') ?? page ?? ids.content;
    return {
      entry,
      keys: page && page !== own ? [own, page] : [own],
      pairKey: only(ids, 'link'),
      contentHash: contentHash(entry),
    };
  });
  return { sightings, twins: all.length - kept.length };
};
