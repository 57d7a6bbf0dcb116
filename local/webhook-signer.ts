import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { HmacRule, SourceName, VerifyRule, WebhookConfig } from '../lib/core/webhooks/webhook.ts';
import { githubRule } from '../lib/webhooks/github.ts';
import { bearerRule } from '../lib/webhooks/signature.ts';
import { storyblokRule } from '../lib/webhooks/storyblok.ts';
import { webflowRule } from '../lib/webhooks/webflow.ts';
import { wordpressRule } from '../lib/webhooks/wordpress.ts';

/** What a delivery is made of. `at` is epoch milliseconds, `path` the one it is sent to, `id` names the delivery. */
export type Unsigned = { body: Uint8Array; secret: string; at: number; path: string; id: string };
export type SignedDelivery = { headers: Record<string, string>; query: Record<string, string> };

type Sign = (delivery: Unsigned) => Record<string, string>;

const sha256 = (secret: string | Uint8Array, ...parts: (string | Uint8Array)[]) => {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac;
};

const signContentful: Sign = ({ body, secret, at, path }) => {
  const signed = {
    'x-contentful-signed-headers': 'x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic',
    'x-contentful-timestamp': String(at),
    'x-contentful-topic': 'ContentManagement.Entry.publish',
  };
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}`);
  const head = `POST\n${encodeURI(path)}\n${lines.join(';')}\n`;
  return { ...signed, 'x-contentful-signature': sha256(secret, head, body).digest('hex') };
};

const signStandard: Sign = ({ body, secret, at, id }) => {
  const time = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.trim().replace(/^whsec_/, ''), 'base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${sha256(key, `${id}.${time}.`, body).digest('base64')}`,
  };
};

const ownSchemes: Partial<Record<SourceName, Sign>> = {
  'standard-webhooks': signStandard,
  ghost: ({ body, secret, at }) => ({
    'x-ghost-signature': `sha256=${sha256(secret, body, String(at)).digest('hex')}, t=${at}`,
  }),
  contentful: signContentful,
  hygraph: ({ body, secret, at }) => {
    const Body = Buffer.from(body).toString('utf8');
    const signed = JSON.stringify({ Body, EnvironmentName: 'master', TimeStamp: at });
    return { 'gcms-signature': `sign=${sha256(secret, signed).digest('base64')}, env=master, t=${at}` };
  },
  sanity: ({ body, secret, at }) => ({
    'sanity-webhook-signature': `t=${at},v1=${sha256(secret, `${at}.`, body).digest('base64url')}`,
    'sanity-operation': 'create',
  }),
};

const usualRules: Partial<Record<SourceName, VerifyRule>> = {
  wordpress: wordpressRule,
  webflow: webflowRule,
  github: githubRule,
  storyblok: storyblokRule,
  strapi: bearerRule,
  directus: bearerRule,
  zapier: bearerRule,
};

/** Headers by which some sources tell what a payload is. */
const told: Partial<Record<SourceName, Record<string, string>>> = {
  wordpress: { 'x-wp-webhook-name': 'post_update' },
  github: { 'x-github-event': 'release' },
};

/**
 * Signs a payload as its sender would, so that a person can try a mapping: headers in lower case, and what must
 * stand in the query of the address. Throws when a webhook has no rule of proof.
 */
export const signDelivery = (
  { from, options }: Pick<WebhookConfig, 'from' | 'options'>,
  delivery: Unsigned,
): SignedDelivery => {
  const rule = options.verify ?? usualRules[from];
  const own = ownSchemes[from];
  const type = { 'content-type': 'application/json', ...told[from] };
  if (own) {
    const path = options.path ?? delivery.path;
    return { headers: { ...type, ...own({ ...delivery, path }) }, query: {} };
  }
  if (!rule)
    throw new Error(`The webhook from ${from} has no "verify": say in feeds.yml how it proves itself.`);
  if (rule.kind === 'query') return { headers: type, query: { [rule.parameter]: delivery.secret } };
  return { headers: { ...type, ...headersBy(rule, delivery) }, query: {} };
};

const headersBy = (
  rule: Exclude<VerifyRule, { kind: 'query' }>,
  delivery: Unsigned,
): Record<string, string> => {
  if (rule.kind === 'header') return { [rule.header]: rule.prefix + delivery.secret };
  if (rule.kind === 'hmac') return hmacHeaders(rule, delivery);
  const credentials = Buffer.from(`${rule.user}:${delivery.secret}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
};

const hmacHeaders = (rule: HmacRule, { body, secret, at, id }: Unsigned): Record<string, string> => {
  const time = String(rule.unit === 's' ? Math.floor(at / 1000) : at);
  const [before = '', after = ''] = rule.signed
    .replaceAll('{id}', id)
    .replaceAll('{timestamp}', time)
    .split('{body}');
  const hmac = createHmac(rule.algorithm, secret).update(before).update(body).update(after);
  return {
    [rule.header]: rule.prefix + hmac.digest(rule.encoding),
    ...(rule.timestampHeader && { [rule.timestampHeader]: time }),
    ...(rule.idHeader && { [rule.idHeader]: id }),
  };
};
