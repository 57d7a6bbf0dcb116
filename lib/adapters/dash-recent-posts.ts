import * as v from 'valibot';
import type { DashAnswer, SendDash } from '../core/dash-answer.ts';
import { dashUrls, sendWithToken } from '../core/dash-call.ts';
import type { ListRecentPosts, RecentPost, RecentPosts, TokenSource } from '../core/ports.ts';

export type RecentPostsOptions = { send: SendDash; token: TokenSource; baseUrl?: string };

const pageSize = 50;
/** So many posts in the time since one attempt would be a wonder; a list without an order may be that long. */
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

const cannotTell = (code: string, message: string): RecentPosts => ({ kind: 'cannot-tell', code, message });

const readPage = ({ status, body }: DashAnswer): Page | string => {
  if (status !== 200) return `the list of posts was answered with ${status}`;
  try {
    const page = v.safeParse(Page, JSON.parse(body));
    return page.success ? page.output : 'the list of posts has another shape than expected';
  } catch {
    return 'the list of posts is not JSON, or too long to be read';
  }
};

const isOlder = ({ created_at: createdAt }: v.InferOutput<typeof Listed>, since: number) =>
  typeof createdAt === 'string' && Date.parse(createdAt) < since;

const ofBrand = (page: Page, brand: number): RecentPost[] =>
  page.data
    .filter((post) => (post.brand_id ?? brand) === brand && post.creation_source === 'RSS_FEED')
    .map(({ id, text, created_at: at }) => ({
      id,
      text: text ?? null,
      createdAt: at ? Date.parse(at) || null : null,
    }));

/**
 * Reads a brand's posts, page by page. The endpoint is documented for sister platforms only, and no order is
 * promised: what is not found is absent only if the list was read to its end, or to a page that lies wholly before
 * `since`. Anything unexpected is `cannot-tell`. Throws what `token.current` throws.
 */
export const dashRecentPosts = (options: RecentPostsOptions): ListRecentPosts => {
  const send = sendWithToken(options);
  const { posts: address } = dashUrls(options.baseUrl);

  return async ({ brand, since }) => {
    const found: RecentPost[] = [];
    let offset = 0;
    for (let page = 0; page < maxPages; page++) {
      const query = new URLSearchParams({
        brand_id: String(brand),
        limit: String(pageSize),
        offset: String(offset),
      });
      const reply = await send({ method: 'GET', url: `${address}?${query}` });
      if (reply.kind === 'failed') return cannotTell(reply.code, reply.message);
      if (reply.kind === 'kept') return cannotTell('dash.unreachable', 'the request was not sent');
      const read = readPage(reply.answer);
      if (typeof read === 'string') return cannotTell('dash.no-list', read);
      found.push(...ofBrand(read, brand));
      offset += read.data.length; // a server may give fewer than were asked for
      const last = read.data.length === 0 || (read.paging && !read.paging.next);
      if (last || read.data.every((post) => isOlder(post, since))) return { kind: 'listed', posts: found };
    }
    return cannotTell('dash.long-list', `more than ${maxPages * pageSize} posts were listed without an end`);
  };
};

/** Where looking up is switched off: nobody can tell. */
export const noRecentPosts: ListRecentPosts = async () =>
  cannotTell('dash.no-list', 'looking up is switched off: feeds.yml has no dash: { look_up: true }');
