import type { WebhookRequest } from '../core/webhooks/webhook.ts';
import { generic } from './generic.ts';
import { signStandardWebhook, standardWebhookKey } from './sign-standard-webhook.ts';
import { malformed, matchHeader, requiredHeader, usableSecrets, verifyHmac } from './signature.ts';
import type { SignatureScheme, Source } from './source.ts';

/** A sender signs with both secrets during a rotation; many more signatures are an attack. */
const maxSignatures = 10;

const signature: SignatureScheme = {
  verify: (request, secrets, _options, now) => {
    const keys = usableSecrets(secrets).map(standardWebhookKey);
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
  sign: ({ body, secret, at, id }) => signStandardWebhook({ id, body, at }, [secret]),
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
