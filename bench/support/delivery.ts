import { signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import { httpEvent } from '../../local/http-event.ts';
import { ghostBody } from '../../test/support/ghost-body.ts';
import { type Fleet, webhookSecret } from './fleet.ts';

const eventOf = ({ config }: Pick<Fleet, 'config'>, source: string, id: string, body: string) => {
  const webhook = config.webhooks.find((one) => one.id === source);
  if (!webhook) throw new Error(`The fleet has a webhook ${source}.`);
  const bytes = Buffer.from(body);
  const path = `/hooks/${source}`;
  const unsigned = { body: bytes, secret: webhookSecret, at: Date.now(), path, id };
  return httpEvent({ method: 'POST', path, bytes, ...signDelivery(webhook, unsigned) });
};

/** The event of an authentic delivery of story `n` to the fleet's webhook, with a summary of this length. */
export const deliveryOf = (fleet: Pick<Fleet, 'config'>, n: number | string, summaryLength = 180) => {
  const story = { id: `cms-${n}`, title: `Story ${n}`, link: `https://www.example.com/cms/${n}` };
  const summary = 'What it is about. '.repeat(Math.ceil(summaryLength / 18)).slice(0, summaryLength);
  return eventOf(fleet, 'blog', `delivery-${n}`, JSON.stringify({ ...story, summary }));
};

/** The event of a publication by Ghost with all its revisions. */
export const ghostDeliveryOf = (fleet: Pick<Fleet, 'config'>, paragraphs: number) =>
  eventOf(fleet, 'ghost', 'delivery-ghost', ghostBody(paragraphs, Date.now()));
