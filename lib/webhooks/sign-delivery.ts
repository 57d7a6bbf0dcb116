import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { WebhookConfig } from '../core/config/config.ts';
import { misconfigured } from '../core/errors.ts';
import type { HmacRule, VerifyRule } from '../core/webhooks/source-settings.ts';
import type { UnsignedDelivery } from './source.ts';
import { sourceNamed } from './sources.ts';

export type SignedDelivery = { headers: Record<string, string>; query: Record<string, string> };

/**
 * Signs a payload as its content system would, to test a webhook: headers in lower case, and the query of the address.
 * Throws config `signature.no-rule`, `webhook.unknown-source`.
 */
export const signDelivery = (
  { from, options }: Pick<WebhookConfig, 'from' | 'options'>,
  delivery: UnsignedDelivery,
): SignedDelivery => {
  const source = sourceNamed(from);
  const scheme = options.verify ?? source.signature;
  if (scheme === null) {
    throw misconfigured(
      'signature.no-rule',
      `A delivery from ${from} cannot be signed: add "verify" to its webhook in feeds.yml.`,
    );
  }
  const signed =
    'kind' in scheme
      ? signByRule(scheme, delivery)
      : { headers: scheme.sign({ ...delivery, path: options.path ?? delivery.path }), query: {} };
  return {
    ...signed,
    headers: { 'content-type': 'application/json', ...source.headers, ...signed.headers },
  };
};

const signByRule = (rule: VerifyRule, delivery: UnsignedDelivery): SignedDelivery =>
  rule.kind === 'query'
    ? { headers: {}, query: { [rule.parameter]: delivery.secret } }
    : { headers: headersBy(rule, delivery), query: {} };

const headersBy = (
  rule: Exclude<VerifyRule, { kind: 'query' }>,
  delivery: UnsignedDelivery,
): Record<string, string> => {
  if (rule.kind === 'header') return { [rule.header]: rule.prefix + delivery.secret };
  if (rule.kind === 'hmac') return hmacHeaders(rule, delivery);
  const credentials = Buffer.from(`${rule.user}:${delivery.secret}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
};

const hmacHeaders = (rule: HmacRule, { body, secret, at, id }: UnsignedDelivery): Record<string, string> => {
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
