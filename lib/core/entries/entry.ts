import * as v from 'valibot';
import { Amount, Count, Text } from '../read-stored.ts';

export const Enclosure = v.object({
  url: v.string(),
  type: Text,
  /** Bytes, where the feed tells. */
  length: v.nullable(v.number()),
});
export type Enclosure = v.InferOutput<typeof Enclosure>;

export const Video = v.object({
  url: v.string(),
  type: Text,
  /** Bytes, where the feed tells. */
  length: v.nullable(v.number()),
  durationS: v.nullable(v.number()),
});
export type Video = v.InferOutput<typeof Video>;

/**
 * One thing a publisher has published, as a feed or a webhook tells of it. Text is plain text: no tags, no
 * entities. What is not told is null, never ''. Dates are ISO 8601 in UTC. Links are absolute.
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
  /** `published`, or `updated` where it is the only date, was given as a day: its midnight says nothing. */
  dayOnly: v.exactOptional(v.literal(true)),
  /** The picture to show; one of `images`, of which the others may be icons and avatars. */
  image: Text,
  images: v.array(v.string()),
  video: v.nullable(Video),
  enclosures: v.array(Enclosure),
});
export type Entry = v.InferOutput<typeof Entry>;

/** What the document itself says about how often to come back (RSS `ttl`, `skipHours`, `skipDays`, `sy:*`). */
export const FeedHints = v.object({
  ttlMs: v.nullable(Amount),
  /** Hours of the day in GMT, 0–23, in which not to poll. */
  skipHours: v.array(Count),
  /** Days in GMT, 0 = Sunday, on which not to poll. */
  skipDays: v.array(Count),
});
export type FeedHints = v.InferOutput<typeof FeedHints>;

/** A feed document, read. Entries stand in the document's order. */
export type Feed = {
  /** `rss 2.0`, `rss 1.0`, `atom 1.0`, `json feed 1.1` … */
  format: string;
  title: string | null;
  link: string | null;
  entries: Entry[];
  /** The document was read to its proper end: `entries` is all that it lists. */
  complete: boolean;
  /** How many entries the document broke off inside: one at most, which is not among `entries`. */
  torn: number;
  /** What was read of a torn entry before the break, to show and never to draft. */
  fragments: Entry[];
  hints: FeedHints;
};
