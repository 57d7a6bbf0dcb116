import { Parser } from 'htmlparser2';

/** A feed in an OPML outline. `title` null: the list has none. */
export type OpmlFeed = { url: string; title: string | null };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 allows no control characters but these three, not even as references. */
const unspeakable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const attribute = (text: string): string =>
  text
    .replaceAll(unspeakable, '')
    .replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? '')
    .replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A list of feeds in OPML 2.0 (opml.org/spec2.opml, "Subscription lists"), as feed readers exchange it. */
export const writeOpml = (title: string, feeds: readonly { id: string; url: string }[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    `  <head><title>${attribute(title)}</title></head>`,
    '  <body>',
    ...feeds.map(
      ({ id, url }) => `    <outline type="rss" text="${attribute(id)}" xmlUrl="${attribute(url)}"/>`,
    ),
    '  </body>',
    '</opml>',
    '',
  ].join('\n');

/** Feed readers write the names differently: `xmlUrl`, `xmlurl`, `xmlURL`. */
const attributeOf = (attributes: Record<string, string>, name: string): string | null =>
  Object.entries(attributes)
    .find(([key]) => key.toLowerCase() === name)?.[1]
    ?.trim() || null;

/**
 * The feeds of an OPML list, in order, each address once, at any depth. Lenient: a broken list is read as far as
 * possible. Null: this is not OPML.
 */
export const readOpml = (text: string): OpmlFeed[] | null => {
  const feeds = new Map<string, OpmlFeed>();
  let isOpml = false;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name.toLowerCase() === 'opml') isOpml = true;
        const url = name.toLowerCase() === 'outline' ? attributeOf(attributes, 'xmlurl') : null;
        if (url === null || feeds.has(url)) return;
        feeds.set(url, { url, title: attributeOf(attributes, 'title') ?? attributeOf(attributes, 'text') });
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  return isOpml ? [...feeds.values()] : null;
};
