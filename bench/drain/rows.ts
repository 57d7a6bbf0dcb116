import type { Entry } from '../../lib/core/entries/entry.ts';
import { newRow } from '../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { brand } from './backlog.ts';

const entryOf = (title: string): Entry => ({
  id: title,
  link: null,
  title,
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
});

/** A queued row of the benchmark's feed, as registration writes it with the default policy for lost responses. */
export const rowOf = (n: number, at: number): EntryRow => {
  const text = `Story ${n}`;
  return newRow({
    key: `bench-${n}`,
    feed: 'newsroom',
    brand,
    entry: entryOf(text),
    storedAs: `kept-${n}`,
    rendering: { by: 'newsroom/feed', from: '00' },
    contentHash: '00',
    whenUncertain: 'auto',
    post: { brand_id: brand, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED', text },
    verdict: { state: 'queued', code: 'entry.new' },
    seenIn: 'newsroom/feed',
    leading: ['entry-4fLr8Qx0', 'page-and-title-4fLr8Qx0', 'title-and-date-4fLr8Qx0'].map(
      (key) => `${key}-${n}`,
    ),
    batch: null,
    lesson: null,
    at,
  });
};
