import * as v from 'valibot';
import { Amount, Count, Text } from '../read-stored.ts';

export const Enclosure = v.object({
  url: v.string(),
  type: Text,
  /** Bytes, if the feed states them. */
  length: v.nullable(v.number()),
});
export type Enclosure = v.InferOutput<typeof Enclosure>;

export const Video = v.object({
  url: v.string(),
  type: Text,
  /** Bytes, if the feed states them. */
  length: v.nullable(v.number()),
  durationS: v.nullable(v.number()),
});
export type Video = v.InferOutput<typeof Video>;

/**
 * One published item from a feed or a webhook. Text is plain text: no tags, no entities. Missing values are null, never
 * ''. Dates are ISO 8601 in UTC. Links are absolute.
 */
export const Entry = v.object({
  /** guid, Atom id, JSON Feed id or CMS id, exactly as given. */
  id: Text,
  link: Text,
  title: Text,
  summary: Text,
  content: Text,
  author: Text,
  categories: v.array(v.string()),
  published: Text,
  updated: Text,
  /** `published`, or `updated` if it is the only date, was given as a day, so its midnight is meaningless. */
  dayOnly: v.exactOptional(v.literal(true)),
  /** The picture to show; one of `images`, whose others may be icons and avatars. */
  image: Text,
  images: v.array(v.string()),
  video: v.nullable(Video),
  enclosures: v.array(Enclosure),
});
export type Entry = v.InferOutput<typeof Entry>;

/** The document's own hints about polling (RSS `ttl`, `skipHours`, `skipDays`, `sy:*`) and about its hub. */
export const FeedHints = v.object({
  ttlMs: v.nullable(Amount),
  /** Hours of the day in GMT, 0–23, in which not to poll. */
  skipHours: v.array(Count),
  /** Days in GMT, 0 = Sunday, on which not to poll. */
  skipDays: v.array(Count),
  /** The WebSub hub that the feed advertises; absent if it advertises none. */
  hub: v.exactOptional(v.string()),
});
export type FeedHints = v.InferOutput<typeof FeedHints>;

/** A parsed feed document. Entries are in the document's order. */
export type Feed = {
  /** `rss 2.0`, `rss 1.0`, `atom 1.0`, `json feed 1.1` … */
  format: string;
  title: string | null;
  link: string | null;
  entries: Entry[];
  /** The document was read to its proper end, so `entries` is complete. */
  complete: boolean;
  /** How many entries were cut off by the end of the document: at most one, which is not in `entries`. */
  truncated: number;
  /** What was read of a truncated entry, for display and never for a draft. */
  fragments: Entry[];
  hints: FeedHints;
};
