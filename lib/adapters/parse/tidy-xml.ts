import { decodeEntities } from './decode-entities.ts';
import { ATTRIBUTES, ENTRY_FIELDS, FEED_FIELDS, MARKUP_FIELDS } from './feed-fields.ts';
import { scanXml, type Tag } from './scan-xml.ts';
import { plainTag, readConstruct, type TextConstruct, untilFirstTag } from './text-construct.ts';
import { canonicalName, innerScope, localName, rootScope, type Scope } from './xml-names.ts';

/** The root of a feed and what precedes it, as found by `findRoot`. */
export type FeedRoot = {
  core: Scope['core'];
  /** Where the root's tag begins. */
  start: number;
  declared: ReadonlyMap<string, string>;
};

export type TidyFeed = {
  /** A well-formed RSS 2.0 document with every field of `feed-fields.ts` as `<_name>`, nothing nested. */
  xml: string;
  root: { name: string; attributes: Map<string, string> };
  entries: number;
  /** It ended before its root did. */
  truncated: boolean;
};

type Frame = {
  rawName: string;
  /** Fields below a level are the feed's or the entry's own; below another element they carry its path. */
  kind: 'level' | 'entry' | 'element';
  path: string;
  scope: Scope;
  base: string | null;
  attributes: Map<string, string>;
  text: string;
};

