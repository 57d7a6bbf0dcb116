import { type Declared, decodeEntities } from '../../../core/text/decode-entities.ts';
import { ATTRIBUTES, MARKUP_FIELDS, RSS_SIBLINGS } from './feed-fields.ts';
import { type Extent, feedWriter } from './feed-writer.ts';
import { budget, MAX_BASE, MAX_MARKUP, MAX_TEXT, maxExpanded } from './limits.ts';
import { NO_ATTRIBUTES, scanXml, type Tag } from './scan-xml.ts';
import { gather, plainTag, readConstruct, type TextConstruct, untilFirstTag } from './text-construct.ts';
import { canonicalName, innerScope, localName, rootScope, type Scope } from './xml-names.ts';

/** The root of a feed and what precedes it, as found by `findRoot`. */
export type FeedRoot = {
  core: Scope['core'];
  /** Where the root tag begins. */
  start: number;
  /** Entities that the document declares. */
  declared: ReadonlyMap<string, string>;
};

export type TidyFeed = {
  /** A well-formed RSS 2.0 document with fields of `feed-fields.ts`, nothing nested. */
  xml: string;
  /** The fields that occur in it, by the tag that each has there. */
  tags: ReadonlyMap<string, string>;
  /** The bases set by `xml:base`, referred to by number. */
  bases: readonly string[];
  /** The long texts, referred to by number. */
  texts: readonly string[];
  root: { name: string; attributes: ReadonlyMap<string, string> };
  /** How many entries are complete. */
  entries: number;
  /** It ended with its root or, in RSS, its channel. */
  complete: boolean;
  /**
   * Whether it ended inside an entry: `unread` if no field of it was read, `last` if it is the document's last entry.
   */
  truncated: 'no' | 'unread' | 'last';
  /**
   * Where the document has each entry; null if it does not stand directly among the others, with its own end tag. The
   * same extent at the same place of another document is the same entry.
   */
  extents: readonly (Extent | null)[];
  /** The tags of the elements around these entries; null if there are no such entries. */
  place: string | null;
  /** How many entries precede each seam; null if the document cannot be joined there. */
  seams: readonly number[] | null;
};

/** An open element. A level or an entry contains fields; below another element their path includes it. */
type Frame = {
  kind: 'level' | 'entry' | 'element';
  /** The tags of the levels around it, and its own if it is one. */
  place: string;
  rawName: string;
  path: string;
  scope: Scope;
  base: string | null;
  attributes: ReadonlyMap<string, string>;
  text: string;
  /** Its text exceeds the limit. It is then dropped, because an identifier is never cut. */
  tooLong: boolean;
};

/** The state of the walk through a document. */
type Walk = Omit<FeedRoot, 'declared'> & {
  declared: Declared;
  url: string | null;
  source: string;
  entryName: string;
  writer: ReturnType<typeof feedWriter>;
  frames: Frame[];
  root: TidyFeed['root'] | null;
  /** The element whose content is being collected as text. */
  construct: TextConstruct | null;
  /** How many open elements are too deep to be processed. */
  skipped: number;
  /** The last tag closed the channel, so only the end of the root is missing. */
  ended: boolean;
  done: boolean;
  /** The level that contains the entries. */
  rest: Frame | null;
  /** The open tag was met at rest. */
  atRest: boolean;
  seams: readonly number[];
  crossed: number[];
};

const MAX_DEPTH = 64;
const LEVELS = new Set(['rss', 'rdf', 'feed', 'channel', 'items']);

const keptAttributes = (tag: Tag, declared: Declared): ReadonlyMap<string, string> => {
  if (tag.attributes.size === 0) return NO_ATTRIBUTES;
  const kept = new Map<string, string>();
  for (const [raw, value] of tag.attributes) {
    const name = localName(raw);
    if (!ATTRIBUTES.has(name) || kept.has(name) || value.length > MAX_TEXT) continue;
    kept.set(name, decodeEntities(value, declared).trim());
  }
  return kept;
};

/**
 * XML Base: relative to the enclosing base, the outermost of which is the document's address. One that is too long is
 * ignored.
 */
const innerBase = ({ url }: Walk, base: string | undefined, outer: string | null): string | null => {
  if (base === undefined || base.length > MAX_BASE) return outer;
  const href = URL.parse(base.trim(), outer ?? url ?? undefined)?.href;
  return href !== undefined && href.length <= MAX_BASE ? href : outer;
};

const endConstruct = (walk: Walk, construct: TextConstruct): void => {
  const { path, base } = construct;
  const { text, markup } = readConstruct(construct, walk.core, walk.declared);
  const attributes = markup ? new Map(construct.attributes).set('markup', 'yes') : construct.attributes;
  walk.writer.write({ path, base, attributes }, text);
  walk.construct = null;
};

