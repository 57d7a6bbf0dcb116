import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import type { FetchRequest, FetchResponse } from '../../lib/core/ports.ts';
import { moveEntries } from '../../lib/jobs/operator/move-entries.ts';
import { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { hookSecret, requestFor, webhookOf } from '../support/hook-world.ts';
import { readsHere } from '../support/reads-here.ts';
import { type World, world } from '../support/world.ts';
import { type Documents, realDocuments } from './documents.ts';
import { mortality } from './mortality.ts';
import type { FeedView, MakeProduct, Product } from './play.ts';
import { promises } from './promises.ts';
import { randomOf } from './random.ts';
import { day, type Listed } from './site.ts';
import type { Outcome } from './truth.ts';

const urlOf = (id: string) => `https://feeds.example.org/${id}.json`;

/** Each draft is only the number of its story, which no rule uses. */
const caption = '{{ author }}';

const configOf = ({ id }: FeedView): Partial<FeedConfig> => ({
  id,
  url: urlOf(id),
  caption,
  maxAgeMs: 30 * day,
});

const webhookOfFirst = (feed: FeedView) => {
  const plain = webhookOf({}, configOf(feed));
  const map = { ...plain.options.map, author: 'author' };
  return { ...plain, options: { ...plain.options, map } };
};

/** A server with one document per feed that responds 304 when it is unchanged. */
const serverOf = () => {
  const documents = new Map<
    string,
    { text: string; version: number; bytes: Uint8Array; contentType: string }
  >();
  return {
    publish: (url: string, { bytes, contentType }: { bytes: Uint8Array; contentType: string }) => {
      const text = Buffer.from(bytes).toString('latin1');
      const before = documents.get(url);
      const version = (before?.version ?? 0) + (before?.text === text ? 0 : 1);
      documents.set(url, { text, version, bytes, contentType });
    },
    fetch: async ({ url, validators }: FetchRequest): Promise<FetchResponse> => {
      const hints = { freshUntil: null };
      const document = documents.get(url);
      if (!document) throw new Error(`nothing is published at ${url}`);
      const { version, bytes, contentType } = document;
      const etag = `"${version}"`;
      if (validators?.etag === etag) return { kind: 'unchanged', hints };
      return { kind: 'document', bytes, contentType, url, hints, validators: { etag, lastModified: null } };
    },
  };
};

const tracked: ReadonlySet<string> = new Set(['queued', 'held', 'baselined'] satisfies Outcome['state'][]);

const storyOf = ({ post, key }: EntryRow): number => {
  const story = Number(post?.text);
  if (!Number.isInteger(story)) throw new Error(`the post of ${key} is no number of a story: ${post?.text}`);
  return story;
};

/** Rows created, or drafted by another feed, since the last call. Changes by the editor are not outcomes. */
const watchLedger = (w: World) => {
  const known = new Map<string, EntryRow>();
  return (): { row: EntryRow; outcome: Outcome }[] => {
    const changed = w.rows().filter((row) => known.get(row.key) !== row);
    const outcomes = changed.flatMap((row) => {
      const code = row.history.at(-1)?.code ?? '';
      const before = known.get(row.key);
      const isAnother = before?.state !== row.state || before.seenAt !== row.seenAt; // deleted and created again
      const isNew = isAnother && tracked.has(row.state);
      if (!isNew || code.startsWith('move.')) return [];
      return [{ row, outcome: { story: storyOf(row), state: row.state as Outcome['state'], code } }];
    });
    for (const row of changed) known.set(row.key, row);
    return outcomes;
  };
};

const payloadOf = (entry: Listed): string =>
  JSON.stringify({
    id: entry.guid,
    title: entry.title,
    link: entry.link,
    summary: entry.text,
    published: entry.date === null ? null : new Date(entry.date).toISOString(),
    author: String(entry.story),
  });

/** Sends what is queued, after an editor has released held entries that are news. */
const settle = async (w: World, rows: EntryRow[], isNews: (story: number) => boolean): Promise<void> => {
  const news = rows.filter((row) => row.state === 'held' && isNews(storyOf(row)));
  if (news.length > 0) await moveEntries(w.services, news, { move: 'release', by: 'an editor' });
  w.stores.queues.wakeUps.length = 0; // a crashed job may have sent none, so go by the rows like the sweep
  for (const { key, brand } of rows) await w.work({ key, brand });
};

/**
 * The product itself over in-memory stores: real documents, parser, poll, webhook and worker, rows that
 * expire, and an editor who knows the true stories. `dies`: its jobs sometimes crash at a write and are run
 * again.
 */
export const ourProduct =
  ({
    dies = false,
    documents = realDocuments,
  }: {
    dies?: boolean;
    documents?: Documents;
  } = {}): MakeProduct =>
  ({ feeds, webhook, seed, isNews }): Product => {
    const { hooks, survive, deaths } = mortality(dies ? randomOf(seed + 2) : null);
    const w = world(feeds.map(configOf), hooks);
    const server = serverOf();
    w.services.fetchFeed = server.fetch;
    Object.assign(w.services, documents.read && readsHere(documents.read));
    const hook = webhookOfFirst(feeds[0] as FeedView);
    if (webhook) w.config.webhooks.push(hook);
    const receive = receiveWebhook({ ...w.services, secret: async () => hookSecret, parseDelivery });
    const look = watchLedger(w);
    const proof = promises(w);

    /** Runs a job to its end, then everything that follows from it. */
    const run = async (now: number, job: () => Promise<unknown>, check: (found: Outcome[]) => void) => {
      w.state.now = now;
      w.events.length = 0;
      await survive(job);
      const found = look();
      const outcomes = found.map(({ outcome }) => outcome);
      check(outcomes);
      await settle(
        w,
        found.map(({ row }) => row),
        isNews,
      );
      look();
      return outcomes;
    };

    return {
      poll: ({ id }, response, now) => {
        server.publish(urlOf(id), documents.write(response));
        const before = deaths();
        return run(
          now,
          () => w.poll([id]),
          (outcomes) => proof.afterPoll(id, response, outcomes, deaths() === before),
        );
      },
      deliver: (entry, now) => {
        const request = requestFor(hook, payloadOf(entry), now);
        return run(now, () => receive({ source: hook.id, request }, w.call), proof.afterDelivery);
      },
      broken: proof.atEnd,
    };
  };
