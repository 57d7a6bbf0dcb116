import { type Declared, decodeEntities } from '../../../core/text/decode-entities.ts';
import { atMost, MAX_MARKUP } from './limits.ts';
import type { Scope } from './xml-names.ts';

type Piece = { kind: 'text' | 'cdata' | 'tag'; raw: string };

/** An element whose content is gathered as text, markup and all. */
export type TextConstruct = {
  /** Its name as written, which ends it. */
  rawName: string;
  path: string;
  attributes: ReadonlyMap<string, string>;
  base: string | null;
  /** How many elements of the same name are open inside it. */
  nested: number;
  pieces: Piece[];
  /** Characters of all pieces. */
  length: number;
};

/** Adds a piece; what goes beyond the limit is left out. */
export const gather = (construct: TextConstruct, kind: Piece['kind'], raw: string): void => {
  const left = MAX_MARKUP - construct.length;
  if (left <= 0) return;
  construct.pieces.push({ kind, raw: atMost(raw, left) });
  construct.length += raw.length;
};

/** The tag without its prefix: `<h:p class="x">` is `<p class="x">` to whoever reads the text as HTML. */
export const plainTag = (tag: string): string => tag.replace(/^(<\/?)[^\s:/>]{1,40}:/, '$1');

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * Is the content itself XML, whose text is escaped once less than its markup? RFC 4287, 3.1.1.3 and 4.1.3.3; in
 * RSS, and where Atom says `html`, stray markup stands amid text that is HTML already.
 */
const isXml = ({ path, attributes }: TextConstruct, core: Scope['core'], hasTags: boolean): boolean => {
  const type = attributes.get('type')?.toLowerCase() ?? '';
  if (type.includes('xhtml') || path.startsWith('xhtml:')) return true;
  if (attributes.get('mode')?.toLowerCase() === 'xml') return hasTags;
  return hasTags && core === 'atom' && !type.includes('html');
};

/** What an element gathered means: its text, and whether that is HTML because markup stood in it. */
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

/** Of an element that was never closed, what can be sure to be its own: the text before the first tag. */
export const untilFirstTag = (construct: TextConstruct): TextConstruct => {
  const first = construct.pieces.findIndex(({ kind }) => kind === 'tag');
  return first === -1 ? construct : { ...construct, pieces: construct.pieces.slice(0, first) };
};
