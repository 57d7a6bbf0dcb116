import { describe, expect, test } from 'vitest';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import type { SourceName } from '../../lib/webhooks/sources.ts';
import { now, requestOf, webhookFrom } from './delivery.ts';

const told = { headers: { authorization: 'Bearer right' } };

test('what is not proven is not even read', () => {
  const request = requestOf('this is no JSON', { headers: { authorization: 'Bearer wrong' } });

  expect(() => parseDelivery(webhookFrom('zapier'), request, ['right'], now)).toThrow(
    expect.objectContaining({ code: 'signature.mismatch' }),
  );
});

test('a story without a link is taken by a webhook that has no feed', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(parseDelivery(webhookFrom('zapier'), request, ['right'], now)).toMatchObject([
    { kind: 'published' },
  ]);
});

test('with a feed a story without a link is ignored, because the feed could not know it again', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(parseDelivery({ ...webhookFrom('zapier'), hasFeed: true }, request, ['right'], now)).toEqual([
    { kind: 'ignored', reason: 'no-link' },
  ]);
});

test('a webhook without a rule of proof lets nothing in', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(() => parseDelivery(webhookFrom('generic'), request, ['right'], now)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'signature.no-rule' }),
  );
});

test('an authentic delivery of nothing is ignored, whatever the source', () => {
  const empty = [{ kind: 'ignored', reason: 'empty' }];

  expect(parseDelivery(webhookFrom('zapier'), requestOf('null', told), ['right'], now)).toEqual(empty);
  expect(parseDelivery(webhookFrom('strapi'), requestOf('null', told), ['right'], now)).toEqual(empty);
  expect(parseDelivery(webhookFrom('zapier'), requestOf('[]', told), ['right'], now)).toEqual(empty);
});

describe('a delivery of several stories', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: String(i), title: `No. ${i}` }));
  const open = (from: SourceName, body: unknown) =>
    parseDelivery(webhookFrom(from), requestOf(JSON.stringify(body), told), ['right'], now);

  test('is one of each, from whatever a person describes', () => {
    expect(open('zapier', items(25)).map((mapped) => mapped.kind)).toEqual(Array(25).fill('published'));
  });

  test('is a batch of Directus', () => {
    const item = items(2).map((one) => ({ ...one, status: 'published' }));

    expect(open('directus', { item })).toMatchObject([{ entry: { id: '0' } }, { entry: { id: '1' } }]);
  });

  test('is refused whole, and says so, when there are too many', () => {
    expect(() => open('zapier', items(26))).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'webhook.too-many',
        message: expect.stringContaining('26'),
      }),
    );
  });

  test('is refused whole when one of them cannot be read', () => {
    expect(() => open('zapier', [...items(2), { id: '9', title: 'x', media_ids: 'x' }])).toThrow(
      expect.objectContaining({ code: 'webhook.media-ids' }),
    );
  });
});

test('a body of more than a megabyte is read from Ghost only', () => {
  const body = JSON.stringify({ id: '1', title: 'x'.repeat(1024 * 1024) });

  expect(() => parseDelivery(webhookFrom('zapier'), requestOf(body, told), ['right'], now)).toThrow(
    expect.objectContaining({ code: 'webhook.too-large' }),
  );
  expect(() => parseDelivery(webhookFrom('ghost'), requestOf(body, told), ['right'], now)).toThrow(
    expect.objectContaining({ code: 'signature.missing' }),
  );
});
