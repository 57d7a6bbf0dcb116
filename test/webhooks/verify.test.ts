import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { now, payloadOf, requestOf, webhookFrom } from './delivery.ts';
import { type Signer, signerOf, signers } from './signers.ts';

const minutes = (n: number) => n * 60_000;

/**
 * A delivery; by default unchanged, signed just now with the first secret, which is the only configured one.
 */
const deliver = async (
  signer: Signer,
  how: { by?: string; at?: number; secrets?: (string | undefined)[] } = {},
) => {
  const body = JSON.stringify({ ...payloadOf(signer.from), note: 'naïve ☕' });
  const proven = await signer.sign(body, how.by ?? signer.secrets[0], how.at ?? now);
  const request = requestOf(body, {
    query: proven.query ?? {},
    headers: { 'content-type': 'application/json', ...proven.headers },
  });
  const open = (changed = request) =>
    parseDelivery(webhookFrom(signer.from, signer.options), changed, how.secrets ?? [signer.secrets[0]], now);
  return { request, open };
};

describe.each(signers)('$from, $way', (signer) => {
  const refuses = (code: string) => expect.objectContaining({ name: 'AppError', kind: 'permanent', code });

  test('a signed delivery is accepted', async () => {
    const { open } = await deliver(signer);

    expect(open()).toHaveLength(1);
  });

  test('a delivery signed with the second secret is accepted during rotation', async () => {
    const { open } = await deliver(signer, { by: signer.secrets[1], secrets: signer.secrets });

    expect(open()).toHaveLength(1);
  });

  test('a delivery signed with another secret is rejected', async () => {
    const { open } = await deliver(signer, { by: signer.secrets[1] });

    expect(open).toThrow(refuses('signature.mismatch'));
  });

  test.each([
    ['empty', ['']],
    ['blank', [' \n']],
    ['missing', [undefined]],
    ['not named', []],
  ])('when the secret is %s, every delivery is rejected', async (_, secrets) => {
    const { open } = await deliver(signer, { secrets });

    expect(open).toThrow(expect.objectContaining({ kind: 'config', code: 'signature.no-secret' }));
  });

  test('when one of two secrets is empty, every delivery is rejected', async () => {
    const { open } = await deliver(signer, { secrets: [signer.secrets[0], ''] });

    expect(open).toThrow(expect.objectContaining({ kind: 'config', code: 'signature.no-secret' }));
  });

  test.each(signer.headers)('a delivery without %s is rejected', async (header) => {
    const { open, request } = await deliver(signer);
    const { [header]: _gone, ...headers } = request.headers;

    expect(() => open({ ...request, headers })).toThrow(refuses('signature.missing'));
  });

  test.each(signer.malformed)('%j is a malformed signature', async (broken) => {
    const { open, request } = await deliver(signer);

    expect(() => open({ ...request, headers: { ...request.headers, ...broken } })).toThrow(
      refuses('signature.malformed'),
    );
  });

  if (signer.timed)
    test('a delivery signed up to five minutes ago or ahead is accepted', async () => {
      const late = await deliver(signer, { at: now - minutes(5) });
      const early = await deliver(signer, { at: now + minutes(5) });

      expect(late.open()).toHaveLength(1);
      expect(early.open()).toHaveLength(1);
    });

  if (signer.timed)
    test('a delivery signed earlier or further ahead is rejected', async () => {
      const late = await deliver(signer, { at: now - minutes(5) - 1000 });
      const early = await deliver(signer, { at: now + minutes(5) + 1000 });

      expect(late.open).toThrow(refuses('signature.stale'));
      expect(early.open).toThrow(refuses('signature.stale'));
    });

  const signsBody = !['bearer token', 'secret in a header', 'basic', 'secret in the query'].includes(
    signer.way,
  );
  if (signsBody)
    test('a single changed bit anywhere in the body is rejected', async () => {
      const { open, request } = await deliver(signer);

      for (const [at, byte] of request.bytes.entries()) {
        const bytes = Uint8Array.from(request.bytes).fill(byte ^ 1, at, at + 1);
        expect(() => open({ ...request, bytes })).toThrow(refuses('signature.mismatch'));
      }
    });
});

