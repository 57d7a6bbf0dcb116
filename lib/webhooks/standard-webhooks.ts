import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { misconfigured } from '../core/errors.ts';
import type { WebhookRequest } from '../core/webhooks/webhook.ts';
import { generic } from './generic.ts';
import { malformed, matchHeader, requiredHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

/** A sender signs with both secrets during a rotation; many more signatures are an attack. */
const maxSignatures = 10;

const signature: SignatureScheme = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets).map(keyOf);
    const prefix = Object.hasOwn(request.headers, 'webhook-signature') ? 'webhook' : 'svix';
    const [id = ''] = matchHeader(request, `${prefix}-id`, /^([\x21-\x7e]{1,256})$/);
    const [timestamp = ''] = matchHeader(request, `${prefix}-timestamp`, /^(\d{1,12})$/);
    const claims = signatures(request, `${prefix}-signature`);
    const signed = [`${id}.${timestamp}.`, request.bytes];
    verifyHmac(
      { algorithm: 'sha256', encoding: 'base64', signed, claims, at: Number(timestamp) * 1000 },
      keys,
      now,
    );
  },
  sign: ({ body, secret, at, id }) => {
    const time = String(Math.floor(at / 1000));
    const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${time}.`).update(body);
    return {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${hmac.digest('base64')}`,
    };
  },
};

/**
 * Standard Webhooks, created by Svix and used by many services, some with headers `svix-*`. It specifies the signature
 * but not the payload, whose mapping is in feeds.yml.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardWebhooks: Source<'standard-webhooks'> = {
  ...generic,
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  takes: ['when', 'map', 'link', 'base'],
  needs: ['map'],
  signature,
};

const signatures = (request: WebhookRequest, header: string): string[] => {
  const items = requiredHeader(request, header).split(' ');
  const claims = items.flatMap((item) => /^v1,([A-Za-z\d+/]{43}=)$/.exec(item)?.[1] ?? []);
  if (claims.length === 0 || items.length > maxSignatures) throw malformed(header);
  return claims;
};

const keyOf = (secret: string): Buffer => {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  if (key.length === 0 || !/^[A-Za-z\d+/]+={0,2}$/.test(encoded)) {
    throw misconfigured(
      'signature.bad-secret',
      'The secret of a standard-webhooks source is not valid base64 (after "whsec_", if present): store the complete secret again.',
    );
  }
  return key;
};