/** Closes all elements above a stack height. `end`: of the lowest one's own end tag. */
const closeTo = (walk: Walk, height: number, end: number | null = null): void => {
  for (const [above, frame] of [...walk.frames.splice(height).entries()].reverse()) {
    if (frame.kind === 'element' && !frame.tooLong) walk.writer.write(frame, frame.text);
    if (frame.kind === 'entry') walk.writer.endEntry(above === 0 ? end : null);
  }
};

/**
 * Between two entries, directly in the level that contains them: nothing that follows depends on anything before, except
 * on the tags around.
 */
const isAtRest = (walk: Walk): boolean => {
  const top = walk.frames.at(-1);
  if (top?.kind !== 'level' || walk.construct !== null || walk.skipped > 0 || walk.writer.inEntry())
    return false;
  walk.rest ??= top;
  return walk.rest === top;
};

/** At a tag that begins at a seam, entries before it were left out, which is possible only at rest. */
const crossSeams = (walk: Walk, start: number): void => {
  const seam = walk.seams[walk.crossed.length];
  if (seam === undefined || start < seam) return;
  walk.done = start > seam || !isAtRest(walk);
  if (!walk.done) walk.crossed.push(walk.writer.entries());
  walk.ended = false;
};

const entryHeight = (walk: Walk): number => walk.frames.findIndex(({ kind }) => kind === 'entry');

/** Begins an entry, and ends the previous one if it was not closed. */
const openEntry = (walk: Walk, tag: Tag, frame: Frame): void => {
  if (walk.writer.inEntry()) closeTo(walk, entryHeight(walk));
  walk.skipped = 0;
  walk.writer.beginEntry(walk.atRest ? tag.start : null);
  walk.frames.push({ ...frame, kind: 'entry' });
  const about = keptAttributes(tag, walk.declared).get('about');
  if (about !== undefined) walk.writer.write({ ...frame, path: 'about' }, about);
};

const openField = (walk: Walk, tag: Tag, frame: Frame, selfClosing: boolean): void => {
  const field = { ...frame, attributes: keptAttributes(tag, walk.declared) };
  if (selfClosing) walk.writer.write(field, '');
  else if (!MARKUP_FIELDS.has(frame.path)) walk.frames.push(field);
  else walk.construct = { ...field, nested: 0, pieces: [], length: 0 };
};

const openElement = (walk: Walk, tag: Tag, selfClosing: boolean): void => {
  const parent = walk.frames.at(-1);
  const scope = parent
    ? innerScope(parent.scope, tag.attributes)
    : rootScope(walk.core, tag.name, tag.attributes);
  const name = canonicalName(tag.name, scope);
  const isField = parent === undefined || parent.kind !== 'element' || name.startsWith('media:');
  const frame: Frame = {
    kind: 'element',
    place: parent?.place ?? '',
    rawName: tag.name,
    path: isField ? name : `${parent.path}.${name}`,
    scope,
    base: innerBase(walk, tag.attributes.get('xml:base'), parent?.base ?? null),
    attributes: NO_ATTRIBUTES,
    text: '',
    tooLong: false,
  };
  // an entry inside another's foreign element is quoted there, except in RSS, where an element was not closed
  const isEntry = name === walk.entryName && (walk.core === 'rss' || parent?.kind !== 'element');
  if (isEntry && !selfClosing) openEntry(walk, tag, frame);
  else if (walk.skipped > 0 || walk.frames.length >= MAX_DEPTH) walk.skipped += selfClosing ? 0 : 1;
  else if (!isEntry && isField && LEVELS.has(name)) {
    const place = frame.place + walk.source.slice(tag.start, tag.end);
    if (!selfClosing) walk.frames.push({ ...frame, kind: 'level', place });
    else if (parent === undefined) walk.done = true;
  } else if (!isEntry) openField(walk, tag, frame, selfClosing);
};

/** Whether this tag shows that the open element was not closed. Only RSS is so often written by hand. */
const isSibling = ({ core, entryName, frames, construct }: Walk, name: string): boolean => {
  const parent = frames.at(-1);
  if (core !== 'rss' || parent === undefined) return false;
  const canonical = canonicalName(name, parent.scope);
  if (canonical === entryName) return true;
  if (construct !== null) return canonical === 'link' || RSS_SIBLINGS.has(canonical);
  return parent.kind === 'element' && RSS_SIBLINGS.has(canonical);
};

