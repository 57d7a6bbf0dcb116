import { Buffer } from 'node:buffer';
import { misconfigured } from '../core/errors.ts';
import type { Source, WebhookRequest } from '../core/webhooks/webhook.ts';
import { generic } from './generic.ts';
import { malformed, matchHeader, prove, requiredHeader, usableSecrets } from './signature.ts';

/** A sender that rotates its secret signs with both; more than a few signatures is no honest sender. */
const mostSignatures = 10;

/**
 * Standard Webhooks, which Svix began and many services send, some with headers `svix-*`. It says how to sign,
 * not what to send: the mapping is the user's.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardWebhooks: Source = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets).map(keyOf);
    const prefix = Object.hasOwn(request.headers, 'webhook-signature') ? 'webhook' : 'svix';
    const [id = ''] = matchHeader(request, `${prefix}-id`, /^([\x21-\x7e]{1,256})$/);
    const [timestamp = ''] = matchHeader(request, `${prefix}-timestamp`, /^(\d{1,12})$/);
    const claims = signatures(request, `${prefix}-signature`);
    const signed = [`${id}.${timestamp}.`, request.bytes];
    prove(
      { algorithm: 'sha256', encoding: 'base64', signed, claims, at: Number(timestamp) * 1000 },
      keys,
      now,
    );
  },
  map: generic.map,
  ...(generic.stories && { stories: generic.stories }),
};

const signatures = (request: WebhookRequest, header: string): string[] => {
  const items = requiredHeader(request, header).split(' ');
  const claims = items.flatMap((item) => /^v1,([A-Za-z\d+/]{43}=)$/.exec(item)?.[1] ?? []);
  if (claims.length === 0 || items.length > mostSignatures) throw malformed(header);
  return claims;
};

const keyOf = (secret: string): Buffer => {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  if (key.length === 0 || !/^[A-Za-z\d+/]+={0,2}$/.test(encoded)) {
    throw misconfigured(
      'signature.bad-secret',
      'The secret of a standard-webhooks source is base64, usually after "whsec_"; copy the whole of it.',
    );
  }
  return key;
};
