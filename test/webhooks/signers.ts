import { createHmac } from 'node:crypto';
import { signRequest } from '@contentful/node-apps-toolkit';
import { sign as signForGithub } from '@octokit/webhooks-methods';
import { encodeSignatureHeader } from '@sanity/webhook';
import { Webhook } from 'standardwebhooks';
import type { SourceName, SourceOptions, WebhookRequest } from '../../lib/core/webhooks/webhook.ts';

type Proven = Partial<Pick<WebhookRequest, 'headers' | 'query'>>;

/** How the sender signs, by its own library where it has one, else by hand; nothing here is our code. */
export type Signer = {
  from: SourceName;
  /** Distinguishes several ways of one source. */
  way: string;
  options: Partial<SourceOptions>;
  secrets: [string, string];
  /** Whether the scheme signs a time, so that a late repeat can be told. */
  timed: boolean;
  sign: (body: string, secret: string, at: number) => Promise<Proven> | Proven;
  /** Each of these, taken away alone, is a missing signature. */
  headers: string[];
  /** Values that are no signature of this scheme at all. */
  malformed: Record<string, string>[];
};

const hmac = (algorithm: string, secret: string, text: string, encoding: 'hex' | 'base64' | 'base64url') =>
  createHmac(algorithm, secret).update(text, 'utf8').digest(encoding);

const plainSecrets: [string, string] = ['the first secret', 'the second secret'];
const whsec: [string, string] = [
  `whsec_${Buffer.from('first key of 24 bytes...').toString('base64')}`,
  `whsec_${Buffer.from('other key of 24 bytes...').toString('base64')}`,
];
const sixtyFour: [string, string] = ['a1'.repeat(32), 'b2'.repeat(32)];

