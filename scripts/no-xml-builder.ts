// Replaces `xmlbuilder` (69 kB) in the bundles, a dependency of xml2js in rss-parser, which only needs it to write XML.
export const create = (): never => {
  throw new Error('Writing XML is not supported: scripts/bundle.ts removes xmlbuilder.');
};
