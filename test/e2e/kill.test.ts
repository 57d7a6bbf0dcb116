import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamoFeedStore } from '../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../lib/adapters/aws/ledger-dynamo.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { packConfig } from '../../lib/packed-config.ts';
import { ourAccess } from '../../local/embedded/access.ts';
import { startSecrets } from '../../local/embedded/secrets.ts';
import { startSqs } from '../../local/embedded/sqs.ts';
import { startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { bundleAll } from '../../scripts/bundle.ts';
import { startTables } from '../support/embedded-tables.ts';
import { rssOf } from '../support/embedded-world.ts';
import { feedOf, story } from '../support/entries.ts';
import { localPublisher } from '../support/local-publisher.ts';

const kills = process.env.SAMPLE === 'all' ? 50 : 15;
const storiesAFeed = 40;
/** A lease of 90 s expires in 1.5 s. */
const timeFactor = 60;
const policies = ['park', 'retry'] as const;
const child = fileURLToPath(new URL('../support/short-life.ts', import.meta.url));

const open = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rss-drafts-kill-'));
  const [tables, sqs, secrets, sandbox] = await Promise.all([
    startTables(),
    startSqs(),
    startSecrets({ values: { 'dash-token': 'a-token' } }),
    startSandbox({ token: 'a-token', brands: [1, 2], rateLimit: 1_000_000 }),
  ]);
  const docs = new Map<string, Entry[]>();
  const publisher = await localPublisher((request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/rss+xml' })
      .end(rssOf(docs.get((request.url ?? '').slice(1)) ?? []));
  });
  const feeds = policies.map((id, i) =>
    feedOf({
      id,
      brandId: i + 1,
      whenUncertain: id,
      url: `${publisher.origin}/${id}`,
      allowPrivate: true,
      rhythm: { everyMs: 60_000 },
    }),
  );
  await bundleAll(
    dir,
    packConfig({ timezone: 'UTC', dash: { lookUp: false, ratePerMinute: 1000 }, feeds, webhooks: [] }),
  );
  const names = await tables.fresh();
  const env = {
    PATH: process.env.PATH ?? '',
    EPOCH: String(Date.now()),
    TIME_FACTOR: String(timeFactor),
    AWS_REGION: ourAccess().region,
    AWS_ACCESS_KEY_ID: ourAccess().credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ourAccess().credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: tables.dynamo.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    FEEDS_TABLE: names.feeds,
    LEDGER_TABLE: names.ledger,
    FEEDS_QUEUE_URL: sqs.queueUrls.feeds,
    DRAFTS_QUEUE_URL: sqs.queueUrls.drafts,
    DASH_TOKEN_SECRET_ID: 'dash-token',
    INBOUND_SECRET_ID: 'inbound',
    DASH_URL: sandbox.url,
    FEEDS_FILE: join(dir, 'poll-feeds', 'feeds.json'),
    POWERTOOLS_LOG_LEVEL: 'CRITICAL',
  };
  const ledger = dynamoLedger({ client: tables.client, table: names.ledger });
  const feedStore = dynamoFeedStore({ client: tables.client, table: names.feeds });
  const listed = async () => {
    const keys = new Set<string>();
    for (let after: string | null | undefined; after !== null; ) {
      const page = await ledger.waiting({ state: 'uncertain', limit: 20, ...(after && { after }) });
      for (const { key } of page.rows) keys.add(key);
      after = page.next;
    }
    return keys;
  };
  return {
    listed,
    dir,
    docs,
    /** Whether each feed's first poll has ended, so that entries listed from then on are new. */
    isPolled: async () => (await Promise.all(policies.map((id) => feedStore.read(id)))).every((row) => row),
    sandbox,
    rows: async () => {
      const found: EntryRow[] = [];
      for await (const row of ledger.all()) found.push(row);
      return found;
    },
    /** Starts a process; the returned function kills it. */
    live: async () => {
      const life = fork(child, [dir], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      await once(life, 'message');
      return async () => {
        if (life.exitCode !== null) throw new Error('it ended by itself');
        life.kill('SIGKILL');
        await once(life, 'exit');
      };
    },
    close: async () => {
      await publisher[Symbol.asyncDispose]();
      await Promise.all([tables.close(), sqs.close(), secrets.close(), sandbox.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
};

let w: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  w = await open();
});
afterAll(() => w.close());

/** Runs a process until the condition holds, for a minute at most. */
const liveUntil = async (wanted: (rows: EntryRow[]) => boolean | Promise<boolean>) => {
  const end = await w.live();
  for (let i = 0; i < 300 && !(await wanted(await w.rows())); i++) await sleep(200);
  await end();
  return w.rows();
};

const publish = (n: number) => {
  for (const id of policies)
    w.docs.set(
      id,
      Array.from({ length: n + 1 }, (_, i) => story(`${id}-${n - i}`)),
    );
};

it(`loses nothing, and records every possible duplicate, when killed ${kills} times`, async () => {
  publish(0);
  await liveUntil(w.isPolled);
  w.sandbox.fail({ kind: 'slow', ms: 25 });

  for (let kill = 1; kill <= kills; kill++) {
    const end = await w.live();
    publish(Math.ceil((kill / kills) * storiesAFeed));
    await sleep(5 + Math.random() * 350);
    await end();
  }
  w.sandbox.clearFaults();
  const isOver = ({ state }: EntryRow) => state !== 'queued' && state !== 'drafting';
  const rows = await liveUntil(
    (all) => all.length === policies.length * (storiesAFeed + 1) && all.every(isOver),
  );

  const posts = Map.groupBy(w.sandbox.posts(), ({ post }) => String(post.text));
  const drafts = rows.filter(({ state }) => state !== 'baselined');
  expect(drafts.map(({ title }) => title).sort()).toEqual(
    policies.flatMap((id) => Array.from({ length: storiesAFeed }, (_, i) => `Story ${id}-${i + 1}`)).sort(),
  );
  for (const row of drafts) {
    const made = posts.get(row.title ?? '')?.length ?? 0;
    expect({ ...row, made }).toMatchObject({
      state: row.whenUncertain === 'park' ? expect.stringMatching(/^(drafted|uncertain)$/) : 'drafted',
    });
    expect(made, `${row.title} under ${row.whenUncertain}`).toBeLessThanOrEqual(
      1 + (row.whenUncertain === 'retry' ? row.mayBeTwice : 0),
    );
    if (row.state === 'drafted') expect(made).toBeGreaterThanOrEqual(1);
    if (made > 1) expect(row.history.some(({ detail }) => detail?.includes('there may be two'))).toBe(true);
  }
  expect(
    drafts
      .filter(({ state }) => state === 'uncertain')
      .map(({ key }) => key)
      .sort(),
  ).toEqual([...(await w.listed())].sort());
}, 180_000);