const MAX_DEPTH = 64;
const LEVELS = new Set(['rss', 'rdf', 'feed', 'channel', 'items']);
const ENTRY_PATHS: ReadonlySet<string> = new Set(ENTRY_FIELDS);
const FEED_PATHS: ReadonlySet<string> = new Set(FEED_FIELDS);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const element = (path: string, attributes: Map<string, string>, text: string): string => {
  const written = [...attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  if (text === '') return `<_${path}${written}/>`;
  return `<_${path}${written}><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></_${path}>`;
};

const keptAttributes = (tag: Tag, declared: ReadonlyMap<string, string>): Map<string, string> => {
  const kept = new Map<string, string>();
  for (const [raw, value] of tag.attributes) {
    const name = localName(raw).toLowerCase();
    if (ATTRIBUTES.has(name) && !kept.has(name)) kept.set(name, decodeEntities(value, declared).trim());
  }
  return kept;
};

const resolveBase = (base: string | undefined, outer: string | null): string | null => {
  if (base === undefined) return outer;
  return URL.parse(base.trim(), outer ?? undefined)?.href ?? outer;
};

/** Will the entry be known as the same when it comes again, whole? */
const isIdentified = (parts: string[]): boolean => {
  const has = (...paths: string[]) =>
    parts.some((part) => paths.some((path) => part.startsWith(`<_${path}`)));
  return has('guid', 'id', 'about') || (has('link') && has('title'));
};

/**
 * Rewrites a feed, however broken, as a document that `rss-parser` reads without a mistake: known elements only,
 * by their canonical names; text decoded and in CDATA; inline markup as text; entries side by side wherever they
 * stood; what is not closed closed. Linear in the length of the source.
 */
export const tidyXml = (document: string, { core, start, declared }: FeedRoot): TidyFeed => {
  const source = document.slice(start);
  const entryName = core === 'atom' ? 'entry' : 'item';
  const frames: Frame[] = [];
  const feedParts: string[] = [];
  const entries: string[] = [];
  let root: TidyFeed['root'] | undefined;
  let entryParts: string[] | null = null;
  let construct: TextConstruct | null = null;
  let skipped = 0;
  let rootClosed = false;

  const write = (path: string, attributes: Map<string, string>, base: string | null, raw: string) => {
    const text = raw.trim();
    if (!(entryParts ? ENTRY_PATHS : FEED_PATHS).has(path)) return;
    if (text === '' && attributes.size === 0) return;
    if (base !== null) attributes.set('base', base);
    (entryParts ?? feedParts).push(element(path, attributes, text));
  };
  const endConstruct = (whole: boolean) => {
    if (construct === null) return;
    const { text, markup } = readConstruct(whole ? construct : untilFirstTag(construct), core, declared);
    if (markup) construct.attributes.set('markup', 'yes');
    write(construct.path, construct.attributes, construct.base, text);
    construct = null;
  };
  const endEntry = () => {
    if (entryParts !== null && entryParts.length > 0) entries.push(`<item>${entryParts.join('')}</item>`);
    entryParts = null;
  };
  /** Closes whatever is open down to a height of the stack. */
  const popTo = (height: number) => {
    while (frames.length > height) {
      const frame = frames.pop();
      if (frame?.kind === 'element') write(frame.path, frame.attributes, frame.base, frame.text);
      if (frame?.kind === 'entry') endEntry();
    }
  };
  /** What was being read when the document broke off is not known whole. */
  const endTruncated = () => {
    construct = null;
    if (entryParts !== null && isIdentified(entryParts)) endEntry();
  };
  const entryHeight = () => frames.findIndex(({ kind }) => kind === 'entry');

  const openEntry = (tag: Tag, frame: Frame) => {
    entryParts = [];
    frames.push({ ...frame, kind: 'entry' });
    const about = keptAttributes(tag, declared).get('about');
    if (about !== undefined) write('about', new Map(), null, about);
  };
  const openElement = (
    tag: Tag,
    name: string,
    frame: Frame,
    parent: Frame | undefined,
    selfClosing: boolean,
  ) => {
    const level = parent === undefined || parent.kind !== 'element';
    if (level && LEVELS.has(name)) {
      if (!selfClosing) frames.push({ ...frame, kind: 'level' });
      else rootClosed = parent === undefined;
      return;
    }
    const path = level || name.startsWith('media:') ? name : `${parent.path}.${name}`;
    const attributes = keptAttributes(tag, declared);
    if (selfClosing) write(path, attributes, frame.base, '');
    else if (MARKUP_FIELDS.has(path)) {
      construct = { rawName: tag.name, path, attributes, base: frame.base, nested: 0, pieces: [] };
    } else frames.push({ ...frame, path, attributes });
  };

  const open = (tag: Tag, selfClosing: boolean): undefined => {
    if (rootClosed) return;
    const parent = frames.at(-1);
    const outer = parent?.scope ?? rootScope(core, tag.name, tag.attributes);
    root ??= { name: tag.name, attributes: tag.attributes };
    if (construct !== null) {
      const lost = core === 'rss' && canonicalName(tag.name, outer) === entryName;
      if (!lost) {
        construct.pieces.push({ kind: 'tag', raw: plainTag(source.slice(tag.start, tag.end), tag.name) });
        if (!selfClosing && tag.name === construct.rawName) construct.nested += 1;
        return;
      }
      endConstruct(false);
    }
    const scope = innerScope(outer, tag.attributes);
    const base = resolveBase(tag.attributes.get('xml:base'), parent?.base ?? null);
    const name = canonicalName(tag.name, scope);
    const frame: Frame = {
      rawName: tag.name,
      kind: 'element',
      path: '',
      scope,
      base,
      attributes: new Map(),
      text: '',
    };
    if (
      name === entryName &&
      !selfClosing &&
      (entryParts === null || core === 'rss' || parent?.kind === 'entry')
    ) {
      if (entryParts !== null) popTo(entryHeight());
      skipped = 0;
      openEntry(tag, frame);
    } else if (skipped > 0 || frames.length >= MAX_DEPTH) {
      if (!selfClosing) skipped += 1;
    } else openElement(tag, name, frame, parent, selfClosing);
  };

  const close = (name: string) => {
    const height = frames.findLastIndex(({ rawName }) => rawName === name);
    const ends = height !== -1 && frames[height]?.kind !== 'element';
    if (construct !== null) {
      if (name === construct.rawName && construct.nested === 0) return endConstruct(true);
      if (!ends) {
        construct.pieces.push({ kind: 'tag', raw: plainTag(`</${name}>`, name) });
        if (name === construct.rawName) construct.nested -= 1;
        return;
      }
      endConstruct(false);
    }
    if (skipped > 0 && !ends) skipped -= 1;
    else if (height !== -1) {
      skipped = 0;
      popTo(height);
      rootClosed = frames.length === 0;
    }
  };

  const text = (raw: string, kind: 'text' | 'cdata') => {
    if (construct !== null) construct.pieces.push({ kind, raw });
    else if (skipped === 0) {
      const top = frames.at(-1);
      if (top?.kind === 'element') top.text += kind === 'text' ? decodeEntities(raw, declared) : raw;
    }
  };

  scanXml(source, {
    open,
    close,
    text: (raw) => text(raw, 'text'),
    cdata: (raw) => text(raw, 'cdata'),
  });
  if (!rootClosed) endTruncated();
  const xml = `<rss version="2.0"><channel>${feedParts.join('')}${entries.join('')}</channel></rss>`;
  return {
    xml,
    root: root ?? { name: '', attributes: new Map() },
    truncated: !rootClosed,
    entries: entries.length,
  };
};
