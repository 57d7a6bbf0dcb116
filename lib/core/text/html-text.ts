import { emojiOf } from './emoji-picture.ts';
import { collectMedia, type HtmlMedium, MEDIA } from './html-media.ts';
import { visitHtml } from './html-visit.ts';

const words = (list: string) => new Set(list.split(' '));

/** Separated by a blank line before and after, like the margins in a browser. */
const PARAGRAPHS = words('p h1 h2 h3 h4 h5 h6 blockquote ul ol dl table pre figure hr');
const LINES = words(
  'address article aside caption center dd details dialog div dt fieldset figcaption footer form header hgroup ' +
    'legend li main menu nav option section summary tbody tfoot thead tr',
);
const CELLS = words('td th title desc text');
/** Not shown as text in a working browser. */
const ALWAYS_HIDDEN =
  'script style template noscript iframe noembed noframes audio video canvas object annotation annotation-xml';
const HIDDEN_ELEMENTS = words(`${ALWAYS_HIDDEN} svg title`);
/** Hidden elements when SVG text is part of the whole. */
const HIDDEN_WITH_SVG_TEXT = words(ALWAYS_HIDDEN);

/** Everything that a browser shows as one space, except a single space itself. */
const BLANK = /[ \t\n\r\f\u00a0]{2,}|[\t\n\r\f\u00a0]/g;

const UNCLOSED_TAG =
  /<(iframe|object|video|audio|svg|canvas|noscript|template|title|noembed|noframes)(?![\w-])[^<>]{0,2000}>/gi;

/**
 * Closes elements in HTML that hide their text and are never closed, at their start. A browser would hide the rest of
 * the page with them, which the author would have noticed there, but not in a feed. Scripts and styles are left alone,
 * because what follows their tag is never text. Linear in the length.
 */
const closeUnclosed = (html: string): string => {
  if (html.search(UNCLOSED_TAG) === -1) return html;
  const lower = html.toLowerCase();
  const lastEnds = new Map<string, number>();
  const lastEnd = (name: string): number => {
    const end = lastEnds.get(name) ?? lower.lastIndexOf(`</${name}`);
    lastEnds.set(name, end);
    return end;
  };
  return html.replace(UNCLOSED_TAG, (tag: string, name: string, at: number) =>
    at > lastEnd(name.toLowerCase()) ? `${tag}</${name}>` : tag,
  );
};

/** Collects text, collapsing white space as a browser does, with at most one blank line in a row. */
const textWriter = () => {
  const parts: string[] = [];
  let breaks = 0;
  let space = false;

  const write = (text: string) => {
    if (parts.length > 0) parts.push(breaks > 0 ? '\n'.repeat(Math.min(breaks, 2)) : space ? ' ' : '');
    parts.push(text);
    breaks = 0;
    space = false;
  };
  return {
    flow: (text: string) => {
      const words = text.replace(BLANK, ' ');
      if (words.startsWith(' ')) space = true;
      const seen = words.trim();
      if (seen === '') return;
      write(seen);
      space = words.endsWith(' ');
    },
    verbatim: (text: string) => {
      for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
        if (index > 0) breaks += 1;
        if (line.trim() !== '') write(line.replaceAll('\u00a0', ' '));
      }
    },
    space: () => {
      space = true;
    },
    line: () => {
      breaks = Math.max(breaks, 1);
    },
    paragraph: () => {
      breaks = Math.max(breaks, 2);
    },
    lineBreak: () => {
      breaks += 1;
    },
    read: () => parts.join(''),
  };
};

// C0 except tab and line ends, and DEL: invisible, but JSON and DynamoDB would keep them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it matches
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+/g;

const withoutControls = (text: string): string => text.replace(CONTROLS, '');

/** The result of reading HTML: its text, and its images and videos in document order. */
export type HtmlReading = { text: string; media: readonly HtmlMedium[] };

/** Cloudflare's replacement for an email address, which a script restores in a browser. */
const HIDDEN_MAIL = /\[email[\s\u00a0]protected\]/g;

/** Text without the placeholders that Cloudflare's Email Address Obfuscation leaves in it. */
export const withoutHiddenMail = (text: string): string => text.replace(HIDDEN_MAIL, '');

const walkHtml = (html: string, hidden: ReadonlySet<string>): HtmlReading => {
  const writer = textWriter();
  const media = collectMedia();
  let hiddenBy: string | null = null;
  let preformatted = false;

  const show = (text: string) => {
    if (hiddenBy === null) preformatted ? writer.verbatim(text) : writer.flow(text);
  };
  const block = (name: string) => {
    if (PARAGRAPHS.has(name)) writer.paragraph();
    else if (LINES.has(name)) writer.line();
    else if (CELLS.has(name)) writer.space();
  };
  visitHtml(html, {
    attributesOf: MEDIA,
    text: (text) => show(withoutHiddenMail(text)),
    open: (name, attributes) => {
      const emoji = name === 'img' ? emojiOf(attributes) : null;
      if (emoji === null) media.open(name, attributes);
      else show(emoji);
      if (hiddenBy === null && hidden.has(name)) hiddenBy = name;
      if (name === 'pre') preformatted = true;
      if (name === 'br') writer.lineBreak();
      block(name);
    },
    close: (name) => {
      media.close(name);
      if (hiddenBy === name) hiddenBy = null;
      if (name === 'pre') preformatted = false;
      block(name);
    },
  });
  return { text: writer.read().toWellFormed().trim(), media: media.read() };
};

/**
 * Text (see `htmlToText`) and media of HTML. `svg`: `shown` if SVG text is part of the whole, as in a title; otherwise
 * it is used only if there is no other text.
 */
export const readHtml = (html: string, svg: 'shown' | 'alone' = 'alone'): HtmlReading => {
  const source = closeUnclosed(withoutControls(html));
  const reading = walkHtml(source, svg === 'shown' ? HIDDEN_WITH_SVG_TEXT : HIDDEN_ELEMENTS);
  if (reading.text !== '' || svg === 'shown' || !/<svg\b/i.test(source)) return reading;
  return walkHtml(source, HIDDEN_WITH_SVG_TEXT);
};

/**
 * HTML as plain text: no tags, entities decoded once, white space collapsed, `<br>` and blocks as line breaks,
 * paragraphs separated by one blank line, emoji images as their emoji, scripts and fallbacks left out. Accepts any
 * string; linear in its length.
 */
export const htmlToText = (html: string): string => readHtml(html).text;

/** Anything that needs cleaning, except white space at the ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it matches
const NEEDS_CLEANING = /[\u0000-\u001f\u007f\u00a0\u2028\u2029]| {2}/;

/**
 * Plain text cleaned for display: no control characters, no lone surrogates, spaces collapsed within a line, at most
 * one blank line in a row. Nothing is decoded.
 */
export const cleanText = (text: string): string => {
  if (!NEEDS_CLEANING.test(text)) return text.toWellFormed().trim();
  return withoutControls(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[ \t\f\u00a0]{2,}|[\t\f\u00a0]/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .toWellFormed()
    .trim();
};

/** Text on one line, for titles and names. */
export const oneLine = (text: string): string => cleanText(text).replace(/\n+/g, ' ');
