import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebhookConfig } from '../lib/core/config/config.ts';
import { signDelivery } from '../lib/webhooks/sign-delivery.ts';
import { openSecrets, secretsFile } from '../local/local-secrets.ts';
import { openStack, type Stack } from '../local/stack.ts';
import type { Bench, Report } from './bench.ts';
import { quantile } from './support/median.ts';

const PER_SECOND = 50;
const SECONDS = 20;
const WARM_UP = 50;
const TARGET_MS = 100;

const feedsYml = `feeds: { newsroom: { url: "http://127.0.0.1:9/none.xml", brand_id: 144, allow_private: true, paused: true } }
webhooks:
  blog: { from: ghost, secret_name: blog, brand_id: 144 }
`;

type Responseed = { ms: number; status: number };

const bodyOf = (n: number) => {
  const id = `cms-${n}`;
  const current = { id, title: `Story ${n}`, status: 'published', url: `https://www.example.com/${id}/` };
  return JSON.stringify({ post: { current, previous: { status: 'draft', published_at: null } } });
};

/** One genuine delivery, timed from when it was meant to leave: what waits because others are slow, counts. */
const deliver = async (
  url: string,
  webhook: WebhookConfig,
  secret: string,
  n: number,
  meantAt: number,
): Promise<Responseed> => {
  const body = bodyOf(n);
  const path = `/hooks/${webhook.id}`;
  const { headers } = signDelivery(webhook, {
    body: Buffer.from(body),
    secret,
    at: Date.now(),
    path,
    id: `delivery-${n}`,
  });
  const sent = { ...headers, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: sent, body });
  await response.arrayBuffer();
  return { ms: performance.now() - meantAt, status: response.status };
};

/** Deliveries at an even pace, whether or not the ones before are answered. */
const atPace = async (
  count: number,
  perSecond: number,
  send: (n: number, meantAt: number) => Promise<Responseed>,
) => {
  const from = performance.now();
  const under: Promise<Responseed>[] = [];
  for (let n = 0; n < count; n += 1) {
    const meantAt = from + (n * 1000) / perSecond;
    const early = meantAt - performance.now();
    if (early > 0) await pause(early);
    under.push(send(n, meantAt));
  }
  return Promise.all(under);
};

const measure = async (stack: Stack, data: string, seconds: number) => {
  const [webhook] = stack.config.webhooks;
  if (!webhook) throw new Error('The stack has a webhook.');
  const secret = openSecrets(join(data, secretsFile), ['blog']).blog ?? '';
  let next = 0;
  const send = (_: number, meantAt: number) => deliver(stack.siteUrl, webhook, secret, next++, meantAt);
  await atPace(WARM_UP, PER_SECOND, send);
  return atPace(PER_SECOND * seconds, PER_SECOND, send);
};

const reportOf = (responses: readonly Responseed[]): Report => {
  const ms = responses.map((one) => one.ms);
  const at = (share: number) => quantile(ms, share).toFixed(1);
  const taken = responses.filter(({ status }) => status === 200).length;
  const p99 = at(0.99);
  return {
    tables: [
      {
        title: `Milliseconds to the response, at ${PER_SECOND} deliveries a second`,
        head: ['deliveries', 'responses of 200', 'p50', 'p90', 'p99', 'most'],
        rows: [[ms.length, taken, at(0.5), at(0.9), p99, at(1)]],
      },
    ],
    headlines: [
      {
        what: `a webhook’s response at ${PER_SECOND} a second, p99`,
        figure: `${p99} ms`,
        target: `< ${TARGET_MS} ms`,
      },
    ],
    notes: [
      `Target: p99 below ${TARGET_MS} ms. It is ${p99}: ${Number(p99) < TARGET_MS ? 'met' : 'missed'}.`,
    ],
  };
};

/** `npm run bench -- webhook 60`: for so many seconds. */
export const bench: Bench = {
  question: 'How soon does a webhook get its response?',
  how: `Sends authentic deliveries, each with a new story, at ${PER_SECOND} a second for ${SECONDS} s, over HTTP to the receiver of npm start. Each is verified, registered and woken with embedded DynamoDB, SQS and Secrets Manager; the wake-ups are not processed. Times begin when each delivery was due to be sent, after ${WARM_UP} deliveries to warm up.`,
  limits:
    'One thread serves all deliveries, and shares two cores with the emulators and the sender; on Lambda, each delivery has its own instance. There is no network, no TLS and no API Gateway.',
  run: async ([seconds = String(SECONDS)]): Promise<Report> => {
    const data = await mkdtemp(join(tmpdir(), 'webhook-'));
    const config = join(data, 'feeds.yml');
    await writeFile(config, feedsYml);
    const options = { once: true, json: false, config, target: { kind: 'sandbox' }, data, port: 0 } as const;
    const stack = await openStack(options, () => {});
    try {
      await stack.pump.close(0); // on AWS drafts are made elsewhere
      return reportOf(await measure(stack, data, Number(seconds)));
    } finally {
      await stack.close();
      await rm(data, { recursive: true, force: true });
    }
  },
};
