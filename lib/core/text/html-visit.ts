import { Tokenizer } from 'htmlparser2';
import { decodeEntities, decodeHtml } from './decode-entities.ts';

/** Callbacks for a walk over markup, in document order. Names are lower case; texts and values are decoded. */
type HtmlVisitor = {
  text?: (text: string) => void;
  open?: (name: string, attributes: ReadonlyMap<string, string>) => void;
  close?: (name: string) => void;
  /** Elements whose attributes are needed; none by default. */
  attributesOf?: ReadonlySet<string>;
};

const ignore = (): void => {};

/**
 * Walks over any text as a browser would parse it as HTML, in linear time: with the tokenizer only, because the parser
 * above it searches its stack of open elements at each closing tag, which hostile input makes quadratic.
 */
export const visitHtml = (html: string, visitor: HtmlVisitor): void => {
  let name = '';
  let wanted = false;
  let attribute = '';
  let value = '';
  let attributes = new Map<string, string>();

  const open = () => visitor.open?.(name, attributes);
  const tokenizer = new Tokenizer(
    // it would decode letter by letter; and XHTML closes <script/> and <iframe/>, which a browser would not
    { decodeEntities: false, recognizeSelfClosing: true },
    {
      ontext: (start, end) => visitor.text?.(decodeHtml(html.slice(start, end))),
      onopentagname: (start, end) => {
        name = html.slice(start, end).toLowerCase();
        wanted = visitor.attributesOf?.has(name) ?? false;
        if (attributes.size > 0) attributes = new Map();
      },
      onattribname: (start, end) => {
        if (wanted) attribute = html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata: (start, end) => {
        if (wanted) value += html.slice(start, end);
      },
      onattribend: () => {
        if (wanted && !attributes.has(attribute)) attributes.set(attribute, decodeEntities(value));
      },
      onopentagend: open,
      onselfclosingtag: () => {
        open();
        visitor.close?.(name);
      },
      onclosetag: (start, end) => visitor.close?.(html.slice(start, end).toLowerCase()),
      ontextentity: ignore,
      onattribentity: ignore,
      onprocessinginstruction: ignore,
      ondeclaration: ignore,
      oncdata: ignore,
      oncomment: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
};
