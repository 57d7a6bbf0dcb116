import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { type SignedDelivery, signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import type { UnsignedDelivery } from '../../lib/webhooks/source.ts';
import { sources } from '../../lib/webhooks/sources.ts';
import { now, payloadOf, requestOf, webhookFrom } from './delivery.ts';
import { cases, signerOf, signers } from './signers.ts';

const unsigned = (body: string, secret: string): UnsignedDelivery => ({
  body: new TextEncoder().encode(body),
  secret,
  at: now,
  path: '/hooks/site-contentful',
  id: 'msg_1',
});

const request = (body: string, { headers, query }: SignedDelivery) =>
  requestOf(body, { headers, query, path: '/hooks/site-contentful' });

describe.each(signers.filter(({ way }) => way !== 'headers svix-*'))('$from, $way', (signer) => {
  const webhook = webhookFrom(signer.from, signer.options);
  const body = JSON.stringify({ ...payloadOf(signer.from), note: 'naïve ☕' });

  test('the receiver accepts the signed delivery', () => {
    const signed = signDelivery(webhook, unsigned(body, signer.secrets[0]));

    const mapped = parseDelivery(webhook, request(body, signed), [signer.secrets[0]], now);

    expect(mapped).toHaveLength(1);
  });

  test('the receiver rejects another secret', () => {
    const signed = signDelivery(webhook, unsigned(body, signer.secrets[1]));

    const opening = () => parseDelivery(webhook, request(body, signed), [signer.secrets[0]], now);

    expect(opening).toThrow(expect.objectContaining({ code: 'signature.mismatch' }));
  });
});

test.each(sources)('a signed publication from $name is parsed as one', ({ name }) => {
  const { options, secrets } = signerOf(name);
  const webhook = webhookFrom(name, { ...options, ...cases[name].options });
  const body = JSON.stringify(payloadOf(name));

  const signed = signDelivery(webhook, unsigned(body, secrets[0]));

  expect(parseDelivery(webhook, request(body, signed), [secrets[0]], now)).toEqual([cases[name].published]);
});

test('a delivery from a source without a signature needs verify', () => {
  expect(() => signDelivery(webhookFrom('generic'), unsigned('{}', 'secret'))).toThrow(
    expect.objectContaining({ kind: 'config', code: 'signature.no-rule' }),
  );
});
