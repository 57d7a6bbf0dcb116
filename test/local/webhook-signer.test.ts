import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { type SignedDelivery, signDelivery, type Unsigned } from '../../local/webhook-signer.ts';
import { now, payloadOf, requestOf, webhookFrom } from '../webhooks/delivery.ts';
import { signers } from '../webhooks/signers.ts';

const unsigned = (body: string, secret: string): Unsigned => ({
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

  test('what is signed here is taken by the receiver', () => {
    const signed = signDelivery(webhook, unsigned(body, signer.secrets[0]));

    const mapped = parseDelivery(webhook, request(body, signed), [signer.secrets[0]], now);

    expect(mapped).toHaveLength(1);
  });

  test('and only with the right secret', () => {
    const signed = signDelivery(webhook, unsigned(body, signer.secrets[1]));

    const opening = () => parseDelivery(webhook, request(body, signed), [signer.secrets[0]], now);

    expect(opening).toThrow(expect.objectContaining({ code: 'signature.mismatch' }));
  });
});

test.each(['ghost', 'wordpress', 'contentful', 'sanity', 'github', 'zapier'] as const)(
  'a first publication of %s, signed here, is read as one',
  (from) => {
    const link = { contentful: 'https://x.example/{{ slug }}', sanity: 'https://x.example/{{ slug }}' };
    const webhook = webhookFrom(from, {
      link: from === 'contentful' || from === 'sanity' ? link[from] : null,
      fields: from === 'contentful' ? { title: 'headline' } : {},
    });
    const body = JSON.stringify(payloadOf(from));
    const secret = 'a1'.repeat(32);

    const signed = signDelivery(webhook, unsigned(body, secret));

    expect(parseDelivery(webhook, request(body, signed), [secret], now)).toMatchObject([
      { kind: 'published' },
    ]);
  },
);

test('a webhook that says nothing of proof cannot be signed for', () => {
  expect(() => signDelivery(webhookFrom('generic'), unsigned('{}', 'secret'))).toThrow(/has no "verify"/);
});
