/**
 * Namespaces as publishers write them: compared without scheme, case and trailing slash. `rss` and `atom` are the cores
 * of the two families; the other prefixes are the usual ones of these modules.
 */
const NAMESPACES = new Map([
  ['www.w3.org/2005/atom', 'atom'],
  ['purl.org/atom/ns', 'atom'],
  ['purl.org/rss/1.0', 'rss'],
  ['purl.org/net/rss1.1', 'rss'],
  ['my.netscape.com/rdf/simple/0.9', 'rss'],
  ['channel.netscape.com/rdf/simple/0.9', 'rss'],
  ['my.netscape.com/publish/formats/rss-0.91.dtd', 'rss'],
  ['backend.userland.com/rss', 'rss'],
  ['backend.userland.com/rss2', 'rss'],
  ['backend.userland.com/rss091', 'rss'],
  ['blogs.law.harvard.edu/tech/rss', 'rss'],
  ['cyber.law.harvard.edu/rss', 'rss'],
  ['cyber.law.harvard.edu/rss/rss.html', 'rss'],
  ['www.w3.org/1999/02/22-rdf-syntax-ns', 'rdf'],
  ['purl.org/rss/1.0/modules/content', 'content'],
  ['purl.org/rss/1.0/modules/syndication', 'sy'],
  ['purl.org/dc/elements/1.1', 'dc'],
  ['purl.org/dc/elements/1.0', 'dc'],
  ['purl.org/dc/terms', 'dcterms'],
  ['prismstandard.org/namespaces/basic/2.0', 'prism'],
  ['prismstandard.org/namespaces/1.2/basic', 'prism'],
  ['search.yahoo.com/mrss', 'media'],
  ['tools.search.yahoo.com/mrss', 'media'],
  ['video.search.yahoo.com/mrss', 'media'],
  ['www.rssboard.org/media-rss', 'media'],
  ['www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['www.w3.org/1999/xhtml', 'xhtml'],
]);

const wellKnown = (uri: string): string | undefined =>
  NAMESPACES.get(
    uri
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/[/#]{1,3}$/, ''),
  );

/** The meaning of prefixes at a position in a document, and the names already looked up there. */
export type Scope = {
  core: 'rss' | 'atom';
  /** Prefixes declared here: as written ('' for none) → usual prefix; '?' is an unknown namespace. */
  prefixes: ReadonlyMap<string, string>;
  /** The enclosing scope, searched for other prefixes; copying them would take quadratic time. */
  outer: Scope | null;
  names: Map<string, string>;
};

const declarations = (attributes: ReadonlyMap<string, string>): [string, string][] =>
  [...attributes]
    .filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
    .map(([name, uri]) => [name.slice(6), uri]);

/** The scope of a root element. Its own namespace is the core, whatever it declares: `<rss>` is RSS. */
export const rootScope = (
  core: Scope['core'],
  rootName: string,
  attributes: ReadonlyMap<string, string>,
): Scope => {
  const prefixes = new Map<string, string>();
  for (const [prefix, uri] of declarations(attributes)) {
    prefixes.set(prefix, wellKnown(uri) ?? (prefix || core));
  }
  prefixes.set(prefixOf(rootName), core);
  return { core, prefixes, outer: null, names: new Map() };
};

/** The scope inside an element: its parent's, unless it declares namespaces. */
export const innerScope = (outer: Scope, attributes: ReadonlyMap<string, string>): Scope => {
  const own = attributes.size === 0 ? [] : declarations(attributes);
  if (own.length === 0) return outer;
  const prefixes = new Map(own.map(([prefix, uri]) => [prefix, wellKnown(uri) ?? (prefix || '?')]));
  return { core: outer.core, prefixes, outer, names: new Map() };
};

const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** From the inside out, through at most as many scopes as elements may be nested. */
const declaredAs = (prefix: string, from: Scope): string | undefined => {
  for (let scope: Scope | null = from; scope !== null; scope = scope.outer) {
    const known = scope.prefixes.get(prefix);
    if (known !== undefined) return known;
  }
  return undefined;
};

const resolve = (name: string, scope: Scope): string => {
  const prefix = prefixOf(name);
  const local = localName(name);
  const { core } = scope;
  const known = declaredAs(prefix, scope) ?? (prefix || core);
  return known === core ? local : `${known}:${local}`;
};

/**
 * The canonical form of a lower-case name: without a prefix for the document's own family, with the usual prefix for a
 * known module, whatever prefix the document uses.
 */
export const canonicalName = (name: string, scope: Scope): string => {
  const known = scope.names.get(name);
  if (known !== undefined) return known;
  const resolved = resolve(name, scope);
  scope.names.set(name, resolved);
  return resolved;
};
