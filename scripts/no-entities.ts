// Replaces `entities` in rss-parser, which only uses it for snippets: no element that we pass to rss-parser has a name
// that gets one (lib/adapters/feeds/parse/read-fields.ts).
export const decodeHTML = (): never => {
  throw new Error('Snippets are not supported: scripts/bundle.ts removes entities from rss-parser.');
};
