import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import type { SourceName } from '../../lib/webhooks/sources.ts';
import { now, requestOf, webhookFrom } from './delivery.ts';

const authorized = { headers: { authorization: 'Bearer right' } };

test('an unauthenticated body is not parsed', () => {
  const request = requestOf('this is no JSON', { headers: { authorization: 'Bearer wrong' } });

  expect(() => parseDelivery(webhookFrom('zapier'), request, ['right'], now)).toThrow(
    expect.objectContaining({ code: 'signature.mismatch' }),
  );
});

test('a webhook without a feed accepts an entry without a link', () => {
  const request = requestOf('{"id":"1","title":"One"}', authorized);

  expect(parseDelivery(webhookFrom('zapier'), request, ['right'], now)).toMatchObject([
    { kind: 'published' },
  ]);
});

test('a webhook with a feed ignores an entry without a link, which the feed could not recognize later', () => {
  const request = requestOf('{"id":"1","title":"One"}', authorized);

  expect(parseDelivery({ ...webhookFrom('zapier'), hasFeed: true }, request, ['right'], now)).toEqual([
    { kind: 'ignored', reason: 'no-link' },
  ]);
});

test('a webhook without verify rejects everything', () => {
  const request = requestOf('{"id":"1","title":"One"}', authorized);

  expect(() => parseDelivery(webhookFrom('generic'), request, ['right'], now)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'signature.no-rule' }),
  );
});

test('an authentic but empty delivery is ignored, for every source', () => {
  const empty = [{ kind: 'ignored', reason: 'empty' }];

  expect(parseDelivery(webhookFrom('zapier'), requestOf('null', authorized), ['right'], now)).toEqual(empty);
  expect(parseDelivery(webhookFrom('strapi'), requestOf('null', authorized), ['right'], now)).toEqual(empty);
  expect(parseDelivery(webhookFrom('zapier'), requestOf('[]', authorized), ['right'], now)).toEqual(empty);
});

describe('a delivery of several entries', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: String(i), title: `No. ${i}` }));
  const open = (from: SourceName, body: unknown) =>
    parseDelivery(webhookFrom(from), requestOf(JSON.stringify(body), authorized), ['right'], now);

  test('yields each of them, for generic sources', () => {
    expect(open('zapier', items(25)).map((mapped) => mapped.kind)).toEqual(Array(25).fill('published'));
  });

  test('yields each entry in a Directus batch', () => {
    const item = items(2).map((one) => ({ ...one, status: 'published' }));

    expect(open('directus', { item })).toMatchObject([{ entry: { id: '0' } }, { entry: { id: '1' } }]);
  });

  test('is rejected whole, with their number, when there are too many', () => {
    expect(() => open('zapier', items(26))).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'webhook.too-many',
        message: expect.stringContaining('26'),
      }),
    );
  });

  test('is rejected whole when one of them is invalid', () => {
    expect(() => open('zapier', [...items(2), { id: '9', title: 'x', media_ids: 'x' }])).toThrow(
      expect.objectContaining({ code: 'webhook.media-ids' }),
    );
  });
});

test('a body of more than a megabyte is accepted from Ghost only', () => {
  const body = JSON.stringify({ id: '1', title: 'x'.repeat(1024 * 1024) });

  expect(() => parseDelivery(webhookFrom('zapier'), requestOf(body, authorized), ['right'], now)).toThrow(
    expect.objectContaining({ code: 'webhook.too-large' }),
  );
  expect(() => parseDelivery(webhookFrom('ghost'), requestOf(body, authorized), ['right'], now)).toThrow(
    expect.objectContaining({ code: 'signature.missing' }),
  );
});
