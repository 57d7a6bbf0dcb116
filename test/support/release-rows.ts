import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import { noEditorial } from '../../lib/core/editorial/editorial.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { askFirst } from '../../lib/core/ledger/enrich-state.ts';
import { claim } from '../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { changeRow } from '../../lib/jobs/change-row.ts';
import { tripCircuit } from '../../lib/jobs/draft/trip-circuit.ts';
import { moveEntries } from '../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../lib/jobs/operator/pause-posting.ts';
import { registerEntry } from '../../lib/jobs/register-entry.ts';
import { candidateOf } from './candidates.ts';
import { type EmbeddedStack, type EmbeddedWorld, embeddedWorld } from './embedded-world.ts';
import { feedOf, postOf, story } from './entries.ts';

type Item = Record<string, AttributeValue>;

/** Everything in a release's tables, as DynamoDB encodes it; `at` is in epoch milliseconds. */
export type ReleaseRows = { at: number; ledger: Item[]; feeds: Item[] };

const { rules, limits } = noEditorial;

/** The feeds of those rows. */
const releaseFeeds: Partial<FeedConfig>[] = [
  { id: 'newsroom', whenUncertain: 'retry' },
  { id: 'careful', whenUncertain: 'park' },
  { id: 'looking', whenUncertain: 'auto' },
  { id: 'limited', editorial: { ...noEditorial, limits: { ...limits, perDay: 1 } } },
  {
    id: 'choosy',
    editorial: { ...noEditorial, rules: { ...rules, skip: { ...rules.skip, keywords: ['sale'] } } },
  },
  { id: 'reviewed', review: { first: 1 } },
  { id: 'tag' },
  { id: 'spelled' },
  { id: 'broken', url: 'http://127.0.0.1:9/feed.xml' },
];

const old = (feed: string) => story(`${feed}-was-there`);

/** The feeds' final windows. */
export const releaseWindows: Readonly<Record<string, Entry[]>> = {
  newsroom: [
    story('dismissed'),
    story('to-enrich'),
    story('drafting'),
    story('waiting'),
    story('rejected'),
    story('drafted'),
    story('held', { title: null }),
    old('newsroom'),
  ],
  careful: [story('uncertain'), old('careful')],
  looking: [story('looked-for'), old('looking')],
  limited: [story('of-tomorrow'), story('of-today'), old('limited')],
  choosy: [story('big sale'), old('choosy')],
  reviewed: [story('to-review'), old('reviewed')],
  tag: [story('drafted', { id: 'tagged' }), old('tag')],
  // Entries whose keys a change of the rules would affect: docs/decisions/0016-sameness.md
  spelled: [
    story('octets', {
      id: 'https://www.example.com/caf%C3%a9/#v1',
      link: 'http://www.example.com/caf%c3%A9/index.html?utm_source=rss#top',
    }),
    story('no-guid', { id: null, link: 'https://example.com/article?b=2&a=1&fbclid=x' }),
    old('spelled'),
  ],
};

const publish = (w: EmbeddedWorld, windows: Readonly<Record<string, Entry[]>>) => {
  for (const [feed, entries] of Object.entries(windows)) w.publish(entries, feed);
};

const rowOf = async (w: EmbeddedWorld, name: string): Promise<EntryRow> => {
  const row = (await w.rows()).find(({ title }) => title === `Story ${name}`);
  if (!row) throw new Error(`there is no row of ${name}`);
  return row;
};

const send = async (w: EmbeddedWorld, name: string) => {
  const { key, brand } = await rowOf(w, name);
  await w.deliver([{ key, brand }]);
};

const refuseNextOf = async (w: EmbeddedWorld, name: string) => {
  const row = await rowOf(w, name);
  const post = { ...postOf(`Story ${name}`), thumbnail_url: 'no address' };
  await w.services.ledger.replace({ ...row, rev: row.rev + 1, post });
};

