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
  question: 'What is lost or duplicated?',
  how: `Gives each poller the same history of ${entriesWanted} entries in ${feeds} feeds, with a restart every ${restartEvery} polls, every twentieth POST failing in one of six ways, edited titles, stories in two feeds, and whole feeds with new guids. Ours runs its jobs with embedded services, once for each \`when_uncertain\`, starting with the default, \`auto\`. The others run as processes and post what they report as new.`,
  limits:
    'Restarts happen between polls; test/crash covers every step in between. The other pollers could be given a database and retries, which they do not have.',
  run: async () => {
    installPeers();
    // Counts do not depend on speed, so ours may run at the same time as the peers.
    const [mine, others] = await Promise.all([tallyOurs(), tallyPeers()]);
    const found = [...mine, ...others];
    return {
      tables: [
        {
          title: 'Stories published after the first poll',
          head: ['poller', 'stories', 'posts', 'lost', 'duplicated', 'listed for review'],
          rows: found.map(([name, { stories, posts, lost, duplicated, listed }]) => [
            name,
            stories,
            posts,
            lost,
            duplicated,
            listed,
          ]),
        },
      ],
      headlines: found.map(([name, { lost, duplicated, listed }]) => ({
        what: `${entriesWanted.toLocaleString('en')} entries with faults, ${name}`,
        figure: `${lost} lost, ${duplicated} duplicated${isOurs(name) ? `, ${listed} listed for review` : ''}`,
        ...(isOurs(name) && name !== 'ours, retry' && { target: '0 lost, 0 duplicated' }),
      })),
      notes: [
        'Listed for review: stories that ours reports as having an unknown outcome; with retry, possible duplicates. Target: 0 lost, 0 duplicated, every uncertain story listed.',
      ],
    };
  },
};
