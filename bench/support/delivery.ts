import { httpEvent } from '../../local/http-event.ts';
import { signDelivery } from '../../local/webhook-signer.ts';
import { type Fleet, webhookSecret } from './fleet.ts';

/** The event of a genuine delivery of story `n` to the fleet's webhook, its summary this long. */
export const deliveryOf = ({ config }: Pick<Fleet, 'config'>, n: number | string, summaryLength = 180) => {
  const [webhook] = config.webhooks;
  if (!webhook) throw new Error('The fleet has a webhook.');
  const story = { id: `cms-${n}`, title: `Story ${n}`, link: `https://www.example.com/cms/${n}` };
  const summary = 'What it is about. '.repeat(Math.ceil(summaryLength / 18)).slice(0, summaryLength);
  const bytes = Buffer.from(JSON.stringify({ ...story, summary }));
  const path = `/hooks/${webhook.id}`;
  const unsigned = { body: bytes, secret: webhookSecret, at: Date.now(), path, id: `delivery-${n}` };
  return httpEvent({ method: 'POST', path, bytes, ...signDelivery(webhook, unsigned) });
};
