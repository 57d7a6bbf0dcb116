import { identifyAll } from '../../lib/core/entries/identity/identified-entry.ts';
import type { ParseFeed, ReadsFeeds } from '../../lib/core/ports.ts';
import { renderEntries } from '../../lib/core/posts/render-entries.ts';

/** Feed reading in this thread, without limits. */
export const readsHere = (parseFeed: ParseFeed): ReadsFeeds => ({
  identifyFeed: async (document) => identifyAll(await parseFeed(document)),
  renderEntries: async (entries) => renderEntries(entries),
});
