import type { FaultInput } from '../local/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../local/sandbox/start-sandbox.ts';
import { embeddedStack, embeddedWorld, rssOf } from '../test/support/embedded-world.ts';
import { localPublisher } from '../test/support/local-publisher.ts';
import type { Bench } from './bench.ts';
import { feedName, feeds, publishers, storyIn } from './support/history.ts';
import { type Child, inChild } from './support/in-child.ts';
import { installPeers } from './support/peers.ts';

const peers = ['naive', 'feedsub', 'rss-feed-emitter'] as const;
const entriesWanted = 10_000;
const restartEvery = 5;
const token = 'a-token';

/** Two of some forty posts a round: every twentieth fails. Of six ways to fail, three have kept the post. */
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

/** Lives through it all; how many stories were there at the first poll, and how many in the end. */
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

type Tally = { stories: number; posts: number; lost: number; doubled: number; listed: number };

/** `listed`: stories that the poller itself names as waiting for a person. They are not lost, whatever became of them. */
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
    doubled: [...posts.values()].filter((same) => same.length > 1).length,
    listed: listed.size,
  };
};

const ours = async (): Promise<Tally> => {
  const stack = await embeddedStack();
  const ids = Array.from({ length: feeds }, (_, n) => feedName(n));
  const world = await embeddedWorld(
    stack,
    ids.map((id) => ({ id, whenUncertain: 'park' as const })),
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
    await world.minutes(90); // whatever waits has had its turn
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

const theirs = async (name: string): Promise<Tally> => {
  const documents = new Map<string, string>();
  const publisher = await localPublisher((request, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(documents.get(request.url ?? ''));
  });
  const sandbox = await startSandbox({ token, brands: [144], rateLimit: 1_000_000 });
  const urls = Array.from({ length: feeds }, (_, n) => `${publisher.origin}/${feedName(n)}`);
  let child: Child | null = null;
  const begin = async () => {
    await child?.end();
    child = inChild(new URL('./support/peer-poster.ts', import.meta.url), { limitMs: 600_000 });
    await child.call('start', { name, urls, url: sandbox.url, token });
    await child.call('round'); // what is there at the start counts as seen
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

export const bench: Bench = {
  question: 'What is lost or doubled?',
  how: `The same history of ${entriesWanted} entries in ${feeds} feeds through each: a restart every ${restartEvery} polls, every twentieth POST failing in one of six ways, titles edited, stories in two feeds, whole feeds with new guids. Ours runs its jobs over the embedded stack, with \`when_uncertain: park\`; the peers run as processes that post what they say is new.`,
  limits:
    'Restarts are between polls; what happens at every single step is proven by test/crash. A peer’s user could add a database and retries, and would then have begun to write this project.',
  run: async () => {
    installPeers();
    const found: [string, Tally][] = [['ours', await ours()]];
    for (const peer of peers) found.push([peer, await theirs(peer)]);
    return {
      tables: [
        {
          title: 'Of what was published after the first poll',
          head: ['poller', 'stories', 'posts', 'lost', 'doubled', 'listed for a person'],
          rows: found.map(([name, { stories, posts, lost, doubled, listed }]) => [
            name,
            stories,
            posts,
            lost,
            doubled,
            listed,
          ]),
        },
      ],
      headlines: found.map(([name, { lost, doubled, listed }]) => ({
        what: `${entriesWanted.toLocaleString('en')} entries with faults, ${name}`,
        figure: `${lost} lost, ${doubled} doubled${name === 'ours' ? `, ${listed} listed for a person` : ''}`,
        ...(name === 'ours' && { aim: '0 lost, 0 doubled' }),
      })),
      notes: [
        'Listed: stories whose outcome ours does not know and says so. Aim: 0 lost, 0 doubled, every uncertain one listed.',
      ],
    };
  },
};
