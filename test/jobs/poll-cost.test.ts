import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import { type EmbeddedStack, embeddedStack, embeddedWorld } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';

const hour = 3_600_000;
const adaptive = { rhythm: { adaptive: { meanMs: hour, minMs: hour / 6, maxMs: 24 * hour } } };

/** Names of the commands sent to the emulators. */
let asked: string[] = [];
let stack: EmbeddedStack;
beforeAll(async () => {
  stack = await embeddedStack();
  for (const client of [stack.tables.client, stack.client])
    (client as { middlewareStack: EmbeddedStack['client']['middlewareStack'] }).middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          asked.push(String(commandName).replace('Command', ''));
          return next(args);
        },
      { step: 'initialize' },
    );
});
afterAll(() => stack.close());
beforeEach(() => {
  asked = [];
});

const reads = () =>
  asked.filter((name) => /^(Get|Query|Scan|BatchGet)/.test(name) && name !== 'GetQueueAttributes');
const writes = () => asked.filter((name) => /^(Put|Update|Delete|BatchWrite)/.test(name));
const sent = () => asked.filter((name) => /^SendMessage/.test(name));

const opened = async (given: object, entries: number) => {
  const w = await embeddedWorld(stack, [given]);
  const parses = { count: 0, entries: 0 };
  const { identifyFeed } = w.services;
  w.services.identifyFeed = async (document, before) => {
    const feed = await identifyFeed(document, before);
    parses.count += 1;
    parses.entries += feed.entries.filter((one) => !('unread' in one)).length;
    return feed;
  };
  const hoursAgo = (n: number) => ({ published: new Date(w.state.now - n * hour).toISOString() });
  const shelf = Array.from({ length: entries }, (_, n) => story(entries - n, hoursAgo(n + 1)));
  w.publish(shelf);
  await w.poll();
  Object.assign(parses, { count: 0, entries: 0 });
  asked = [];
  return {
    ...w,
    parses,
    add: (k: number) => {
      for (let n = 0; n < k; n++) shelf.unshift(story(1_000 + shelf.length, hoursAgo(0)));
      w.publish([...shelf]);
    },
  };
};

describe.each([
  ['adaptively', adaptive],
  ['at a fixed interval', { rhythm: { everyMs: hour } }],
])('a feed polled %s', (_, given) => {
  it('costs one read, no write and no parse when nothing has changed', async () => {
    const w = await opened(given, 20);

    await w.poll();

    expect(reads()).toEqual(['GetItem']);
    expect([...writes(), ...sent()]).toEqual([]);
    expect(w.parses.count).toBe(0);
    await w.close();
  });
});

it('a poll with k new entries reads k entries, and costs 5k + 1 writes and k / 10 batches of wake-ups', async () => {
  const w = await opened(adaptive, 20);
  w.add(80); // so many that k more do not change its known rate
  await w.poll();
  for (const k of [1, 12]) {
    w.add(k);
    asked = [];
    Object.assign(w.parses, { count: 0, entries: 0 });

    await w.poll();

    expect(writes()).toHaveLength(5 * k + 1);
    expect(sent()).toHaveLength(Math.ceil(k / 10));
    expect(w.parses).toEqual({ count: 1, entries: k });
  }
  await w.close();
});

