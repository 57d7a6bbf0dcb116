import { createHash } from 'node:crypto';
import type { ConsoleContext } from '../../console/context.ts';
import { openNotices } from '../../console/notices.ts';
import type { Poll } from '../../console/read-polls.ts';
import { parseFeed, readsFeeds } from '../../lib/adapters/feeds/parse-feed.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { dayOf } from '../../lib/core/entries/identity/facts.ts';
import { nothingKnown, writeMemory } from '../../lib/core/entries/memory/fact-memory.ts';
import { newRow, step, type Verdict } from '../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { nothingLearned } from '../../lib/core/polling/learn-from-response.ts';
import type { FetchFeed } from '../../lib/core/ports.ts';
import { renderPost } from '../../lib/core/posts/render-post.ts';
import { feedRendering } from '../../lib/core/posts/rendering.ts';
import { type Document, journalDocument, newsroomDocument } from '../../local/demo/documents.ts';
import { type SeriesName, storyOf } from '../../local/demo/stories.ts';
import { identifyAll, knownOf, memoryOf } from './candidates.ts';
import { configOf, type FakeTarget, fakeTarget } from './cli.ts';
import { feedOf } from './entries.ts';
import { pictureOf } from './picture.ts';
import { aSlot } from './store-rows.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The time at which the console is viewed. */
const now = Date.UTC(2026, 10, 20, 10, 30);

const caption = '{{ title }}\n\n{{ summary | truncate: 300 }}\n\n{{ categories | hashtags: 5 }}\n';
const every = { rhythm: { everyMs: hour }, caption };

const feeds: FeedConfig[] = [
  feedOf({ ...every, id: 'newsroom', url: 'https://www.example.com/newsroom.xml' }),
  feedOf({ ...every, id: 'journal', url: 'https://www.example.com/journal.xml' }),
  feedOf({ ...every, id: 'clips', url: 'https://clips.example.com/feed', brandId: 205 }),
  feedOf({ ...every, id: 'katalog', url: 'https://www.example.com/katalog.rdf', paused: true }),
];
const feedNamed = (id: string) => feeds.find((feed) => feed.id === id) as FeedConfig;

const documents: Partial<Record<SeriesName, Document>> = {
  newsroom: newsroomDocument,
  journal: journalDocument,
};

/** A feed's document: its stories by number, with their publication times. */
const documentOf = (id: SeriesName, published: Map<number, number>) => {
  const stories = [...published].map(([n, at]) => storyOf(id, n, new Date(at))).reverse();
  return (documents[id] ?? newsroomDocument)(stories);
};

type Life = { state?: EntryRow['state']; code?: string; detail?: string; changes?: Partial<EntryRow> };

const born = (feed: FeedConfig, key: string, entry: Entry, at: number, verdict: Verdict): EntryRow => {
  const rendered = renderPost(feed, entry);
  const post = rendered.ok && verdict.code !== 'caption.empty' ? rendered.post : null;
  const { id, brandId: brand, whenUncertain } = feed;
  const rendering = feedRendering(feed);
  const fixed = {
    storedAs: `kept-${key}`,
    rendering,
    contentHash: '00',
    seenIn: `${id}/feed`,
    leading: [],
    batch: null,
    lesson: null,
  };
  return newRow({ key, feed: id, brand, entry, whenUncertain, post, verdict, at, ...fixed });
};

const lived = (
  row: EntryRow,
  at: number,
  { state, code = 'draft.created', detail, changes }: Life,
): EntryRow => {
  if (!state) return row;
  const claimed = step(
    row,
    { at: at + minute, state: 'drafting', code: 'draft.claimed' },
    { attempts: 1, wakeAt: null },
  );
  return step(claimed, { at: at + minute + 900, state, code, detail }, changes);
};

const fresh: Verdict = { state: 'queued', code: 'entry.new' };
const held: Verdict = {
  state: 'held',
  code: 'caption.empty',
  detail:
    'the caption renders to nothing; the entry has title: change the feed’s caption, then release the entry',
};

/** The newsroom's stories, newest first; all others were drafted. */
const newsroomLives: Record<number, [Verdict, Life]> = {
  20: [fresh, {}],
  19: [fresh, { state: 'drafted', changes: { postId: 1020 } }],
  18: [
    fresh,
    {
      state: 'uncertain',
      code: 'dash.failed',
      detail: 'Dash Social returned 502; the post may exist',
      changes: { wakeAt: null },
    },
  ],
  17: [held, {}],
  15: [
    fresh,
    {
      state: 'rejected',
      code: 'dash.rejected',
      detail: 'The post has errors. Media: Only one video is allowed.',
      changes: { errors: { media_ids: ['Only one video is allowed.'] } },
    },
  ],
  12: [{ state: 'filtered', code: 'rule.skip-keyword', detail: 'the word “sponsored” is in its title' }, {}],
};

