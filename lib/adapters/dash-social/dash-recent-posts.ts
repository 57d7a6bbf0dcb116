import * as v from 'valibot';
import { dashUrls, sendWithToken } from '../../core/dash/dash-call.ts';
import type { DashResponse, SendDash } from '../../core/dash/dash-response.ts';
import { leaseMs } from '../../core/dash/timing.ts';
import type { ListRecentPosts, RecentPosts, TokenSource } from '../../core/ports.ts';
import type { RecentPost } from '../../core/posts/find-draft.ts';

type RecentPostsOptions = { send: SendDash; token: TokenSource; baseUrl?: string };

const pageSize = 50;
/**
 * Pages of up to fifty posts. More posts than that since the brand's latest draft would make a look-up too expensive.
 */
const maxPages = 60;

const Listed = v.looseObject({
  id: v.pipe(v.union([v.number(), v.string()]), v.toNumber(), v.safeInteger()),
  text: v.nullish(v.string()),
  brand_id: v.nullish(v.number()),
  creation_source: v.nullish(v.string()),
  created_at: v.nullish(v.string()),
});

const Page = v.looseObject({
  data: v.array(Listed),
  paging: v.nullish(v.looseObject({ next: v.nullish(v.union([v.string(), v.number()])) })),
});
type Page = v.InferOutput<typeof Page>;

const isLast = ({ paging }: Page) => paging?.next === null;

type Unread = Extract<RecentPosts, { code: string }>;

const inconclusive = (code: string, message: string): Unread => ({ kind: 'inconclusive', code, message });
const unavailable = (code: string, message: string): Unread => ({ kind: 'unavailable', code, message });

const isUnread = (read: Page | Unread): read is Unread =>
  read.kind === 'unavailable' || read.kind === 'inconclusive';

/** Refused for now: the token is replaced, access is granted, or the server recovers. */
const isTemporary = (status: number): boolean => [401, 403, 408, 429].includes(status) || status >= 500;

const pageOf = (response: DashResponse): Page | Unread => {
  const { status } = response;
  const message = `the request for the list of posts returned ${status}`;
  if (isTemporary(status)) return unavailable('dash.list-unavailable', message);
  const read = status === 200 ? readPage(response) : message;
  return typeof read === 'string' ? inconclusive('dash.no-list', read) : read;
};

const readPage = ({ body }: DashResponse): Page | string => {
  try {
    const page = v.safeParse(Page, JSON.parse(body));
    return page.success ? page.output : 'the list of posts has an unexpected shape';
  } catch {
    return 'the list of posts is not JSON, or too long to read';
  }
};

type Post = v.InferOutput<typeof Listed>;

const isBefore = ({ created_at: createdAt }: Post, at: number) =>
  typeof createdAt === 'string' && Date.parse(createdAt) < at;

const liesBefore = (posts: readonly Post[], at: number) =>
  posts.length > 0 && posts.every((post) => isBefore(post, at));

const ofFeeds = (posts: readonly Post[]): RecentPost[] =>
  posts
    .filter((post) => post.creation_source === 'RSS_FEED')
    .map(({ id, brand_id: brand, text, created_at: at }) => ({
      id,
      brand: brand ?? null,
      text: text ?? null,
      createdAt: at ? Date.parse(at) || null : null,
    }));

/**
 * The offset from this page to the next. If posts from before `since` begin within a page, the next one begins with
 * them, so that it is entirely before. A server may return fewer posts than requested.
 */
const stepOver = (posts: readonly Post[], since: number): number => {
  const younger = posts.findLastIndex((post) => !isBefore(post, since)) + 1;
  return younger > 0 ? younger : posts.length;
};

/**
 * Reads the posts made from a brand's feeds, page by page, newest first, as sister platforms list them. The endpoint is
 * not documented for TikTok and guarantees no order, so callers must check the result. A request that fails or is refused
 * is `unavailable`, anything unexpected is `inconclusive`. Throws what `token.current` throws.
 */
export const dashRecentPosts = (options: RecentPostsOptions): ListRecentPosts => {
  const send = sendWithToken(options);
  const { posts: address } = dashUrls(options.baseUrl);
  const readAt = async (brand: number, offset: number): Promise<Page | Unread> => {
    const query = new URLSearchParams({
      brand_id: String(brand),
      limit: String(pageSize),
      offset: String(offset),
    });
    const reply = await send({ method: 'GET', url: `${address}?${query}` });
    if (reply.kind === 'failed') return unavailable(reply.code, reply.message);
    if (reply.kind === 'kept') return unavailable('dash.unreachable', 'the request was not sent');
    return pageOf(reply.response);
  };

  return async ({ brand, since, latest }) => {
    const found = new Map<number, RecentPost>();
    let reachesBefore = false;
    let offset = 0;
    for (let turn = 0; turn < maxPages; turn++) {
      const page = await readAt(brand, offset);
      if (isUnread(page)) return page;
      const { data } = page;
      for (const post of ofFeeds(data)) found.set(post.id, post);
      reachesBefore ||= liesBefore(data, since);
      const isOver = data.length === 0 || (reachesBefore && isLast(page));
      const isEnough = reachesBefore && (found.has(latest.postId) || liesBefore(data, latest.at - leaseMs));
      if (isOver || isEnough) return { kind: 'listed', posts: [...found.values()], reachesBefore };
      offset += stepOver(data, since);
    }
    return inconclusive('dash.long-list', `the list of posts did not end within ${maxPages} pages`);
  };
};

/** If the list may not be requested. */
export const noRecentPosts: ListRecentPosts = async () =>
  inconclusive('dash.no-list', 'feeds.yml turns look-ups off (dash: { look_up: false })');
