import * as v from 'valibot';
import { sendWithToken } from '../../core/dash/dash-call.ts';
import { type DashResponse, readJson, type SendDash } from '../../core/dash/dash-response.ts';
import { misconfigured, permanent, retryable } from '../../core/errors.ts';
import type { TokenSource } from '../../core/ports.ts';

export type DashReaderOptions = { send: SendDash; token: TokenSource };

const unlessRefused = ({ status }: DashResponse): void => {
  if (status === 401) throw misconfigured('dash.unauthorized', 'Dash Social refuses the token');
  if (status === 403)
    throw misconfigured('dash.forbidden', 'Dash Social knows the token but denies it access');
  if (status === 429 || status >= 500) throw retryable('dash.failed', `Dash Social returned ${status}`);
};

/**
 * Reads an address of Dash Social with the token. Throws AppError: retryable `dash.unreachable` or `dash.failed`; config
 * `dash.unauthorized`, `dash.forbidden` or `token.*`; permanent `dash.unknown-call` if the endpoint does not exist or
 * responds unexpectedly, which allows no conclusion.
 */
export const dashReader = (options: DashReaderOptions) => {
  const send = sendWithToken(options);
  return async <S extends v.GenericSchema>(url: string, schema: S): Promise<v.InferOutput<S>> => {
    const reply = await send({ method: 'GET', url });
    if (reply.kind !== 'response')
      throw retryable(
        'dash.unreachable',
        reply.kind === 'failed' ? reply.message : 'The request was not sent',
      );
    unlessRefused(reply.response);
    const { status, body } = reply.response;
    const read = v.safeParse(schema, status === 200 ? readJson(body) : null);
    if (read.success) return read.output;
    throw permanent('dash.unknown-call', `Dash Social returned ${status} for ${url}, which is unexpected`);
  };
};
