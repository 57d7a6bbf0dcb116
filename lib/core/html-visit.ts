import { Tokenizer } from 'htmlparser2';

/** What a walk over markup meets, in document order. Names are lower case; attribute values are decoded. */
export type HtmlVisitor = {
  text?: (text: string) => void;
  open?: (name: string, attributes: Map<string, string>) => void;
  close?: (name: string) => void;
  declaration?: (declaration: string) => void;
};

/**
 * Walks over any text as a browser would read it as HTML, in linear time: the tokenizer alone, because the parser
 * above it searches its stack of open elements at each closing tag, which a hostile page makes quadratic.
 */
export const visitHtml = (html: string, visitor: HtmlVisitor): void => {
  let name = '';
  let attribute = '';
  let value = '';
  let attributes = new Map<string, string>();

  const open = () => visitor.open?.(name, attributes);
  const tokenizer = new Tokenizer(
    // XHTML inside Atom closes <script/> and <iframe/> by themselves; a browser would swallow the rest.
    { recognizeSelfClosing: true },
    {
      ontext: (start, end) => visitor.text?.(html.slice(start, end)),
      ontextentity: (codepoint) => visitor.text?.(String.fromCodePoint(codepoint)),
      onopentagname: (start, end) => {
        name = html.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname: (start, end) => {
        attribute = html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata: (start, end) => {
        value += html.slice(start, end);
      },
      onattribentity: (codepoint) => {
        value += String.fromCodePoint(codepoint);
      },
      onattribend: () => {
        if (!attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend: open,
      onselfclosingtag: () => {
        open();
        visitor.close?.(name);
      },
      onclosetag: (start, end) => visitor.close?.(html.slice(start, end).toLowerCase()),
      ondeclaration: (start, end) => visitor.declaration?.(html.slice(start, end)),
      oncdata: () => {},
      oncomment: () => {},
      onend: () => {},
      onprocessinginstruction: () => {},
    },
  );
  tokenizer.write(html);
  tokenizer.end();
};
