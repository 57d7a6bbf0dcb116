import * as v from 'valibot';
import type { Entry } from '../entries/entry.ts';
import type { StoredEntry } from '../entries/stored-entry.ts';
import type { EntryRow } from '../ledger/row.ts';
import { postFields, type TikTokPost } from '../posts/tiktok-post.ts';
import { Text } from '../read-stored.ts';

/** Incremented by a release that changes what a hook gets in a way that could break one. */
const version = 1;

const File = {
  url: v.string(),
  type: v.pipe(Text, v.description('Media type, if the feed states one.')),
  length: v.pipe(v.nullable(v.number()), v.description('Bytes, if the feed states them.')),
};

const AskedEntry = v.object({
  id: v.pipe(Text, v.description('guid, Atom id, JSON Feed id or ID in the content system.')),
  link: Text,
  title: Text,
  summary: v.pipe(Text, v.description('Plain text.')),
  content: v.pipe(Text, v.description('Plain text, at most 20,000 UTF-16 units.')),
  author: Text,
  categories: v.array(v.string()),
  published: v.pipe(Text, v.description('ISO 8601, UTC.')),
  updated: v.pipe(Text, v.description('ISO 8601, UTC.')),
  image: v.pipe(Text, v.description('The picture to show.')),
  images: v.array(v.string()),
  video: v.nullable(v.object({ ...File, duration_s: v.nullable(v.number()) })),
  enclosures: v.array(v.object(File)),
});

const AskedPost = v.object(
  Object.fromEntries(Object.entries(postFields).map(([field, schema]) => [field, v.optional(schema)])),
);

/** What a hook gets, as JSON: an entry, and the post that its templates rendered. */
export const Question = v.object({
  version: v.pipe(v.literal(version), v.description('The format of this object.')),
  key: v.pipe(
    v.string(),
    v.description('The same whenever this entry is asked about: use it as an idempotency key.'),
  ),
  preview: v.pipe(
    v.boolean(),
    v.description('true: only shown, or on a stage that delivers nothing. Store and upload nothing.'),
  ),
  feed: v.pipe(v.string(), v.description('ID of the feed or webhook in feeds.yml.')),
  feed_title: v.pipe(Text, v.description('Title of the feed, as in its document.')),
  entry: AskedEntry,
  post: v.pipe(AskedPost, v.description('The post by the field names of the API, as it would be sent.')),
});
export type Question = Omit<v.InferOutput<typeof Question>, 'post'> & { post: TikTokPost };

const askedEntry = ({ video, enclosures, dayOnly: _, ...entry }: Entry): Question['entry'] => ({
  ...entry,
  video: video && {
    url: video.url,
    type: video.type,
    length: video.length,
    duration_s: video.durationS,
  },
  enclosures: enclosures.map(({ url, type, length }) => ({ url, type, length })),
});

/** What a row itself holds of an entry that is no longer stored. */
const entryOfRow = ({ link, title, published }: EntryRow): Question['entry'] => ({
  id: null,
  link,
  title,
  summary: null,
  content: null,
  author: null,
  categories: [],
  published,
  updated: null,
  image: null,
  images: [],
  video: null,
  enclosures: [],
});

type Asked = { row: EntryRow; stored: StoredEntry | null; post: TikTokPost; preview: boolean };

/** The question about a row. */
export const questionAbout = ({ row, stored, post, preview }: Asked): Question => ({
  version,
  key: row.key,
  preview,
  feed: row.feed,
  feed_title: stored?.feedTitle ?? null,
  entry: stored === null ? entryOfRow(row) : askedEntry(stored.entry),
  post,
});