/** An entry that waits for a hook, which its feed no longer has in the next release. */
const waitForHook = async ({ services, state }: EmbeddedWorld, { key }: EntryRow) => {
  await changeRow(services, key, askFirst(state.now));
  const tick = await services.feedStore.tick();
  if (tick) await services.feedStore.saveTick({ ...tick, rev: tick.rev + 1, asksHooks: true });
};

/** A pair of a feed and its webhook. */
const takeFromWebhook = async ({ services }: EmbeddedWorld) => {
  await registerEntry(
    services,
    candidateOf(story('from-a-webhook'), {
      feed: feedOf({ id: 'hooked' }),
      side: 'hook',
      paired: true,
      verdict: { state: 'held', code: 'entry.stale' },
      firstPublished: true,
    }),
  );
};

/** Creates a row of every type and in every state, through the jobs. */
const live = async (w: EmbeddedWorld) => {
  const { services } = w;
  for (const feed of Object.keys(releaseWindows)) w.publish([old(feed)], feed);
  await w.minutes(1);
  publish(w, releaseWindows);
  await w.poll();
  await w.wakeUps(); // they are lost; the rows show what is waiting

  for (const name of ['drafted', 'of-today', 'of-tomorrow']) await send(w, name);
  await refuseNextOf(w, 'rejected');
  await send(w, 'rejected');
  for (const name of ['uncertain', 'looked-for']) {
    w.sandbox.fail({ kind: 'commit-and-drop', times: 1 });
    await send(w, name);
  }
  await waitForHook(w, await rowOf(w, 'to-enrich'));
  await changeRow(services, (await rowOf(w, 'drafting')).key, claim('a-dead-worker', w.state.now));
  await moveEntries(services, [await rowOf(w, 'dismissed')], { move: 'dismiss', by: 'a person' });
  await takeFromWebhook(w);
  await pausePosting(services, 'feed/tag', 'ada');
  await tripCircuit(services, { scope: 'all', reason: 'throttled', until: w.state.now + 1_000 }, w.call);
};

const replaceAll = (text: string, from: string, to: string) => text.replaceAll(from, to);
const anyOrigin = 'http://publisher.invalid';

const readAll = async (client: DynamoDBClient, table: string, origin: string): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) items.push(...Items);
  const asText = JSON.stringify(items, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  const written = JSON.parse(replaceAll(asText, origin, anyOrigin)) as Item[];
  const nameOf = ({ key, pk, sk }: Item) => `${key?.S}${pk?.S}${sk?.S}`;
  return written.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
};

/** The rows that this release writes. */
export const rowsOfThisRelease = async (stack: EmbeddedStack): Promise<ReleaseRows> => {
  const at = Date.UTC(2026, 10, 27, 12);
  const w = await embeddedWorld(stack, releaseFeeds, at);
  try {
    await live(w);
    const { client } = stack.tables;
    return {
      at: w.state.now,
      ledger: await readAll(client, w.tables.ledger, w.origin),
      feeds: await readAll(client, w.tables.feeds, w.origin),
    };
  } finally {
    await w.close();
  }
};

const asStored = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]): [string, AttributeValue] =>
      'B' in value ? [name, { B: Buffer.from(String(value.B), 'base64') }] : [name, value],
    ),
  );

/** A world of this release with the rows of another, some minutes later; the feeds list the same entries. */
export const worldOver = async (stack: EmbeddedStack, { at, ledger, feeds }: ReleaseRows) => {
  const w = await embeddedWorld(stack, releaseFeeds, at + 5 * 60_000);
  publish(w, releaseWindows);
  for (const [TableName, items] of [
    [w.tables.ledger, ledger],
    [w.tables.feeds, feeds],
  ] as const) {
    const here = JSON.parse(replaceAll(JSON.stringify(items), anyOrigin, w.origin)) as Item[];
    for (const item of here)
      await stack.tables.client.send(new PutItemCommand({ TableName, Item: asStored(item) }));
  }
  return w;
};
