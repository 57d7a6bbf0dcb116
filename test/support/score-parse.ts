import { parseFeed } from '../../lib/adapters/feeds/parse-feed.ts';

/** For scoring the parser from outside document by document: `parse(bytes, contentType)` returns `{ items }`. */
export const parse = async (bytes: Uint8Array, contentType?: string) => {
  const { entries, fragments } = await parseFeed({ bytes, contentType: contentType ?? null, url: '' });
  return { items: [...entries, ...fragments] };
};
