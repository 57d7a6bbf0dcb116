const htmlToText = 'HTML to text, and the pictures in it';
const cutting = 'cutting what summaries end in';

/** What reading is made of, by files: ours, and what rss-parser consists of. The tokenizer of htmlparser2 counts where it is used. */
export const readingParts = [
  ['rss-parser, with xml2js and sax', /node_modules\/(?:rss-parser|xml2js|sax)\//],
  ['charset and entities', /\/decode-(?:text|entities)\.ts$/],
  [
    'tidying what rss-parser is given',
    /\/(?:find-root|scan-xml|tidy-xml|text-construct|feed-writer|xml-names)\.ts$/,
  ],
  [htmlToText, /\/(?:html-text|html-visit|close-forgotten|read-text)\.ts$/],
  [cutting, /\/cut-tail\.ts$/],
  ['dates', /\/(?:read-date|month-names)\.ts$/],
  ['fields to entries: links, files, people', /\/adapters\/parse/],
] as const;

/** Those that bare rss-parser leaves to whoever calls it. */
export const leftToCallers: readonly string[] = [htmlToText, cutting];