const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
/** A few per day, at irregular intervals. */
const backFrom = [
  40, 33, 31, 22, 12.4, 11.2, 10.6, 9.3, 8.5, 7.4, 6.5, 6.2, 5.4, 4.3, 3.5, 3.1, 2.4, 1.3, 0.8, 0.033,
];
const publishedOf = (from: number) =>
  new Map(numbers.filter((n) => n > from).map((n) => [n, now - Math.round((backFrom[n - 1] ?? 1) * day)]));

type Listed = { entry: Entry; key: string };

const listAll = async (feed: FeedConfig, from: number) => {
  const { bytes, contentType } = documentOf(feed.id as SeriesName, publishedOf(from));
  const parsed = await parseFeed({ bytes, contentType, url: feed.url });
  const scope = { feed: feed.id, brand: feed.brandId, dedupe: feed.dedupe };
  const listed = identifyAll(parsed.entries, scope).map(
    ({ identified: { entry }, keys: { own } }): Listed => ({ entry, key: own }),
  );
  return { listed: listed.reverse(), known: knownOf(parsed.entries, dayOf(now), scope) };
};

const rowsOf = (feed: FeedConfig, listed: Listed[], lives: Record<number, [Verdict, Life]>): EntryRow[] =>
  listed.map(({ entry, key }, at) => {
    const n = numbers.length - listed.length + at + 1;
    const seenAt = Date.parse(entry.published ?? '') + 4 * minute;
    const wasThere: [Verdict, Life] = [{ state: 'baselined', code: 'entry.existing' }, {}];
    const drafted: [Verdict, Life] = [fresh, { state: 'drafted', changes: { postId: 1000 + n } }];
    const [verdict, life] = lives[n] ?? (n < 4 ? wasThere : drafted);
    return lived(born(feed, key, entry, seenAt, verdict), seenAt, life);
  });

const put = (target: FakeTarget, rows: EntryRow[]) => {
  for (const row of rows) target.stores.ledger.rows.set(row.key, row);
};

/** Hostile text for every field of a feed. */
export const hostile = {
  title: `<img src=x onerror="document.title='owned'">"'><script>document.title='owned'</script>\u202Eevil\u0000`,
  link: "javascript:document.title='owned'",
  caption: `</p></div><style>body{display:none}</style><svg onload="document.title='owned'">\n\n&lt;b&gt; \${1+1} {{ 7 }} #a<b>c`,
};

const nothing: Entry = {
  ...{ id: null, title: null, link: null, published: null, updated: null },
  ...{ summary: null, content: null, author: null, categories: [] },
  ...{ image: null, images: [], video: null, enclosures: [] },
};

const enemy = (feed: FeedConfig) => {
  const { title, link } = hostile;
  const entry: Entry = { ...nothing, id: 'x', title, link, published: '<b>soon' };
  const at = now - 3 * day;
  const scope = { feed: feed.id, brand: feed.brandId, dedupe: feed.dedupe };
  const key = identifyAll([entry], scope)[0]?.keys.own ?? '';
  const row = born(feed, key, entry, at, { ...held, detail: hostile.caption });
  const post = { ...row.post, text: hostile.caption, thumbnail_url: hostile.link } as EntryRow['post'];
  return { row: { ...row, post }, known: knownOf([entry], dayOf(now), scope) };
};

const polls: Poll[] = Array.from({ length: 40 }, (_, i): Poll => {
  const at = now - 44 * minute - i * hour; // its due time
  if (i === 0 || i === 18) return { at, kind: 'changed', seen: 10, isNew: 1, bytes: 18_312 };
  if (i === 12)
    return { at, kind: 'failed', code: 'feed.status', message: 'www.example.com answered with 502' };
  return i % 9 === 5
    ? { at, kind: 'unchanged', status: 200, bytes: 18_120 }
    : { at, kind: 'unchanged', status: 304, bytes: 0 };
});

/** A picture whose colours depend on its address. */
const pictures: FetchFeed = async ({ url }) => {
  const hash = createHash('sha256').update(url).digest();
  const color = (at: number) =>
    [0, 1, 2].map((part) => 40 + ((hash[at + part] ?? 0) % 150)) as [number, number, number];
  return {
    kind: 'document',
    bytes: pictureOf(color(0), color(8)),
    contentType: 'image/png',
    url,
    validators: { etag: null, lastModified: null },
    hints: { freshUntil: null },
  };
};

export type ConsoleScene = { context: ConsoleContext; target: FakeTarget; errors: unknown[] };

