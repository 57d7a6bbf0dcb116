import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import type { FeedLogin } from '../config.ts';
import { SecretName } from '../secret-name.ts';
import { must } from '../wrong-value.ts';
import { type RawCheck, setting } from './config-schema.ts';

const ownHeaders =
  /^(?:host|user-agent|accept|accept-encoding|if-none-match|if-modified-since|cookie|connection|content-.*|transfer-encoding|referer)$/i;

const LoginHeaders = v.pipe(
  v.custom<Record<string, unknown>>(
    isObject,
    must(
      'a map of headers',
      "write a header's name, a colon, and the key of its value in the inbound secret",
    ),
  ),
  v.record(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z][A-Za-z\d-]{0,63}$/, 'is not a header name: use letters, digits and hyphens'),
      v.check((name) => !ownHeaders.test(name), 'is a header that cannot be set: remove it'),
    ),
    SecretName,
  ),
);

/** Not allowed in `defaults`, which would send them to every publisher. */
export const loginEntries = {
  headers: setting(
    LoginHeaders,
    'Request headers for a login: each name, and the name of the secret with its value.',
  ),
  basic: setting(SecretName, 'Name of the secret with user:password, for HTTP Basic.'),
};

export const oneLogin: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.basic === undefined || !isObject(value.headers)) return;
  if (Object.keys(value.headers).some((name) => name.toLowerCase() === 'authorization'))
    addIssue({ message: 'has both basic and an authorization header: keep one of them' });
};

type AsWritten = { headers?: Record<string, unknown> | undefined; basic?: unknown };

/** Header names in lower case, as requests use them; `null` if nothing is set. */
export const loginOf = ({ headers, basic }: AsWritten): FeedLogin | null =>
  headers === undefined && basic === undefined
    ? null
    : {
        headers: Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, secret]) => [name.toLowerCase(), String(secret)]),
        ),
        basic: basic === undefined ? null : String(basic),
      };