test.each([
  ['github', 'x-hub-signature-256', `sha256=${createHmac('sha256', '').update('{}').digest('hex')}`],
  ['wordpress', 'x-wp-webhook-signature', createHmac('sha256', '').update('{}').digest('base64')],
  ['strapi', 'authorization', 'Bearer '],
] as const)('%s: a signature with an empty secret is rejected', (from, header, value) => {
  const request = requestOf('{}', { headers: { [header]: value } });

  for (const secrets of [[], [''], [undefined], ['a real one', '']]) {
    expect(() => parseDelivery(webhookFrom(from), request, secrets, now)).toThrow(
      expect.objectContaining({ code: 'signature.no-secret' }),
    );
  }
});

test("a secret that is not base64 is a config error, not the sender's", async () => {
  const { request } = await deliver(signerOf('standard-webhooks'));

  expect(() => parseDelivery(webhookFrom('standard-webhooks'), request, ['whsec_%%%'], now)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'signature.bad-secret' }),
  );
});

test('Contentful headers are verified in sorted order, however they are listed', () => {
  const secret = 'a1'.repeat(32);
  const listed = 'x-contentful-topic,x-contentful-timestamp,x-contentful-signed-headers';
  const canonical = [
    'POST',
    '/hooks/blog',
    `x-contentful-signed-headers:${listed};x-contentful-timestamp:${now};x-contentful-topic:ContentManagement.Asset.publish`,
    '{}',
  ].join('\n');
  const headers = {
    'x-contentful-topic': 'ContentManagement.Asset.publish',
    'x-contentful-timestamp': String(now),
    'x-contentful-signed-headers': listed,
    'x-contentful-signature': createHmac('sha256', secret).update(canonical).digest('hex'),
  };

  const mapped = parseDelivery(webhookFrom('contentful'), requestOf('{}', { headers }), [secret], now);

  expect(mapped).toEqual([{ kind: 'ignored', reason: 'other-event' }]);
});

test("one valid signature among several is enough, as during the sender's rotation", async () => {
  const { open, request } = await deliver(signerOf('standard-webhooks'));
  const right = String(request.headers['webhook-signature']);
  const others = `v1a,xyz v1,${'A'.repeat(43)}=`;
  const signedBy = (signature: string) => ({
    ...request,
    headers: { ...request.headers, 'webhook-signature': signature },
  });

  expect(open(signedBy(`${others} ${right}`))).toHaveLength(1);
  expect(() => open(signedBy(others))).toThrow(expect.objectContaining({ code: 'signature.mismatch' }));
  expect(() => open(signedBy(`${`${others} `.repeat(5)}${right}`))).toThrow(
    expect.objectContaining({ code: 'signature.malformed' }),
  );
});

test('hex may be upper case', async () => {
  const { open, request } = await deliver(signerOf('webflow'));
  const signature = String(request.headers['x-webflow-signature']).toUpperCase();

  const headers = { ...request.headers, 'x-webflow-signature': signature };

  expect(open({ ...request, headers })).toHaveLength(1);
});

test('a parameter or header named like an object method is missing', () => {
  const webhooks = [
    webhookFrom('generic', { verify: { kind: 'query', parameter: 'constructor' } }),
    webhookFrom('generic', { verify: { kind: 'header', header: 'constructor', prefix: '' } }),
  ];

  for (const webhook of webhooks) {
    expect(() => parseDelivery(webhook, requestOf('{}'), ['secret'], now)).toThrow(
      expect.objectContaining({ code: 'signature.missing' }),
    );
  }
});

test('Contentful signs the public path, which is the request path unless path is set', async () => {
  const contentful = signerOf('contentful');
  const { open, request } = await deliver({ ...contentful, options: {} });

  expect(open({ ...request, path: '/hooks/site-contentful' })).toHaveLength(1);
  expect(() => open({ ...request, path: '/hooks/other' })).toThrow(
    expect.objectContaining({ code: 'signature.mismatch' }),
  );
});

test('no rejection message contains a secret, a signature or part of the body', async () => {
  for (const signer of signers) {
    const { open, request } = await deliver(signer, { by: signer.secrets[1] });

    const error = await Promise.resolve()
      .then(() => open())
      .catch((thrown: Error) => thrown);

    const shown = JSON.stringify([(error as Error).message, error]);
    for (const hidden of [...signer.secrets, ...Object.values(request.headers), 'Cheese', 'naïve']) {
      if (hidden.length > 8) expect(shown).not.toContain(hidden);
    }
  }
});
