import { readdirSync, readFileSync } from 'node:fs';
import { readFeed } from '../../lib/adapters/feeds/parse/read-feed.ts';
import { readConfig } from '../../lib/config.ts';
import type { WebhookConfig } from '../../lib/core/config/config.ts';
import type { Validators } from '../../lib/core/polling/feed-row.ts';
import type { FetchRequest, FetchResponse } from '../../lib/core/ports.ts';
import type { Received } from '../../lib/core/webhooks/webhook.ts';
import { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { hookSecret, requestFor } from '../support/hook-world.ts';
import { readsHere } from '../support/reads-here.ts';
import { world } from '../support/world.ts';

const hour = 3_600_000;
const noValidators: Validators = { etag: null, lastModified: null };

/** A server that decides by the received validators whether to send a 304. */
export type Stubborn = { sends: Validators; returns304: (sent: Validators) => boolean };

const obliging: Stubborn = { sends: noValidators, returns304: () => false };

/**
 * Runs a folder of test/fixtures/field through feeds.yml, parser, poll, webhook and worker: its feeds are
 * polled hourly from 20 November 2026, 10:05 UTC.
 */
export const fieldWorld = (name: string, server: Stubborn = obliging) => {
  const folder = new URL(`../fixtures/field/${name}/`, import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, folder));
  const files = readdirSync(folder);
  const w = world();
  Object.assign(w.config, readConfig(read('feeds.yml'), 'feeds.yml'));
  w.state.now = Date.UTC(2026, 10, 20, 10, 5) - hour;
  const shown = { poll: 0 };

  /** `poll-2.shop.xml` for the feed `shop`, otherwise `poll-2.xml` or `poll-2.json`. */
  const fileFor = (url: string): string => {
    const feed = w.config.feeds.find((one) => one.url === url)?.id;
    const own = [`poll-${shown.poll}.${feed}.xml`, `poll-${shown.poll}.xml`, `poll-${shown.poll}.json`];
    const file = own.find((one) => files.includes(one));
    if (!file) throw new Error(`${name} has no document for ${url} at poll ${shown.poll}`);
    return file;
  };
  const fetchFeed = async ({ url, validators }: FetchRequest): Promise<FetchResponse> => {
    const hints = { freshUntil: null };
    if (validators && server.returns304(validators)) return { kind: 'unchanged', hints };
    const file = fileFor(url);
    const contentType = file.endsWith('.json') ? 'application/feed+json' : 'application/rss+xml';
    return { kind: 'document', bytes: read(file), contentType, url, validators: server.sends, hints };
  };
  Object.assign(w.services, { fetchFeed, ...readsHere(readFeed) });
  const receive = receiveWebhook({ ...w.services, secret: async () => hookSecret, parseDelivery });

  return {
    ...w,
    /** Advances an hour and polls the document with that number, as scheduled. */
    poll: async (document: number): Promise<void> => {
      shown.poll = document;
      w.state.now += hour;
      await w.poll(undefined, false);
      await w.deliverWakeUps();
    },
    deliver: async (source: string, file: string): Promise<Received> => {
      const webhook = w.config.webhooks.find(({ id }) => id === source) as WebhookConfig;
      const request = requestFor(webhook, read(file).toString(), w.state.now);
      const received = await receive({ source, request }, w.call);
      await w.deliverWakeUps();
      return received;
    },
    drafts: () => w.sent.map(({ text }) => text),
    /** Titles by the reason they are not drafts. */
    reasons: () =>
      Object.fromEntries(
        [...Map.groupBy(w.rows(), ({ history }) => history.at(-1)?.code ?? 'none')].map(([code, rows]) => [
          code,
          rows.map(({ title }) => title).sort(),
        ]),
      ),
    heldAlerts: () => [...w.stores.alerts.flags.values()].filter(({ kind }) => kind.includes('held')),
  };
};
