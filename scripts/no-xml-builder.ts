// Stands in for `xmlbuilder` (69 kB) in the bundles: it comes with rss-parser, by way of xml2js, which reads with us
// and never writes.
export const create = (): never => {
  throw new Error('This bundle writes no XML: xmlbuilder was left out of it by scripts/bundle.ts.');
};
