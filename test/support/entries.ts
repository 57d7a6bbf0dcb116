import { createHash } from 'node:crypto';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { type StoredEntry, toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { type NewRow, newRow } from '../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { feedRendering } from '../../lib/core/posts/rendering.ts';

/** An entry without any properties except the given ones. */
export const entryOf = (given: Partial<Entry> = {}): Entry => ({
  id: null,
  link: null,
  title: null,
  summary: null,
  content: null,
  author: null,
  categories: [],
  published: null,
  updated: null,
  image: null,
  images: [],
  video: null,
  enclosures: [],
  ...given,
});

/** Stories are published a minute apart, some time after the tests' worlds start. */
const publishedOf = (n: number | string): string | null =>
  typeof n === 'number' ? new Date(Date.UTC(2026, 0, 1, 12) + n * 60_000).toISOString() : null;

/** The story with a number: its own guid, page, title and date. A story with a name has no date. */
export const story = (n: number | string, given: Partial<Entry> = {}): Entry =>
  entryOf({
    id: `guid-${n}`,
    link: `https://www.example.com/${n}`,
    title: `Story ${n}`,
    summary: `About ${n}`,
    published: publishedOf(n),
    ...given,
  });

/** An entry within our limits, but too large for a DynamoDB item even when compressed. */
export const hugeEntry = (): StoredEntry =>
  toStoredEntry(story(1), {
    mediaIds: Array.from({ length: 100_000 }, (_, n) =>
      createHash('sha256').update(String(n)).digest().readUIntBE(0, 6),
    ),
  });

export const feedOf = (given: Partial<FeedConfig> = {}): FeedConfig => ({
  id: 'newsroom',
  url: 'https://www.example.com/feed.xml',
  allowPrivate: false,
  timezone: 'UTC',
  rhythm: { everyMs: 3_600_000 },
  backfill: 0,
  maxAgeMs: null,
  publish: 'draft',
  whenUncertain: 'park',
  review: false,
  onEdit: 'alert',
  paused: false,
  dedupe: 'brand',
  brandId: 144,
  caption: '{{ title }}',
  post: {},
  editorial: noEditorial,
  ...given,
});

export const postOf = (text: string) =>
  ({ brand_id: 144, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED', text }) as const;

/** A queued row as registerEntry writes it; `changes` override its fields. */
export const rowOf = (changes: Partial<EntryRow> = {}, given: Partial<NewRow> = {}): EntryRow => ({
  ...newRow({
    key: 'guid-a',
    feed: 'newsroom',
    brand: 144,
    entry: story(1),
    storedAs: 'kept-a',
    contentHash: '00',
    whenUncertain: 'park',
    post: postOf('Story 1'),
    rendering: feedRendering(feedOf()),
    verdict: { state: 'queued', code: 'entry.new' },
    seenIn: 'newsroom/feed',
    leading: [],
    batch: null,
    lesson: null,
    at: 0,
    ...given,
  }),
  ...changes,
});