const open = (walk: Walk, tag: Tag, selfClosing: boolean): void => {
  const { construct } = walk;
  walk.ended = false;
  walk.atRest = tag.name === walk.entryName && isAtRest(walk);
  walk.root ??= { name: tag.name, attributes: tag.attributes };
  const sibling = !(selfClosing && tag.name === walk.entryName) && isSibling(walk, tag.name);
  if (construct !== null && !sibling) {
    gather(construct, 'tag', plainTag(walk.source.slice(tag.start, tag.end)));
    if (!selfClosing && tag.name === construct.rawName) construct.nested += 1;
    return;
  }
  if (construct !== null) endConstruct(walk, untilFirstTag(construct));
  if (sibling && walk.writer.inEntry()) closeTo(walk, entryHeight(walk) + 1);
  openElement(walk, tag, selfClosing);
};

/** A closing tag within a text: the text's own end, or part of its markup. */
const closeInside = (walk: Walk, construct: TextConstruct, name: string): void => {
  if (name === construct.rawName && construct.nested === 0) {
    endConstruct(walk, construct);
    return;
  }
  if (name === construct.rawName) construct.nested -= 1;
  gather(construct, 'tag', plainTag(`</${name}>`));
};

const close = (walk: Walk, name: string, nameEnd: number): void => {
  const { construct, frames } = walk;
  const height = frames.findLastIndex(({ rawName }) => rawName === name);
  const outer = height !== -1 && frames[height]?.kind !== 'element';
  if (construct !== null && !outer) {
    closeInside(walk, construct, name);
    return;
  }
  if (construct !== null) endConstruct(walk, untilFirstTag(construct));
  if (walk.skipped > 0 && !outer) walk.skipped -= 1;
  else if (height !== -1) {
    walk.skipped = 0;
    walk.ended = frames[height]?.path === 'channel' && frames[0]?.path !== 'rdf';
    closeTo(walk, height, walk.source[nameEnd] === '>' ? nameEnd + 1 : null);
    walk.done = frames.length === 0;
  }
};

const text = (walk: Walk, kind: 'text' | 'cdata', raw: string): void => {
  const top = walk.frames.at(-1);
  if (walk.construct !== null) gather(walk.construct, kind, raw);
  else if (walk.skipped === 0 && top?.kind === 'element' && !top.tooLong) {
    top.tooLong = top.text.length + raw.length > MAX_MARKUP;
    if (!top.tooLong) top.text += kind === 'text' ? decodeEntities(raw, walk.declared) : raw;
  }
};

/** Declared entities, within the document's budget for expansion. */
const expanding = (declared: Declared, length: number): Declared => {
  const spend = budget(maxExpanded(length), 'The entities that the document declares expand to');
  return {
    get: (name) => {
      const text = declared.get(name);
      if (text !== undefined) spend(text.length);
      return text;
    },
  };
};

/**
 * Rewrites a feed, however broken, as a document that `rss-parser` parses correctly: known elements only, by their
 * canonical names; text decoded and in CDATA; inline markup as text; entries side by side wherever they were; unclosed
 * elements closed. If a document is truncated, the incomplete part at its end is left out. `url`: the document's address,
 * null if unknown. `seams`: where tags follow entries that were left out. Linear in the length of the source. Throws
 * permanent `feed.too-large` if entities or escapes expand it too much.
 */
export const tidyXml = (
  document: string,
  root: FeedRoot,
  url: string | null,
  seams: readonly number[] = [],
): TidyFeed => {
  const source = document.slice(root.start);
  const entryName = root.core === 'atom' ? 'entry' : 'item';
  const writer = feedWriter();
  const walk: Walk = {
    ...root,
    declared: expanding(root.declared, document.length),
    url,
    source,
    entryName,
    writer,
    frames: [],
    root: null,
    construct: null,
    skipped: 0,
    ended: false,
    done: false,
    rest: null,
    atRest: false,
    seams: seams.map((seam) => seam - root.start),
    crossed: [],
  };

  scanXml(source, {
    open: (tag, selfClosing) => {
      if (!walk.done) crossSeams(walk, tag.start);
      if (!walk.done) open(walk, tag, selfClosing);
      return walk.done;
    },
    close: (name, start, end) => {
      if (!walk.done) crossSeams(walk, start);
      if (!walk.done) close(walk, name, end);
    },
    text: (raw) => text(walk, 'text', raw),
    cdata: (raw) => text(walk, 'cdata', raw),
  });
  const truncated = walk.done || !writer.inEntry() ? 'no' : writer.breakOff() ? 'last' : 'unread';
  return {
    xml: writer.document(),
    tags: writer.tags(),
    bases: writer.bases(),
    texts: writer.texts(),
    root: walk.root ?? { name: '', attributes: NO_ATTRIBUTES },
    entries: writer.entries() - (truncated === 'last' ? 1 : 0),
    complete: walk.done || walk.ended,
    truncated,
    extents: writer
      .extents()
      .map((extent) => extent && { start: extent.start + root.start, end: extent.end + root.start }),
    place: walk.rest?.place ?? null,
    seams: walk.crossed.length === seams.length ? walk.crossed : null,
  };
};
