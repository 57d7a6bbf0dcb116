import * as v from 'valibot';
import { type DashAnswer, readJson, type SendDash } from '../core/dash-answer.ts';
import { dashUrls, sendWithToken } from '../core/dash-call.ts';
import { misconfigured, permanent, retryable } from '../core/errors.ts';
import type { TokenSource } from '../core/ports.ts';

export type DashSocialReadOptions = { send: SendDash; token: TokenSource; baseUrl?: string };

/** A post as far as it can be recognised. `createdAt` is epoch milliseconds; null is what was not told. */
export type ListedPost = { id: number; text: string | null; source: string | null; createdAt: number | null };

export type DashSocialRead = {
  /** The brands that the token may use. */
  accessibleBrands: () => Promise<number[]>;
  /** A brand's posts as Dash Social orders them, page by page as they are taken. */
  posts: (brand: number) => AsyncIterable<ListedPost>;
};

const pageSize = 50;
/** Enough to find what was posted minutes ago; a list without an end must not be followed for ever. */
const maxPages = 20;

const Text = v.fallback(v.nullable(v.string()), null);

// The page of the list is documented for sister platforms only: all but the id may be missing.
const ListPage = v.looseObject({
  data: v.array(v.looseObject({ id: v.number(), text: Text, creation_source: Text, created_at: Text })),
  paging: v.optional(v.looseObject({ next: v.nullish(v.string()) })),
});

const Self = v.looseObject({ accessible_brands: v.array(v.number()) });

const unlessRefused = ({ status }: DashAnswer): void => {
  if (status === 401)
    throw misconfigured('dash.unauthorized', 'Dash Social refuses the token: store a new one');
  if (status === 403)
    throw misconfigured('dash.forbidden', 'The token may not use this brand: grant it access');
  if (status === 429 || status >= 500) throw retryable('dash.failed', `Dash Social answered ${status}`);
};

const listed = ({
  id,
  text,
  creation_source,
  created_at,
}: v.InferOutput<typeof ListPage>['data'][number]) => {
  const createdAt = Date.parse(created_at ?? '');
  return { id, text, source: creation_source, createdAt: Number.isNaN(createdAt) ? null : createdAt };
};

/**
 * What can be asked of Dash Social. Throws AppError: retryable `dash.unreachable` or `dash.failed`; config
 * `dash.unauthorized`, `dash.forbidden` or `token.*`; permanent `dash.unknown-call` when there is no such call there,
 * or it does not answer as expected: then nothing may be concluded from it.
 */
export const dashSocialRead = (options: DashSocialReadOptions): DashSocialRead => {
  const urls = dashUrls(options.baseUrl);
  const send = sendWithToken(options);

  const get = async <S extends v.GenericSchema>(url: string, schema: S): Promise<v.InferOutput<S>> => {
    const reply = await send({ method: 'GET', url });
    if (reply.kind !== 'answer')
      throw retryable(
        'dash.unreachable',
        reply.kind === 'failed' ? reply.message : 'The request was not sent',
      );
    unlessRefused(reply.answer);
    const { status, body } = reply.answer;
    const read = v.safeParse(schema, status === 200 ? readJson(body) : null);
    if (read.success) return read.output;
    throw permanent('dash.unknown-call', `Dash Social answered ${status} to ${url}, but not as expected`);
  };

  return {
    accessibleBrands: async () => (await get(urls.self, Self)).accessible_brands,
    posts: async function* (brand) {
      for (let page = 0; page < maxPages; page += 1) {
        // By offset, not by the link that the answer gives: the token goes nowhere but to the configured host.
        const query = new URLSearchParams({
          brand_id: String(brand),
          limit: String(pageSize),
          offset: String(page * pageSize),
        });
        const { data, paging } = await get(`${urls.posts}?${query}`, ListPage);
        yield* data.map(listed);
        if (data.length === 0 || !paging?.next) return;
      }
    },
  };
};
