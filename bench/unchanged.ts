import { ourAccess } from '../local/embedded/access.ts';
import { startDynamo } from '../local/embedded/dynamo.ts';
import type { Bench, Table } from './bench.ts';
import { type Child, inChild } from './support/in-child.ts';
import { median } from './support/median.ts';
import { installPeers } from './support/peers.ts';

const feeds = 1_000;
const bytes = 28_000; // the median of 85 feeds that were found in public
const hosts = 50;
const rounds = 3;
const pollers = ['ours', 'naive', 'feedsub', 'rss-feed-emitter', 'the request alone'] as const;
type Poller = (typeof pollers)[number];

type Round = { cpuMs: number; wallMs: number; reads: number; writes: number };
type Counts = { requests: number; bytes: number };
type Found = Round & Counts;

const publisherModule = new URL('./support/publisher.ts', import.meta.url);
const oursModule = new URL('./support/our-poller.ts', import.meta.url);
const peerModule = new URL('./support/peer-poller.ts', import.meta.url);
const requestAlone = new URL('./support/request-alone.ts', import.meta.url);

const moduleOf = (poller: Poller): URL => {
  if (poller === 'ours') return oursModule;
  return poller === 'the request alone' ? requestAlone : peerModule;
};

const begin = async (poller: Poller, urls: string[], where: object): Promise<Child> => {
  const child = inChild(moduleOf(poller));
  await child.call('start', poller === 'ours' ? { urls, where } : { name: poller, urls });
  await child.call('round'); // the first poll, which everybody has to read
  return child;
};

const aRound = async (child: Child, publisher: Child): Promise<Found> => {
  await publisher.call('counts');
  const round = await child.call<Round>('round');
  return { ...round, ...(await publisher.call<Counts>('counts')) };
};

const middle = (all: Found[], of: keyof Found) => median(all.map((one) => one[of]));

/** Each polls all feeds again, in turns. */
const compare = async (publisher: Child, children: Map<Poller, Child>, validators: boolean) => {
  const found = new Map<Poller, Found[]>(pollers.map((poller) => [poller, []]));
  await publisher.call('behave', validators);
  for (let turn = 0; turn < rounds; turn++)
    for (const [poller, child] of children) found.get(poller)?.push(await aRound(child, publisher));
  return found;
};

const tableOf = (title: string, found: Map<Poller, Found[]>): Table => ({
  title,
  head: ['poller', 'CPU ms', '× ours', 'requests', 'MB fetched', 'DynamoDB reads', 'writes'],
  rows: [...found].map(([poller, all]) => [
    poller,
    middle(all, 'cpuMs').toFixed(0),
    (middle(all, 'cpuMs') / middle(found.get('ours') ?? [], 'cpuMs')).toFixed(1),
    middle(all, 'requests'),
    (middle(all, 'bytes') / 1e6).toFixed(1),
    poller === 'ours' ? middle(all, 'reads') : '–',
    poller === 'ours' ? middle(all, 'writes') : '–',
  ]),
});

/** How many times the CPU of this poller the naive script needs. */
const times = (found: Map<Poller, Found[]>, poller: Poller = 'ours') =>
  (middle(found.get('naive') ?? [], 'cpuMs') / middle(found.get(poller) ?? [], 'cpuMs')).toFixed(1);

const requestsOf = (found: Map<Poller, Found[]>): string => {
  const ours = found.get('ours') ?? [];
  return `${middle(ours, 'reads') / feeds} read, ${middle(ours, 'writes')} writes`;
};

export const bench: Bench = {
  question: 'What does an unchanged poll cost?',
  how: `Polls ${feeds} unchanged feeds of ${bytes / 1_000} kB with each poller. The publisher, the DynamoDB emulator and the pollers run in separate processes; only the poller’s CPU time counts. Connections are not reused between polls. “The request alone” sends the validator and ignores the response, which is the minimum for any poller. Figures are medians of ${rounds} interleaved rounds after the first poll.`,
  limits:
    'Everything runs on one machine; a network adds waiting, but no CPU time. Ours stores its state in DynamoDB, which takes requests; the others keep it in memory and lose it. The CPU time of the naive script grows with the size of the documents, ours with their number. The request alone shows the largest possible advantage over the naive script.',
  run: async () => {
    installPeers();
    const publisher = inChild(publisherModule, { limitMs: 600_000 });
    const dynamo = await startDynamo();
    const children = new Map<Poller, Child>();
    try {
      const urls = await publisher.call<string[]>('serve', feeds, bytes, hosts);
      const { endpoint, tables } = dynamo;
      const where = { dynamo: { endpoint, ...ourAccess() }, ledger: tables.ledger, feeds: tables.feeds };
      for (const poller of pollers) children.set(poller, await begin(poller, urls, where));
      const withThem = await compare(publisher, children, true);
      const without = await compare(publisher, children, false);
      return {
        tables: [
          tableOf('A publisher with validators (304)', withThem),
          tableOf('A publisher without validators', without),
        ],
        headlines: [
          {
            what: 'CPU time of the naive script relative to ours, unchanged feeds with validators',
            figure: `${times(withThem)} ×`,
            target: '≥ 10 ×',
          },
          { what: 'the same without validators', figure: `${times(without)} ×`, target: '≥ 3 ×' },
          {
            what: 'DynamoDB requests of an unchanged poll',
            figure: requestsOf(withThem),
            target: '≤ 1 read, 0 writes',
          },
        ],
        notes: [
          `The naive script takes ${times(withThem)} times our CPU time with validators (target: 10), and ${times(without)} times without (target: 3). It takes ${times(withThem, 'the request alone')} and ${times(without, 'the request alone')} times as much as the request alone.`,
        ],
      };
    } finally {
      for (const child of [...children.values(), publisher]) await child.end();
      await dynamo.close();
    }
  },
};
