import { setImmediate as turn } from 'node:timers/promises';
import { type LocalPublisher, localPublisher } from '../../test/support/local-publisher.ts';
import { behaviours } from '../../test/wild/behaviours/all.ts';
import { rssDocuments } from '../../test/wild/documents.ts';
import { ourProduct } from '../../test/wild/our-product.ts';
import { type MakeProduct, play } from '../../test/wild/play.ts';
import { addFigures, type Figures, noFigures, type Outcome } from '../../test/wild/truth.ts';

// Runs in a process of its own, by in-child.ts: simulated sites through ours, or through a peer.

/** The number of histories per behavior, and per mixture of behaviors. */
export const histories = { each: 1, mixtures: 10 };

/** Results by group of behaviors. */
export type Wild = Record<string, Figures>;

const playAll = async (product: MakeProduct): Promise<Wild> => {
  const found: Wild = {};
  for (const behaviour of behaviours) {
    const { group, mixture } = behaviour;
    for (let seed = 1; seed <= (mixture ? histories.mixtures : histories.each); seed++) {
      const { figures } = await play(behaviour, seed, product);
      found[group] = addFigures(found[group] ?? noFigures(), figures);
    }
  }
  return found;
};

export const ours = (): Promise<Wild> => playAll(ourProduct());

/** Only the fields on which the peers agree, because each names the author differently. */
type Item = { creator?: string; author?: string; 'dc:creator'?: string };
type Peer = { round: () => Promise<void>; stop: () => void };
type PeerModule = {
  start: (given: { urls: string[]; post: (item: Item) => Promise<void> }) => Promise<Peer>;
};

const storyOf = ({ creator, author, 'dc:creator': dc }: Item): number => {
  const story = Number(creator ?? author ?? dc);
  if (!Number.isInteger(story)) throw new Error('an entry of a peer does not identify its story');
  return story;
};

/**
 * A peer that polls the feeds of one site. Adding a feed restarts it, and the entries then on the feed count as seen.
 */
const peerProduct =
  ({ start }: PeerModule, { origin }: LocalPublisher, documents: Map<string, Uint8Array>): MakeProduct =>
  ({ seed }) => {
    const site = `${seed}-${documents.size}`;
    const urls: string[] = [];
    let posted: number[] = [];
    let peer: Peer | null = null;
    const begin = async () => {
      peer?.stop();
      peer = await start({ urls, post: async (item) => void posted.push(storyOf(item)) });
      await peer.round();
      posted = [];
    };
    return {
      poll: async ({ id }, answer) => {
        const path = `/${site}/${id}`;
        documents.set(path, rssDocuments.write(answer).bytes);
        posted = [];
        if (urls.includes(origin + path)) await peer?.round();
        else {
          urls.push(origin + path);
          await begin();
        }
        await turn(); // its other events
        return posted.map((story): Outcome => ({ story, state: 'queued', code: '' }));
      },
      deliver: async () => [],
      broken: () => {
        peer?.stop();
        return [];
      },
    };
  };

export const theirs = async (name: string): Promise<Wild> => {
  console.error = () => {}; // they log each document that they cannot read
  const module = (await import(new URL(`../peers/${name}.mjs`, import.meta.url).href)) as PeerModule;
  const documents = new Map<string, Uint8Array>();
  const publisher = await localPublisher((request, response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(documents.get(request.url ?? ''));
  });
  try {
    return await playAll(peerProduct(module, publisher, documents));
  } finally {
    await publisher[Symbol.asyncDispose]();
  }
};
