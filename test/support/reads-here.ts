import { hash } from 'node:crypto';
import { identify, type ReadBefore, withRaw } from '../../lib/core/entries/identity/identified-entry.ts';
import type { ParseFeed, ReadsFeeds } from '../../lib/core/ports.ts';
import { renderEntries } from '../../lib/core/posts/render-entries.ts';

const hashOf = (value: unknown): string => hash('sha256', JSON.stringify(value)).slice(0, 16);

/** Feed reading in this thread, without limits. An entry that is read to the same as before counts as unread. */
export const readsHere = (parseFeed: ParseFeed): ReadsFeeds => ({
  identifyFeed: async (document, before: ReadBefore | null = null) => {
    const feed = await parseFeed(document);
    const readAs = hashOf([feed.title, feed.link, document.url]);
    const known = before?.readAs === readAs ? before.rawHashes : new Set();
    const entries = feed.entries.map((entry) => {
      const raw = hashOf(entry);
      return known.has(raw) ? { unread: raw } : withRaw(identify(entry, feed.title), raw);
    });
    return { ...feed, entries, readAs };
  },
  renderEntries: async (entries) => renderEntries(entries),
});
