import { behaviours } from '../test/wild/behaviours/all.ts';
import { type Figures, sumOf, wrongOf } from '../test/wild/truth.ts';
import type { Bench, Table } from './bench.ts';
import { inChild } from './support/in-child.ts';
import { installPeers } from './support/peers.ts';
import { histories, type Wild } from './support/wild.ts';

const peers = ['naive', 'feedsub', 'rss-feed-emitter'] as const;
const module = new URL('./support/wild.ts', import.meta.url);

type Found = { name: string; wild: Wild };

const wildOf = async (name: string): Promise<Found> => {
  const child = inChild(module, { limitMs: 1_500_000 });
  try {
    const wild = name === 'ours' ? await child.call<Wild>('ours') : await child.call<Wild>('theirs', name);
    return { name, wild };
  } finally {
    await child.end();
  }
};

const perThousand = (figures: Figures): string => ((1_000 * wrongOf(figures)) / figures.stories).toFixed(1);
const allOf = ({ wild }: Found): Figures => sumOf(Object.values(wild));

const totals = (found: readonly Found[]): Table => ({
  title: 'Of all stories',
  head: [
    'poller',
    'stories',
    'doubles',
    'old ones posted',
    'lost in silence',
    'listed',
    'held',
    'held again',
  ],
  rows: found.map((one) => {
    const { stories, double, old, silent, listed, heldNews, heldAgain } = allOf(one);
    return [one.name, stories, double, old, silent, listed, heldNews, heldAgain];
  }),
});

const byGroup = (found: readonly Found[]): Table => {
  const groups = [...new Set(behaviours.map(({ group }) => group))];
  return {
    title: 'Wrong (doubles, old ones posted, lost in silence) of 1,000 stories, by what the sites do',
    head: ['sites', ...found.map(({ name }) => name)],
    rows: groups.map((group) => [
      group,
      ...found.map(({ wild }) => (wild[group] ? perThousand(wild[group]) : '–')),
    ]),
  };
};

export const bench: Bench = {
  question: 'How do pollers handle what sites do?',
  how: `Simulated sites with known truth (\`test/wild\`): ${behaviours.length} behaviours, ${histories.each} history of each, ${histories.mixtures} of each mixture, the same through each poller. A simulated editor releases the held entries that are new. The other pollers poll over HTTP, and are restarted when a feed is added.`,
  limits:
    'Half of the behaviors are reported faults, so the figures show what a poller can handle, not how often it happens. The other pollers have no webhooks and see only the feed.',
  run: async () => {
    installPeers();
    const found: Found[] = [];
    for (const name of ['ours', ...peers]) found.push(await wildOf(name));
    return {
      tables: [totals(found), byGroup(found)],
      headlines: found.map((one) => ({
        what: `stories that simulated sites make go wrong, ${one.name}`,
        figure: `${perThousand(allOf(one))} of 1,000`,
        ...(one.name === 'ours' && { target: '≤ 5 of 1,000' }),
      })),
      notes: [
        'Listed: news that has a row and is one command away. Held: left to a person, and news. Held again: rows that are held beyond the first of a story.',
      ],
    };
  },
};
