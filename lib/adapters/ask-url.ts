import type { IncomingMessage } from 'node:http';
import { maxAnswerBytes } from '../core/enrich/answer.ts';
import { AppError, misconfigured, permanent, retryable } from '../core/errors.ts';
import { addressGuard, type Guard, isAgentsRefusal } from './feeds/http/address-guard.ts';
import { openPost, type PostOptions } from './guarded-post.ts';

/** `timeoutMs`: for everything together. `headers`: with the signature of `body`. */
type Asked = {
  url: string;
  allowPrivate: boolean;
  body: string;
  headers: Record<string, string>;
  timeoutMs: number;
};

const refused = (host: string): AppError =>
  misconfigured(
    'enrich.refused-address',
    `${host} has an address that hooks may not have: private, reserved, or on a port that is not allowed. If it is in your network, set allow_private: true below enrich`,
  );

const failure = (
  error: unknown,
  host: string,
  { timeoutMs, isOver }: { timeoutMs: number; isOver: boolean },
) => {
  if (error instanceof AppError && error.code.startsWith('enrich.')) return error;
  if (isAgentsRefusal(error) || error instanceof AppError) return refused(host);
  const { name, code } = error as NodeJS.ErrnoException;
  if (isOver) return retryable('enrich.timeout', `${host} gave no answer within ${timeoutMs / 1_000} s`);
  return retryable('enrich.unreachable', `${host} cannot be reached (${code ?? name})`);
};

const readBody = async (response: IncomingMessage, host: string): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) {
      response.destroy();
      throw permanent('enrich.too-large', `the answer of ${host} is larger than ${maxAnswerBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const checkStatus = (status: number, host: string): void => {
  if (status >= 200 && status < 300) return;
  const says = `${host} responded with ${status}`;
  if (status === 429 || status >= 500) throw retryable('enrich.failing', says);
  if (status >= 300 && status < 400)
    throw misconfigured(
      'enrich.redirected',
      `${says}, and redirects are not followed: write the final address`,
    );
  throw permanent('enrich.refused', says);
};

/**
 * Posts JSON text to a hook at a web address and returns the text of its answer, if the address is allowed: never
 * private by default, never the target of a redirect. Throws AppError `enrich.*`: retryable `timeout`, `unreachable`
 * and `failing` (429 and 5xx), config `refused-address` and `redirected`, permanent `refused` (other statuses) and
 * `too-large`; none contains more of the address than its host.
 */
export const askUrl = (options: Omit<PostOptions, 'allowPrivate' | 'timeoutMs'>) => {
  const { lookup } = options;
  const guards = new Map<boolean, Guard>();
  const guardOf = (allowPrivate: boolean): Guard => {
    const guard = guards.get(allowPrivate) ?? addressGuard({ allowPrivate, ...(lookup && { lookup }) });
    guards.set(allowPrivate, guard);
    return guard;
  };

  return async (asked: Asked): Promise<string> => {
    const url = new URL(asked.url);
    const guard = guardOf(asked.allowPrivate);
    const { timeoutMs } = asked;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      guard.check(url);
      const headers = { ...asked.headers, accept: 'application/json' };
      const response = await openPost(guard, options)({ url, body: asked.body, headers, signal });
      const status = response.statusCode ?? 0;
      if (status < 200 || status >= 300) response.destroy();
      checkStatus(status, url.host);
      return await readBody(response, url.host);
    } catch (error) {
      throw failure(error, url.host, { timeoutMs, isOver: signal.aborted });
    }
  };
};