describe('a new entry', () => {
  const withQuery = { link: 'https://www.example.com/news?id=2' };
  /** The items in the ledger, with their types. */
  const itemsIn = async (ledger: string) => {
    const { Items = [] } = await stack.tables.client.send(new ScanCommand({ TableName: ledger }));
    return Items.map(({ key, type }) => ({ key: key?.S, type: type?.S ?? '' }));
  };

  it.each([
    ['takes four rows', {}, [], { entry: 1, pointer: 3 }],
    ['takes five rows when its link has a query', withQuery, [], { entry: 1, pointer: 4 }],
    [
      'takes one more row when a webhook may send it too',
      {},
      [webhookOf()],
      { entry: 1, pointer: 3, pair: 1 },
    ],
  ])('%s, and one stored entry', async (_, given, webhooks, rows) => {
    const w = await embeddedWorld(stack, [adaptive]);
    w.config.webhooks.push(...webhooks);
    const published = new Date(w.state.now - hour).toISOString();
    const known = story(1, { published });
    w.publish([known]);
    await w.poll();
    const before = new Set((await itemsIn(w.tables.ledger)).map(({ key }) => key));
    w.publish([story(2, { published, ...given }), known]);

    await w.poll();

    const fresh = (await itemsIn(w.tables.ledger)).filter(({ key }) => !before.has(key));
    expect(
      Object.fromEntries([...Map.groupBy(fresh, ({ type }) => type)].map(([k, all]) => [k, all.length])),
    ).toEqual({
      ...rows,
      kept: 1,
    });
    await w.close();
  });
});

it('the daily poll without validators costs one extra write and one document', async () => {
  const w = await opened(adaptive, 20);
  w.state.now += 24 * hour;

  await w.poll();
  const daily = [reads(), writes(), sent(), w.parses.count];
  asked = [];
  await w.poll();

  expect(daily).toEqual([['GetItem'], ['PutItem'], [], 0]);
  expect([reads(), writes()]).toEqual([['GetItem'], []]);
  await w.close();
});

it('a message costs one read for all its feeds', async () => {
  const ids = ['newsroom', 'sport', 'culture'];
  const w = await embeddedWorld(
    stack,
    ids.map((id) => ({ id })),
  );
  for (const id of ids) w.publish([story(id)], id);
  await w.poll();
  asked = [];

  await w.poll();

  expect(asked).toEqual(['BatchGetItem']);
  await w.close();
});

it('entries of a rebuilt site are looked up a hundred at a time', async () => {
  const w = await embeddedWorld(stack, [adaptive]);
  const dated = (n: number) => story(n, { published: new Date(w.state.now - n * hour).toISOString() });
  const shelf = Array.from({ length: 150 }, (_, n) => dated(n + 1));
  const rebuilt = shelf.map((entry, n) => ({
    ...entry,
    id: `new-${n}`,
    link: `https://new.example.com/${n}`,
  }));
  w.publish(shelf);
  await w.poll();
  w.publish(rebuilt);
  const call = { ...w.call, remainingMs: () => 120_000 };
  const registrationsAtOnce = 1_000; // so that the reads of registration are batched too
  asked = [];

  await ingestFeeds({ ...w.services, registrationsAtOnce })(
    { feeds: ['newsroom'], manual: true, receiveCount: 1 },
    call,
  );

  expect(writes().length).toBeGreaterThan(150 * 4);
  expect(reads().filter((name) => name === 'BatchGetItem').length).toBeLessThan(40);
  expect(reads().filter((name) => name === 'GetItem').length).toBeLessThan(20);
  await w.close();
});

it('a changed rate costs one extra write, for the schedule', async () => {
  const w = await opened(adaptive, 2);
  w.add(3);

  await w.poll();

  expect(writes().filter((name) => name === 'UpdateItem')).toHaveLength(1);
  expect(writes()).toHaveLength(5 * 3 + 2);
  await w.close();
});

it('a tick with nothing due costs five reads, one queue read and one write', async () => {
  const w = await opened(adaptive, 2);
  const call = { ...w.call, report: () => {} };
  await pollFeeds(w.services)({ scheduledAt: w.state.now }, call);
  await pollFeeds(w.services)({ scheduledAt: w.state.now + 1 }, call);
  asked = [];

  await pollFeeds(w.services)({ scheduledAt: w.state.now + 2 }, call);

  expect(asked.toSorted()).toEqual([
    ...['GetItem', 'GetQueueAttributes', 'PutItem'],
    ...['Query', 'Query', 'Query', 'Query'], // schedule, circuits, leases, and the waiting rows of one brand
  ]);
  await w.close();
});
