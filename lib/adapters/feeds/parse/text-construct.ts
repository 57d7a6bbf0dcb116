import { atMost } from '../../../core/text/at-most.ts';
import { type Declared, decodeEntities } from '../../../core/text/decode-entities.ts';
import { MAX_MARKUP } from './limits.ts';
import type { Scope } from './xml-names.ts';

type Piece = { kind: 'text' | 'cdata' | 'tag'; raw: string };

/** An element whose content is collected as text, including markup. */
export type TextConstruct = {
  /** Its name as written, whose end tag closes it. */
  rawName: string;
  path: string;
  attributes: ReadonlyMap<string, string>;
  base: string | null;
  /** How many elements with the same name are open inside it. */
  nested: number;
  pieces: Piece[];
  /** Characters of all pieces. */
  length: number;
};

/** Adds a piece; anything beyond the limit is dropped. */
export const gather = (construct: TextConstruct, kind: Piece['kind'], raw: string): void => {
  const left = MAX_MARKUP - construct.length;
  if (left <= 0) return;
  construct.pieces.push({ kind, raw: atMost(raw, left) });
  construct.length += raw.length;
};

/** The tag without its prefix, because the text is read as HTML: `<h:p class="x">` becomes `<p class="x">`. */
export const plainTag = (tag: string): string => tag.replace(/^(<\/?)[^\s:/>]{1,40}:/, '$1');

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * Whether the content itself is XML, whose text is escaped once less than its markup. RFC 4287, 3.1.1.3 and 4.1.3.3; in
 * RSS, and for Atom's `html`, stray markup occurs within text that is HTML already.
 */
const isXml = ({ path, attributes }: TextConstruct, core: Scope['core'], hasTags: boolean): boolean => {
  const type = attributes.get('type')?.toLowerCase() ?? '';
  if (type.includes('xhtml') || path.startsWith('xhtml:')) return true;
  if (attributes.get('mode')?.toLowerCase() === 'xml') return hasTags;
  return hasTags && core === 'atom' && !type.includes('html');
};

/** The text of a collected element, and whether it is HTML because it contained markup. */
export const readConstruct = (
  construct: TextConstruct,
  core: Scope['core'],
  declared: Declared,
): { text: string; markup: boolean } => {
  const hasTags = construct.pieces.some(({ kind }) => kind === 'tag');
  const xml = isXml(construct, core, hasTags);
  const texts = construct.pieces.map(({ kind, raw }) => {
    if (kind === 'tag' || (xml && kind === 'text')) return raw;
    if (kind === 'cdata') return xml ? escapeHtml(raw) : raw;
    return decodeEntities(raw, declared);
  });
  return { text: texts.join(''), markup: xml || hasTags };
};

/** The part of an element without an end tag that is certainly its own: the text before the first tag. */
export const untilFirstTag = (construct: TextConstruct): TextConstruct => {
  const first = construct.pieces.findIndex(({ kind }) => kind === 'tag');
  return first === -1 ? construct : { ...construct, pieces: construct.pieces.slice(0, first) };
};
