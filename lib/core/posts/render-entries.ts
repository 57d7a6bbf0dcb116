import type { FeedConfig } from '../config/config.ts';
import { type RuledOut, ruleOut } from '../editorial/editorial-rules.ts';
import type { Entry } from '../entries/entry.ts';
import { type StoredEntry, toStoredEntry } from '../entries/stored-entry.ts';
import { type RenderedPost, renderStored } from './render-post.ts';

/** What is kept of an entry, the post that is made of that, and why its feed's rules leave it out; null when they do not. */
export type RenderedEntry = { stored: StoredEntry; rendered: RenderedPost; ruledOut: RuledOut | null };

/** Entries of one document. `now`: epoch milliseconds, by which the rules count an entry's age. */
export type EntriesToRender = {
  feed: FeedConfig;
  feedTitle: string | null;
  entries: readonly Entry[];
  now: number;
};

/** All that a feed's templates and rules make of entries, in their order. Never throws. */
export const renderEntries = ({ feed, feedTitle, entries, now }: EntriesToRender): RenderedEntry[] =>
  entries.map((entry) => {
    const stored = toStoredEntry(entry, { feedTitle });
    const ruledOut = ruleOut(entry, feed.editorial.rules, now);
    return { stored, rendered: renderStored(feed, stored), ruledOut };
  });
