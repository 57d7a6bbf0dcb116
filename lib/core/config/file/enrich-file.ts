import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import type { EnrichConfig } from '../config.ts';
import { SecretNames } from '../secret-name.ts';
import { must, mustBe } from '../wrong-value.ts';
import { closedMap, flag, picked, type RawCheck, setting } from './config-schema.ts';

/** A function or an alias of one: its ARN goes into a policy as it is, so it contains no wildcard. */
const arnForm =
  /^arn:aws[a-z-]{0,20}:lambda:[a-z]{2,4}(?:-[a-z]{2,12}){1,2}-\d:\d{12}:function:[\w-]{1,64}(?::[\w-]{1,128})?$/;
const arnMessage = mustBe(
  'the ARN of a Lambda function',
  'copy it whole, for example arn:aws:lambda:eu-central-1:111122223333:function:enrich, without a wildcard',
);
const FunctionArn = v.pipe(v.string(arnMessage), v.regex(arnForm, arnMessage));

const urlMessage = must('the address of the hook', 'write it in full, beginning with https://');
const hasCredentials = (url: string) => Boolean(URL.parse(url)?.username || URL.parse(url)?.password);
const HookUrl = v.pipe(
  v.string(urlMessage),
  v.maxLength(2_048, urlMessage),
  v.check((url) => /^https?:\/\/[^\s/]\S*$/i.test(url) && URL.canParse(url), urlMessage),
  v.check(
    (url) => !hasCredentials(url),
    'contains a user name or a password: remove it; every request is signed with secret_name',
  ),
);

const usualTimeout = 20;
const timeoutForm = /^([1-9]|[1-5]\d|60)s$/;
const timeoutMessage = mustBe('a duration from 1s to 60s', 'write, for example, 20s');
const Timeout = v.pipe(v.string(timeoutMessage), v.regex(timeoutForm, timeoutMessage));

const oneHook: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value)) return;
  const { lambda, url, secret_name, allow_private } = value;
  if ((lambda === undefined) === (url === undefined))
    addIssue({ message: 'needs either lambda or url: name one hook' });
  else if (url !== undefined && secret_name === undefined)
    addIssue({
      message: 'has no secret_name: name the secret that signs the requests, and store it with `secret set`',
    });
  else if (lambda !== undefined && (secret_name !== undefined || allow_private !== undefined))
    addIssue({ message: 'has settings that only a url uses: remove secret_name and allow_private' });
  else if (typeof url === 'string' && !allow_private && /^http:/i.test(url))
    addIssue({
      message:
        'has a url without encryption: begin with https://; http is only for a private network, with allow_private: true',
    });
};

const EnrichAsWritten = v.pipe(
  closedMap({
    lambda: setting(FunctionArn, 'ARN of a Lambda function in your account.'),
    url: setting(HookUrl, 'Address of a service of yours; requests are signed (Standard Webhooks).'),
    secret_name: setting(
      SecretNames,
      'Name of the secret that signs the requests to url; a list of two while you rotate it.',
    ),
    allow_private: setting(flag, 'true: url may be in a private network. Default: false.'),
    timeout: setting(Timeout, 'How long an answer may take, up to 60s. Default: 20s.'),
    on_failure: setting(
      picked('hold', 'send'),
      'After three failed tries: hold the entry, or send the post as it is. Default: hold.',
    ),
  }),
  v.rawCheck(oneHook),
);
type EnrichAsWritten = v.InferOutput<typeof EnrichAsWritten>;

/** The hook that is asked about each post; the same for feeds, webhooks and `defaults`. */
export const enrichEntries = {
  enrich: setting(
    EnrichAsWritten,
    'A function or service of yours that is asked about each post before it is sent. Default: none.',
  ),
};

/** The hook as configured; an empty object without one, to be spread. */
export const enrichOf = ({ enrich }: { enrich?: EnrichAsWritten | undefined }): { enrich?: EnrichConfig } => {
  if (enrich === undefined) return {};
  const { lambda, url = '', secret_name = [], allow_private = false, timeout, on_failure = 'hold' } = enrich;
  const target =
    lambda === undefined
      ? ({ kind: 'url', url, secretNames: [secret_name].flat(), allowPrivate: allow_private } as const)
      : ({ kind: 'lambda', arn: lambda } as const);
  const timeoutMs = (timeout === undefined ? usualTimeout : Number.parseInt(timeout, 10)) * 1_000;
  return { enrich: { target, timeoutMs, onFailure: on_failure } };
};
