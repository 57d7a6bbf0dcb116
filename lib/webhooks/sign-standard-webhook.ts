import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { misconfigured } from '../core/errors.ts';

/** The key in a secret of Standard Webhooks, with or without its prefix. Throws config `signature.bad-secret`. */
export const standardWebhookKey = (secret: string): Buffer => {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  if (key.length === 0 || !/^[A-Za-z\d+/]+={0,2}$/.test(encoded)) {
    throw misconfigured(
      'signature.bad-secret',
      'The secret for Standard Webhooks is not valid base64 (after "whsec_", if present): store the complete secret again.',
    );
  }
  return key;
};

type Message = { id: string; body: string | Uint8Array; at: number };

/**
 * The headers of a signed message, one signature per secret, so that receivers accept it while a secret is rotated.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signStandardWebhook = (
  { id, body, at }: Message,
  secrets: readonly string[],
): Record<string, string> => {
  const time = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', standardWebhookKey(secret)).update(`${id}.${time}.`).update(body);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures.join(' ') };
};