/** Old entries that reappeared at once and are held as one batch. */
const batchOf = (feed: FeedConfig): EntryRow[] =>
  numbers.map((n) => {
    const title = `From the archive ${n}`;
    const link = `https://www.example.com/archive/${n}`;
    const entry: Entry = {
      ...nothing,
      id: link,
      title,
      link,
      published: new Date(now - n * day).toISOString(),
    };
    const verdict = { state: 'held', code: 'entry.late', detail: 'it is dated long ago' } as const;
    const row = born(feed, `entry-archive-${n}`, entry, now - hour, verdict);
    return { ...row, batch: `${feed.id}.12`, lesson: 'by-place' };
  });

/**
 * A scene with a few weeks of history: healthy and failing feeds, entries in every state, and optionally hostile
 * ones.
 */
export const consoleScene = async ({ withEnemy = false, withBatch = false } = {}): Promise<ConsoleScene> => {
  const target = fakeTarget({ name: '.local', config: () => configOf(feeds) });
  const [newsroom, journal] = [feedNamed('newsroom'), feedNamed('journal')];
  const news = await listAll(newsroom, 0);
  const notes = await listAll(journal, 9);
  put(target, rowsOf(newsroom, news.listed, newsroomLives));
  put(target, rowsOf(journal, notes.listed, {}));
  const foe = enemy(newsroom);
  if (withEnemy) put(target, [foe.row]);
  if (withBatch) put(target, batchOf(newsroom));

  const { feeds: store } = target.stores;
  const known = {
    validators: { etag: '"a"', lastModified: null },
    bodyHash: 'x',
    rev: 1,
    newest: null,
    counts: null,
  };
  const window = await listAll(newsroom, 10);
  store.memory.feeds.set('newsroom', {
    ...known,
    id: 'newsroom',
    url: newsroom.url,
    learned: {
      ...nothingLearned,
      arrivals: { count: 19.6, days: 17.1, at: now - hour },
      plan: { arrivals: { count: 19.6, days: 17.1, at: now - hour }, floorMs: 15 * minute },
      ...(withEnemy && { gapAt: now - 9 * hour, moved: { to: hostile.link, since: now - day, times: 3 } }),
    },
    facts: writeMemory({ ...nothingKnown, window: [...window.known, ...(withEnemy ? foe.known : [])] }),
    memory: memoryOf({ addedAt: now - 30 * day, renewedOn: dayOf(now), renewsOn: dayOf(now) + 1 }),
    changedAt: now - 44 * minute,
    trouble: null,
  });
  const trouble = {
    url: journal.url,
    code: 'feed.status',
    message: 'www.example.com answered with 503: it is overloaded or being repaired',
    since: now - 5 * hour,
    failures: 4,
    lastAt: now - 50 * minute,
    nextAt: now + 22 * minute,
  };
  store.memory.feeds.set('journal', {
    ...known,
    id: 'journal',
    url: journal.url,
    facts: writeMemory({ ...nothingKnown, window: notes.known }),
    memory: memoryOf({ addedAt: now - 30 * day, renewedOn: dayOf(now), renewsOn: dayOf(now) + 1 }),
    changedAt: now - 19 * hour,
    trouble,
  });
  if (withEnemy) {
    const { url } = feedNamed('clips');
    const bad = { ...trouble, url, message: hostile.caption };
    store.memory.feeds.set('clips', {
      ...known,
      id: 'clips',
      url,
      facts: null,
      memory: null,
      changedAt: null,
      trouble: bad,
    });
  }
  if (withEnemy)
    store.memory.slots.set('clips', aSlot({ notBefore: now + 22 * minute }, feedNamed('clips').url));
  store.memory.slots.set('newsroom', aSlot({}, newsroom.url));
  store.memory.slots.set('journal', aSlot({ notBefore: now + 22 * minute }, journal.url));
  store.memory.tick = { rev: 1, lastTick: now - 20_000, brands: [144] };

  const errors: unknown[] = [];
  const fetchFeed: FetchFeed = async (request) => {
    if (!feeds.some(({ url }) => url === request.url)) return pictures(request);
    const { bytes, contentType } = documentOf('newsroom', publishedOf(10));
    const response = await pictures(request);
    return { ...response, bytes, contentType } as Awaited<ReturnType<FetchFeed>>;
  };
  const context: ConsoleContext = {
    target: target,
    by: 'ada',
    clock: () => now,
    fetchFeed,
    ...readsFeeds(),
    readPolls: (feed) => (feed === 'newsroom' ? polls : []),
    token: 'a-token-of-the-scene',
    notices: openNotices(),
    attention: { latest: null },
    everyMs: 0,
    visitor: null,
    onAction: () => {},
    onError: (error) => void errors.push(error),
  };
  return { context, target: target, errors };
};
