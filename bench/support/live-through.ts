import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import type { FaultInput } from '../../local/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/start-sandbox.ts';
import { embeddedStack, embeddedWorld, rssOf } from '../../test/support/embedded-world.ts';
import { localPublisher } from '../../test/support/local-publisher.ts';
import { feedName, feeds, publishers, storyIn } from './history.ts';
import { type Child, inChild } from './in-child.ts';

// Runs in processes of their own, by in-child.ts: a history of publishers and failures through ours, or through a peer.

/** The minimum number of stories in a history, and the number of polls between restarts. */
export const entriesWanted = 10_000;
export const restartEvery = 5;

const token = 'a-token';

/**
 * Two of about forty posts per round: every twentieth fails. In three of the six kinds of failure the post is created.
 */
const failures: FaultInput[] = [
  { kind: 'error-500', times: 1 },
  { kind: 'commit-and-drop', times: 1 },
  { kind: 'unavailable-503', times: 1 },
  { kind: 'garbled', times: 1 },
  { kind: 'drop', times: 1 },
  { kind: 'error-500', times: 1, commit: true },
];
const failuresARound = 2;

const failSome = (sandbox: Sandbox, round: number) => {
  sandbox.clearFaults();
  for (let n = 0; n < failuresARound; n++) {
    const failure = failures[(round * failuresARound + n) % failures.length];
    if (failure) sandbox.fail(failure);
  }
};

type Poller = {
  publish: (documents: ReturnType<ReturnType<typeof publishers>['documents']>) => void;
  poll: () => Promise<void>;
  restart: () => Promise<void>;
};

/** Replays the whole history; returns the number of stories at the first poll and at the end. */
const liveThrough = async (poller: Poller, sandbox: Sandbox): Promise<{ first: number; stories: number }> => {
  const at = publishers();
  const work = (round: number, half: 0 | 1) => {
    at.work(round, half);
    poller.publish(at.documents());
  };
  work(0, 0);
  await poller.poll();
  const first = at.stories();
  for (let round = 1; at.stories() < entriesWanted; round++) {
    failSome(sandbox, round);
    work(round, 0);
    if (round % restartEvery === 0) await poller.restart();
    work(round, 1);
    await poller.poll();
  }
  sandbox.clearFaults();
  return { first, stories: at.stories() };
};

/** `listed`: stories that the poller itself lists for review. They do not count as lost. */
export type Tally = { stories: number; posts: number; lost: number; duplicated: number; listed: number };

const tally = (
  sandbox: Sandbox,
  { first, stories }: { first: number; stories: number },
  listed: Set<number>,
): Tally => {
  const posts = Map.groupBy(
    sandbox.posts().map(({ raw }) => storyIn((JSON.parse(raw) as { text: string }).text)),
    (story) => story,
  );
  const wanted = Array.from({ length: stories - first }, (_, n) => first + 1 + n);
  return {
    stories: wanted.length,
    posts: sandbox.posts().length,
    lost: wanted.filter((story) => !posts.has(story) && !listed.has(story)).length,
    duplicated: [...posts.values()].filter((same) => same.length > 1).length,
    listed: listed.size,
  };
};

/** Replays it with our jobs on the embedded stack, with one policy for lost responses. */
export const ours = async (whenUncertain: WhenUncertain): Promise<Tally> => {
  const stack = await embeddedStack();
  const ids = Array.from({ length: feeds }, (_, n) => feedName(n));
  const world = await embeddedWorld(
    stack,
    ids.map((id) => ({ id, whenUncertain })),
  );
  try {
    const lived = await liveThrough(
      {
        publish: (documents) => {
          for (const [n, entries] of documents.entries()) world.publish(entries, feedName(n));
        },
        poll: () => world.minutes(1),
        restart: async () => world.restart(),
      },
      world.sandbox,
    );
    await world.minutes(90); // everything waiting has been processed
    const waiting = (await world.rows()).filter(({ state }) =>
      ['uncertain', 'held', 'rejected'].includes(state),
    );
    const listed = new Set(waiting.flatMap(({ title }) => storyIn(title ?? '') ?? []));
    return tally(world.sandbox, lived, listed);
  } finally {
    await world.close();
    await stack.close();
  }
};

/** Replays it with a peer, by name, in its own process, which is killed at each restart. */
export const theirs = async (name: string): Promise<Tally> => {
  const documents = new Map<string, string>();
  const publisher = await localPublisher((request, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(documents.get(request.url ?? ''));
  });
  const sandbox = await startSandbox({ token, brands: [144], rateLimit: 1_000_000 });
  const urls = Array.from({ length: feeds }, (_, n) => `${publisher.origin}/${feedName(n)}`);
  let child: Child | null = null;
  const begin = async () => {
    await child?.end();
    child = inChild(new URL('./peer-poster.ts', import.meta.url), { limitMs: 1_500_000 });
    await child.call('start', { name, urls, url: sandbox.url, token });
    await child.call('round'); // existing entries count as seen
  };
  try {
    const lived = await liveThrough(
      {
        publish: (all) => {
          for (const [n, entries] of all.entries()) documents.set(`/${feedName(n)}`, rssOf(entries));
        },
        poll: async () => (child === null ? begin() : child.call('round')),
        restart: begin,
      },
      sandbox,
    );
    return tally(sandbox, lived, new Set());
  } finally {
    await (child as Child | null)?.end();
    await sandbox.close();
    await publisher[Symbol.asyncDispose]();
  }
};
