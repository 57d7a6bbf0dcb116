import type { Entry } from '../../lib/core/entries/entry.ts';
import { story } from '../../test/support/entries.ts';
import { seeded } from './seeded.ts';

export const feeds = 20;
const perRound = 2;
const window = 20;
const seed = 11;

/** The frequency of each event: one in this many. */
const odds = { edit: 1 / 50, share: 1 / 20 };
const reissueEvery = 25;

/** One entry in the window of one feed. */
type Item = { n: number; guid: string; edits: number };

const entryOf = ({ n, guid, edits }: Item): Entry =>
  story(n, { id: guid, title: edits === 0 ? `Story ${n}` : `Story ${n}, edition ${edits + 1}` });

/** The name of a feed by its number. */
export const feedName = (n: number): string => `feed-${n}`;

/** The story that a text is about; null if none. */
export const storyIn = (text: string): number | null => {
  const [, n] = /^Story (\d+)/.exec(text) ?? [];
  return n === undefined ? null : Number(n);
};

/**
 * Simulated publishers, the same in each run: feeds that publish, edit titles, take over stories from other feeds with
 * their own guids and, occasionally, change all guids of a feed. Windows contain the last 20 entries.
 */
export const publishers = () => {
  const random = seeded(seed);
  const windows = Array.from({ length: feeds }, (): Item[] => []);
  let stories = 0;

  const show = (feed: number, item: Item) => {
    const items = windows[feed] ?? [];
    items.unshift(item);
    items.length = Math.min(items.length, window);
  };
  const publish = (feed: number) => {
    stories += 1;
    const item = { n: stories, guid: `${feedName(feed)}-${stories}`, edits: 0 };
    show(feed, item);
    const other = Math.floor(random() * feeds);
    if (random() < odds.share && other !== feed)
      show(other, { ...item, guid: `${feedName(other)}-${stories}` });
  };
  const edit = (items: Item[]) => {
    for (const item of items) if (random() < odds.edit / window) item.edits += 1;
  };
  const reissue = (items: Item[], round: number) => {
    for (const item of items) item.guid = `${item.guid.replace(/~.*/, '')}~${round}`;
  };

  return {
    /** Publishes the first or second half of the entries between two polls. */
    work: (round: number, half: 0 | 1) => {
      for (let feed = 0; feed < feeds; feed++) {
        for (let n = half; n < perRound; n += 2) publish(feed);
        if (half === 0) edit(windows[feed] ?? []);
      }
      if (half === 1 && round % reissueEvery === 0)
        reissue(windows[Math.floor(random() * feeds)] ?? [], round);
    },
    /** The current window of each feed. */
    documents: (): Entry[][] => windows.map((items) => items.map(entryOf)),
    stories: () => stories,
  };
};
