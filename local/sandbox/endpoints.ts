import { type Library, libraryEndpoints } from './library.ts';
import { errorsOfChange, errorsOfNew } from './page-rules.ts';
import type { KeptPost, PostShelf } from './post-shelf.ts';
import { refusal, type SandboxResponse } from './response.ts';

/** A request as an endpoint sees it; `body` is the parsed JSON, undefined if it cannot be parsed. */
export type ApiRequest = { method: string; url: URL; raw: string; body: unknown };

type World = {
  shelf: PostShelf;
  library: Library;
  brands: readonly number[];
  clock: () => number;
  baseUrl: () => string;
  /** Whether a PATCH changes the fields that it names, or replaces the post; the API reference says neither. */
  patches: 'fields' | 'whole post';
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const iso = (at: number) => new Date(at).toISOString();

const statusOf = (post: Record<string, unknown>) => {
  if (post.status !== undefined) return post.status;
  if (post.auto_publish !== true) return 'DRAFT';
  return typeof post.timestamp === 'string' ? 'SCHEDULED' : 'AUTOPUBLISHING';
};

// `duplicate_to_brand_ids` is write-only in the API reference.
const shown = ({ id, receivedAt, updatedAt, post }: KeptPost) => {
  const { duplicate_to_brand_ids, ...fields } = post;
  return {
    ...fields,
    id,
    status: statusOf(post),
    approval_status: null,
    created_at: iso(receivedAt),
    updated_at: iso(updatedAt),
    has_scheduled_time: typeof post.timestamp === 'string',
    live_post_url: null,
    media: [],
  };
};

const notThisBrand = (brand: unknown) => refusal(403, `The token may not use brand ${String(brand)}.`);

const create = (world: World, { raw, body }: ApiRequest): SandboxResponse => {
  if (!isObject(body)) return refusal(400, 'The body is not a JSON object.');
  const now = world.clock();
  const errors = errorsOfNew(body, now);
  if (Object.keys(errors).length > 0) return refusal(422, 'The post has errors.', errors);
  const brand = Number(body.brand_id);
  if (!world.brands.includes(brand)) return notThisBrand(brand);
  return { status: 201, body: shown(world.shelf.add({ brand, receivedAt: now, raw, post: body })) };
};

const change = (world: World, found: KeptPost, { body }: ApiRequest): SandboxResponse => {
  if (!isObject(body)) return refusal(400, 'The body is not a JSON object.');
  const now = world.clock();
  const errors = errorsOfChange(found.post, body, now);
  if (Object.keys(errors).length > 0) return refusal(422, 'The post has errors.', errors);
  const whole = world.patches === 'whole post';
  return { status: 200, body: shown(world.shelf.change(found, body, now, { whole })) };
};

const onePost = (world: World, request: ApiRequest, id: number): SandboxResponse => {
  const found = world.shelf.get(id);
  if (!found) return refusal(404, `There is no post ${id}.`);
  if (!world.brands.includes(found.brand)) return notThisBrand(found.brand);
  if (request.method === 'GET') return { status: 200, body: shown(found) };
  if (request.method === 'PATCH') return change(world, found, request);
  return refusal(405, 'A post takes GET and PATCH.');
};

const whole = (text: string | null, otherwise: number) => (text === null ? otherwise : Number(text));

const list = (world: World, { url }: ApiRequest): SandboxResponse => {
  const limit = whole(url.searchParams.get('limit'), 20);
  const offset = whole(url.searchParams.get('offset'), 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return refusal(422, 'The query has errors.', { limit: ['Must be between 1 and 100.'] });
  if (!Number.isInteger(offset) || offset < 0)
    return refusal(422, 'The query has errors.', { offset: ['Must be greater than or equal to 0.'] });
  const brand = url.searchParams.get('brand_id');
  if (brand !== null && !world.brands.includes(Number(brand))) return notThisBrand(brand);
  const mine = world.shelf
    .all()
    .filter((post) => (brand === null ? world.brands.includes(post.brand) : post.brand === Number(brand)))
    .reverse();

  const page = (from: number) => {
    const link = new URL(`${world.baseUrl()}${url.pathname}`);
    if (brand !== null) link.searchParams.set('brand_id', brand);
    link.searchParams.set('limit', String(limit));
    link.searchParams.set('offset', String(from));
    return link.href;
  };
  const paging = {
    count: mine.length,
    previous: offset > 0 ? page(Math.max(0, offset - limit)) : null,
    next: offset + limit < mine.length ? page(offset + limit) : null,
  };
  return { status: 200, body: { data: mine.slice(offset, offset + limit).map(shown), paging } };
};

const self = ({ brands }: World): SandboxResponse => ({
  status: 200,
  body: {
    id: 1,
    accessible_brands: brands,
    brands: brands.map((id) => ({ id, name: `Brand ${id}` })),
    organization: { id: 1, name: 'Sandbox' },
  },
});

const postsPath = '/tiktok/scheduled_posts';

const postIn = ({ pathname }: URL): number | null => {
  const [, id] = /^\/tiktok\/scheduled_posts\/(\d+)$/.exec(pathname) ?? [];
  return id === undefined ? null : Number(id);
};

/** Whether a request is for a new post, the list, one post, the token's own rights, the Library, or for anything else. */
export const purposeOf = ({ method, url }: Pick<ApiRequest, 'method' | 'url'>) => {
  if (method === 'POST' && url.pathname === postsPath) return 'create';
  if (method === 'GET' && url.pathname === postsPath) return 'list';
  if (postIn(url) !== null) return method === 'PATCH' ? 'change' : 'read';
  if (url.pathname === '/api/self') return 'self';
  return url.pathname.startsWith('/brands/') ? 'library' : 'other';
};

/** The API itself, behind token, rate limit and simulated failures. */
export const endpoints =
  (world: World) =>
  (request: ApiRequest): SandboxResponse => {
    const { method, url } = request;
    if (method === 'GET' && url.pathname === '/api/self') return self(world);
    if (method === 'POST' && url.pathname === postsPath) return create(world, request);
    if (method === 'GET' && url.pathname === postsPath) return list(world, request);
    const [, brand, rest = ''] = /^\/brands\/(\d+)\/(.+)$/.exec(url.pathname) ?? [];
    if (brand && method === 'GET')
      return world.brands.includes(Number(brand))
        ? libraryEndpoints(world, Number(brand), rest, url)
        : notThisBrand(brand);
    const id = postIn(url);
    return id === null ? refusal(404, 'There is nothing here.') : onePost(world, request, id);
  };
