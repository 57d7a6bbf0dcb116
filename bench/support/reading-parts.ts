const htmlToText = 'HTML to text, and the pictures in it';
const footers = 'removing footers from summaries';

/** The parts of reading, by the files they run in. The tokenizer of htmlparser2 counts towards its caller. */
export const readingParts = [
  ['rss-parser, with xml2js and sax', /node_modules\/(?:rss-parser|xml2js|sax)\//],
  ['charset and entities', /\/decode-(?:text|entities)\.ts$/],
  [
    'normalizing XML for rss-parser',
    /\/(?:find-root|scan-xml|tidy-xml|text-construct|feed-writer|xml-names)\.ts$/,
  ],
  [htmlToText, /\/(?:html-text|html-visit|html-media|read-text)\.ts$/],
  [footers, /\/strip-boilerplate\.ts$/],
  ['dates', /\/(?:read-date|month-names)\.ts$/],
  ['fields to entries: links, files, people', /\/adapters\/feeds\/parse/],
] as const;

/** Those that bare rss-parser leaves to its caller. */
export const leftToCallers: readonly string[] = [htmlToText, footers];
