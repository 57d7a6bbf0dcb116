import type { Bench } from './bench.ts';
import { feeds } from './support/history.ts';
import { inChild } from './support/in-child.ts';
import { entriesWanted, restartEvery, type Tally } from './support/live-through.ts';
import { installPeers } from './support/peers.ts';

const policies = ['auto', 'park', 'retry'] as const;
const peers = ['naive', 'feedsub', 'rss-feed-emitter'] as const;
const module = new URL('./support/live-through.ts', import.meta.url);

const tallyOf = async (call: 'ours' | 'theirs', ...args: string[]): Promise<Tally> => {
  const child = inChild(module, { limitMs: 1_500_000 });
  try {
    return await child.call<Tally>(call, ...args);
  } finally {
    await child.end();
  }
};

const tallyOurs = async (): Promise<[string, Tally][]> => {
  const found: [string, Tally][] = [];
  for (const policy of policies) found.push([`ours, ${policy}`, await tallyOf('ours', policy)]);
  return found;
};

const tallyPeers = async (): Promise<[string, Tally][]> => {
  const found: [string, Tally][] = [];
  for (const peer of peers) found.push([peer, await tallyOf('theirs', peer)]);
  return found;
};

const isOurs = (name: string) => name.startsWith('ours');

export const bench: Bench = {
  question: 'What is lost or doubled?',
  how: `The same history of ${entriesWanted} entries in ${feeds} feeds through each: a restart every ${restartEvery} polls, every twentieth POST failing in one of six ways, titles edited, stories in two feeds, whole feeds with new guids. Ours runs its jobs over the embedded stack, once under each \`when_uncertain\`, the default \`auto\` first; the peers run as processes that post what they say is new.`,
  limits:
    'Restarts are between polls; what happens at every single step is proven by test/crash. A peer’s user could add a database and retries, and would then have begun to write this project.',
  run: async () => {
    installPeers();
    // What is counted does not hang on how fast it goes, so ours may run beside the peers.
    const [mine, others] = await Promise.all([tallyOurs(), tallyPeers()]);
    const found = [...mine, ...others];
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
        figure: `${lost} lost, ${doubled} doubled${isOurs(name) ? `, ${listed} listed for a person` : ''}`,
        ...(isOurs(name) && name !== 'ours, retry' && { aim: '0 lost, 0 doubled' }),
      })),
      notes: [
        'Listed: stories whose outcome ours does not know and says so. Under retry those that may be doubled are possible duplicates instead. Aim: 0 lost, 0 doubled, every uncertain one listed.',
      ],
    };
  },
};
