import { Tokenizer } from 'htmlparser2';
import { MAX_ATTRIBUTES } from './limits.ts';

/** A tag at `source.slice(start, end)`, brackets included. Names are in lower case. */
export type Tag = { name: string; start: number; end: number; attributes: ReadonlyMap<string, string> };

/** Most tags have no attributes, and a map for each would be expensive. */
export const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

type XmlVisitor = {
  /** Return true to end the scan. */
  open: (tag: Tag, selfClosing: boolean) => boolean | undefined;
  /** The closing tag begins at `start`; its name ends before `end`. */
  close?: (name: string, start: number, end: number) => void;
  /** Not decoded. */
  text?: (raw: string) => void;
  cdata?: (text: string) => void;
  declaration?: (raw: string) => void;
};

/**
 * Walks over XML, well-formed or not, in linear time. The rules are a browser's for foreign content: a `<` or `&` that
 * begins nothing is text, quotes may be missing, an unfinished tag at the end is dropped. Nothing is decoded. Case is
 * ignored, because feeds that close `<Title>` with `</title>` exist, while feeds that use both for different elements
 * do not.
 */
export const scanXml = (source: string, visitor: XmlVisitor): void => {
  let name = '';
  let start = 0;
  let attributes: Map<string, string> | null = null;
  let attribute = '';
  let value = '';

  const open = (end: number, selfClosing: boolean) => {
    const tag = { name, start, end: end + 1, attributes: attributes ?? NO_ATTRIBUTES };
    if (visitor.open(tag, selfClosing)) tokenizer.pause();
  };
  const tokenizer: Tokenizer = new Tokenizer(
    { decodeEntities: false, recognizeSelfClosing: true },
    {
      isInForeignContext: () => true,
      ontext: (from, to) => visitor.text?.(source.slice(from, to)),
      ontextentity: () => {},
      onopentagname: (from, to) => {
        name = source.slice(from, to).toLowerCase();
        start = from - 1;
        attributes = null;
      },
      onattribname: (from, to) => {
        attribute = source.slice(from, to).toLowerCase();
        value = '';
      },
      onattribdata: (from, to) => {
        value += source.slice(from, to);
      },
      onattribentity: () => {},
      onattribend: () => {
        attributes ??= new Map();
        if (attributes.size < MAX_ATTRIBUTES && !attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend: (end) => open(end, false),
      onselfclosingtag: (end) => open(end, true),
      onclosetag: (from, to) => visitor.close?.(source.slice(from, to).toLowerCase(), from - 2, to),
      oncdata: (from, to, offset) => visitor.cdata?.(source.slice(from, to - offset)),
      ondeclaration: (from, to) => visitor.declaration?.(source.slice(from, to)),
      oncomment: () => {},
      onprocessinginstruction: () => {},
      onend: () => {},
    },
  );
  tokenizer.write(source);
  tokenizer.end();
};
