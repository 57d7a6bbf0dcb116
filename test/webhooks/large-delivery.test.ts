import { Buffer } from 'node:buffer';
import { describe, expect, test, vi } from 'vitest';
import { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import { httpEvent } from '../../local/http-event.ts';
import { ghostBody } from '../support/ghost-body.ts';
import { hookSecret, hookWorld } from '../support/hook-world.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { takePrinted } from '../support/printed.ts';
import { now, requestOf, webhookFrom } from './delivery.ts';

/**
 * Payload limit of a synchronous invocation:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const largestEvent = 6 * 1024 * 1024;

const webhook = { ...webhookFrom('ghost'), id: 'blog' };

const eventOf = (body: string) => {
  const bytes = new TextEncoder().encode(body);
  const path = '/hooks/blog';
  const signed = signDelivery(webhook, { body: bytes, secret: hookSecret, at: now, path, id: '1' });
  return httpEvent(requestOf(bytes, { path, ...signed }), { base64: false });
};

const responseTo = async (body: string) => {
  const w = hookWorld([webhook], [], { clock: () => now });
  takePrinted();
  const handler = httpHandler(receiveWebhook, () => w.receiver);
  try {
    return await handler(eventOf(body), lambdaContext());
  } finally {
    vi.restoreAllMocks();
  }
};

describe('a Ghost post with all its revisions', () => {
  test.each([
    ['of more than a megabyte', 95, 1.3],
    ['near the Lambda payload limit', 290, 5],
  ])('%s is accepted', async (_what, paragraphs, megabytes) => {
    const body = ghostBody(paragraphs);
    expect(Buffer.byteLength(body)).toBeGreaterThan(megabytes * 1_000_000);
    expect(Buffer.byteLength(JSON.stringify(eventOf(body)))).toBeLessThan(largestEvent);

    const response = await responseTo(body);

    expect(response).toMatchObject({ statusCode: 200, body: expect.stringContaining('queued') });
  });
});
