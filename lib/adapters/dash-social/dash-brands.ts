import * as v from 'valibot';
import { dashUrls, sendWithToken } from '../../core/dash/dash-call.ts';
import { type DashResponse, readJson, type SendDash } from '../../core/dash/dash-response.ts';
import { misconfigured, permanent, retryable } from '../../core/errors.ts';
import type { TokenSource } from '../../core/ports.ts';

type DashBrandsOptions = { send: SendDash; token: TokenSource; baseUrl?: string };

const Self = v.looseObject({ accessible_brands: v.array(v.number()) });

const unlessRefused = ({ status }: DashResponse): void => {
  if (status === 401) throw misconfigured('dash.unauthorized', 'Dash Social refuses the token');
  if (status === 403)
    throw misconfigured('dash.forbidden', 'Dash Social knows the token but denies it access');
  if (status === 429 || status >= 500) throw retryable('dash.failed', `Dash Social returned ${status}`);
};

/**
 * The brands that the token may use. Throws AppError: retryable `dash.unreachable` or `dash.failed`; config
 * `dash.unauthorized`, `dash.forbidden` or `token.*`; permanent `dash.unknown-call` if the endpoint does not exist or
 * responds unexpectedly, which allows no conclusion.
 */
export const dashBrands = (options: DashBrandsOptions) => async (): Promise<number[]> => {
  const { self: url } = dashUrls(options.baseUrl);
  const reply = await sendWithToken(options)({ method: 'GET', url });
  if (reply.kind !== 'response')
    throw retryable('dash.unreachable', reply.kind === 'failed' ? reply.message : 'The request was not sent');
  unlessRefused(reply.response);
  const { status, body } = reply.response;
  const read = v.safeParse(Self, status === 200 ? readJson(body) : null);
  if (read.success) return read.output.accessible_brands;
  throw permanent('dash.unknown-call', `Dash Social returned ${status} for ${url}, which is unexpected`);
};
