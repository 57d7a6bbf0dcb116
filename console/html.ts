/** Escaped markup. Only `html` creates it, so text is never mistaken for markup. */
export type Html = { readonly [markup]: string };
const markup: unique symbol = Symbol('markup');

/** A value in a template; null, undefined and false render nothing. */
export type Child = Html | string | number | null | undefined | false | readonly Child[];

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters, and marks that change how text is displayed. */
const unspeakable = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu;

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(unspeakable, '')
    .replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? '');

const isList = (child: Child): child is readonly Child[] => Array.isArray(child);

const written = (child: Child): string => {
  if (child === null || child === undefined || child === false) return '';
  if (isList(child)) return child.map(written).join('');
  return typeof child === 'object' ? child[markup] : escaped(String(child));
};

/**
 * Markup with every value in it escaped, for a text or between the quotes of an attribute (WHATWG HTML, 13.1.2.3).
 * Attributes are to be quoted, and addresses to come from `address.ts`: escaping makes no `javascript:` harmless.
 */
export const html = (parts: TemplateStringsArray, ...children: Child[]): Html => ({
  [markup]: parts.map((part, at) => part + written(children[at])).join(''),
});

/** The markup as text. */
export const markupOf = (piece: Html): string => piece[markup];