const standardSigner = (prefix: 'webhook' | 'svix'): Signer => ({
  from: 'standard-webhooks',
  way: `headers ${prefix}-*`,
  options: {},
  secrets: whsec,
  timed: true,
  sign: (body, secret, at) => ({
    headers: {
      [`${prefix}-id`]: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
      [`${prefix}-timestamp`]: String(Math.floor(at / 1000)),
      [`${prefix}-signature`]: new Webhook(secret).sign(
        'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
        new Date(at),
        body,
      ),
    },
  }),
  headers: [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`],
  malformed: [
    { [`${prefix}-signature`]: 'v1a,bm90IGFuIGhtYWM=' },
    { [`${prefix}-signature`]: 'v1,not base64' },
    { [`${prefix}-timestamp`]: '2026-11-20T08:30:00Z' },
    { [`${prefix}-id`]: 'two words' },
  ],
});

const genericHmac = (options: {
  algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  encoding: 'hex' | 'base64' | 'base64url';
}): Signer => ({
  from: 'generic',
  way: `${options.algorithm} ${options.encoding}`,
  options: {
    verify: {
      kind: 'hmac',
      ...options,
      header: 'x-signature',
      prefix: 'v0=',
      signed: '{id}:{timestamp}:{body}',
      timestampHeader: 'x-timestamp',
      unit: 's',
      idHeader: 'x-id',
    },
  },
  secrets: plainSecrets,
  timed: true,
  sign: (body, secret, at) => {
    const time = String(Math.floor(at / 1000));
    const signature = hmac(options.algorithm, secret, `evt_1:${time}:${body}`, options.encoding);
    return { headers: { 'x-signature': `v0=${signature}`, 'x-timestamp': time, 'x-id': 'evt_1' } };
  },
  headers: ['x-signature', 'x-timestamp', 'x-id'],
  malformed: [
    { 'x-signature': 'v1=00' },
    { 'x-signature': 'v0=?' },
    { 'x-timestamp': '-5' },
    { 'x-timestamp': '1e9' },
  ],
});

const bearer = (from: SourceName): Signer => ({
  from,
  way: 'bearer token',
  options: {},
  secrets: plainSecrets,
  timed: false,
  sign: (_body, secret) => ({ headers: { authorization: `Bearer ${secret}` } }),
  headers: ['authorization'],
  malformed: [],
});

export const signers: Signer[] = [
  standardSigner('webhook'),
  standardSigner('svix'),
  {
    from: 'ghost',
    way: 'body and time',
    options: {},
    secrets: plainSecrets,
    timed: true,
    sign: (body, secret, at) => ({
      headers: { 'x-ghost-signature': `sha256=${hmac('sha256', secret, `${body}${at}`, 'hex')}, t=${at}` },
    }),
    headers: ['x-ghost-signature'],
    malformed: [
      { 'x-ghost-signature': `sha256=${'0'.repeat(64)}` },
      { 'x-ghost-signature': `sha256=${'0'.repeat(63)}, t=1795163400000` },
      { 'x-ghost-signature': `sha256=${'0'.repeat(64)}, t=soon` },
    ],
  },
  {
    from: 'wordpress',
    way: 'body',
    options: {},
    secrets: plainSecrets,
    timed: false,
    sign: (body, secret) => ({
      headers: { 'x-wp-webhook-signature': hmac('sha256', secret, body, 'base64') },
    }),
    headers: ['x-wp-webhook-signature'],
    malformed: [{ 'x-wp-webhook-signature': 'not base64!' }],
  },
  {
    from: 'contentful',
    way: 'canonical request',
    options: { path: '/hooks/site-contentful' },
    secrets: sixtyFour,
    timed: true,
    sign: (body, secret, at) => {
      const context = {
        'X-Contentful-Topic': 'ContentManagement.Entry.publish',
        'X-Contentful-Webhook-Name': ' Drafts ',
      };
      const request = { method: 'POST' as const, path: '/hooks/site-contentful', headers: context, body };
      const signed = signRequest(secret, request, at);
      return {
        headers: {
          'x-contentful-topic': context['X-Contentful-Topic'],
          'x-contentful-webhook-name': context['X-Contentful-Webhook-Name'],
          ...(signed as unknown as Record<string, string>),
        },
      };
    },
    headers: [
      'x-contentful-signature',
      'x-contentful-signed-headers',
      'x-contentful-timestamp',
      'x-contentful-topic',
    ],
    malformed: [
      { 'x-contentful-signature': 'x'.repeat(64) },
      { 'x-contentful-signed-headers': 'x-contentful-topic,x-contentful-signed-headers' },
      { 'x-contentful-signed-headers': 'a;b' },
      { 'x-contentful-timestamp': 'now' },
    ],
  },
  {
    from: 'sanity',
    way: 'time and body',
    options: {},
    secrets: plainSecrets,
    timed: true,
    sign: async (body, secret, at) => ({
      headers: { 'sanity-webhook-signature': await encodeSignatureHeader(body, at, secret) },
    }),
    headers: ['sanity-webhook-signature'],
    malformed: [
      { 'sanity-webhook-signature': 't=1795163400000' },
      { 'sanity-webhook-signature': `v1=${'A'.repeat(43)},t=1795163400000` },
    ],
  },
  {
    from: 'hygraph',
    way: 'body in JSON',
    options: {},
    secrets: plainSecrets,
    timed: true,
    sign: (body, secret, at) => {
      const signed = JSON.stringify({ Body: body, EnvironmentName: 'master', TimeStamp: at });
      return {
        headers: {
          'gcms-signature': `sign=${hmac('sha256', secret, signed, 'base64')}, env=master, t=${at}`,
        },
      };
    },
    headers: ['gcms-signature'],
    malformed: [
      { 'gcms-signature': `sign=${'A'.repeat(43)}=, t=1795163400000` },
      { 'gcms-signature': `sign=${'A'.repeat(42)}=, env=master, t=1795163400000` },
      { 'gcms-signature': `sign=${'A'.repeat(43)}=, env=master, t=soon` },
    ],
  },
  bearer('strapi'),
  {
    from: 'webflow',
    way: 'time and body',
    options: {},
    secrets: plainSecrets,
    timed: true,
    sign: (body, secret, at) => ({
      headers: {
        'x-webflow-timestamp': String(at),
        'x-webflow-signature': hmac('sha256', secret, `${at}:${body}`, 'hex'),
      },
    }),
    headers: ['x-webflow-timestamp', 'x-webflow-signature'],
    malformed: [{ 'x-webflow-signature': 'sha256=00' }, { 'x-webflow-timestamp': 'soon' }],
  },
  {
    from: 'github',
    way: 'body',
    options: {},
    secrets: plainSecrets,
    timed: false,
    sign: async (body, secret) => ({ headers: { 'x-hub-signature-256': await signForGithub(secret, body) } }),
    headers: ['x-hub-signature-256'],
    malformed: [{ 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }, { 'x-hub-signature-256': 'sha256=' }],
  },
  genericHmac({ algorithm: 'sha1', encoding: 'hex' }),
  genericHmac({ algorithm: 'sha256', encoding: 'base64' }),
  genericHmac({ algorithm: 'sha384', encoding: 'base64url' }),
  genericHmac({ algorithm: 'sha512', encoding: 'hex' }),
  {
    from: 'generic',
    way: 'secret in a header',
    options: { verify: { kind: 'header', header: 'x-api-key', prefix: '' } },
    secrets: plainSecrets,
    timed: false,
    sign: (_body, secret) => ({ headers: { 'x-api-key': secret } }),
    headers: ['x-api-key'],
    malformed: [],
  },
  {
    from: 'generic',
    way: 'basic',
    options: { verify: { kind: 'basic', user: 'cms' } },
    secrets: plainSecrets,
    timed: false,
    sign: (_body, secret) => ({
      headers: { authorization: `Basic ${Buffer.from(`cms:${secret}`).toString('base64')}` },
    }),
    headers: ['authorization'],
    malformed: [{ authorization: 'Bearer token' }],
  },
  {
    from: 'generic',
    way: 'secret in the query',
    options: { verify: { kind: 'query', parameter: 'token' } },
    secrets: plainSecrets,
    timed: false,
    sign: (_body, secret) => ({ query: { token: secret } }),
    headers: [],
    malformed: [],
  },
  {
    from: 'storyblok',
    way: 'body',
    options: {},
    secrets: plainSecrets,
    timed: false,
    sign: (body, secret) => ({ headers: { 'webhook-signature': hmac('sha1', secret, body, 'hex') } }),
    headers: ['webhook-signature'],
    malformed: [{ 'webhook-signature': 'sha1=00' }],
  },
  bearer('directus'),
  bearer('zapier'),
];
