import { expect, test } from 'vitest';
import { openDelivery } from '../../lib/webhooks/open-delivery.ts';
import { now, requestOf, webhookFrom } from './delivery.ts';

const told = { headers: { authorization: 'Bearer right' } };

test('what is not proven is not even read', () => {
  const request = requestOf('this is no JSON', { headers: { authorization: 'Bearer wrong' } });

  expect(() => openDelivery(webhookFrom('zapier'), request, ['right'], now)).toThrow(
    expect.objectContaining({ code: 'signature.mismatch' }),
  );
});

test('a story without a link is taken by a webhook that has no feed', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(openDelivery(webhookFrom('zapier'), request, ['right'], now)).toMatchObject({ kind: 'published' });
});

test('with a feed a story without a link is ignored, because the feed could not know it again', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(openDelivery({ ...webhookFrom('zapier'), hasFeed: true }, request, ['right'], now)).toEqual({
    kind: 'ignored',
    reason: 'no-link',
  });
});

test('a webhook without a rule of proof lets nothing in', () => {
  const request = requestOf('{"id":"1","title":"One"}', told);

  expect(() => openDelivery(webhookFrom('generic'), request, ['right'], now)).toThrow(
    expect.objectContaining({ kind: 'config', code: 'signature.no-rule' }),
  );
});
