import type { FeedConfig } from '../config/config.ts';
import { type RuledOut, ruleOut } from '../editorial/editorial-rules.ts';
import type { Entry } from '../entries/entry.ts';
import { type StoredEntry, toStoredEntry } from '../entries/stored-entry.ts';
import { type RenderedPost, renderStored } from './render-post.ts';

/** The stored part of an entry, the post rendered from it, and why its feed's rules filter it; null if they do not. */
export type RenderedEntry = { stored: StoredEntry; rendered: RenderedPost; ruledOut: RuledOut | null };

/** Entries of one document. `now`: epoch milliseconds, used by the rules for an entry's age. */
export type EntriesToRender = {
  feed: FeedConfig;
  feedTitle: string | null;
  entries: readonly Entry[];
  now: number;
};

/** Applies a feed's templates and rules to entries, in order. Never throws. */
export const renderEntries = ({ feed, feedTitle, entries, now }: EntriesToRender): RenderedEntry[] =>
  entries.map((entry) => {
    const stored = toStoredEntry(entry, { feedTitle });
    const ruledOut = ruleOut(entry, feed.editorial.rules, now);
    return { stored, rendered: renderStored(feed, stored), ruledOut };
  });
