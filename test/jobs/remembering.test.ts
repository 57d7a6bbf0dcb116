import { describe, expect, it } from 'vitest';
import type { Entry } from '../../lib/core/entry.ts';
import { story } from '../support/entries.ts';
import { hookWorld, webhookOf } from '../support/hook-world.ts';
import { type World, world } from '../support/world.ts';

const day = 86_400_000;

/** One poll a day, as the schedule sends it. */
const live = async (w: World, days: number, onDay: (n: number) => void = () => {}) => {
  for (let n = 1; n <= days; n++) {
    w.state.now += day;
    onDay(n);
    await w.poll(undefined, false);
    await w.deliverWakeUps();
  }
};

const drafts = (w: World) => w.posts.map(({ post }) => post.text);
const shelf = (...numbers: number[]): Entry[] => numbers.map((n) => story(n));
const keysIn = (w: World) =>
  w
    .allRows()
    .map(({ key }) => key)
    .sort();
/** Lives on and answers how long the shortest row of each type had left to live, in days. */
const leastLife = async (w: World, days: number) => {
  const least = {
    entry: Number.POSITIVE_INFINITY,
    pointer: Number.POSITIVE_INFINITY,
    pair: Number.POSITIVE_INFINITY,
  };
  await live(w, days, () => {
    for (const { type, expiresAt } of w.allRows())
      if (expiresAt !== null) least[type] = Math.min(least[type], (expiresAt * 1000 - w.state.now) / day);
  });
  return least;
};

describe('a feed that answers 304 for three years', () => {
  it('keeps every row of what it lists, and drafts nothing when its newest entry is deleted', async () => {
    const w = world();
    w.publish(shelf(5, 4, 3, 2, 1));
    await w.poll();
    const before = keysIn(w);

    const least = await leastLife(w, 3 * 365);
    const after = keysIn(w);
    w.publish(shelf(4, 3, 2, 1));
    await live(w, 30);

    expect(after).toEqual(before);
    expect(least.entry).toBeGreaterThan(200);
    expect(least.pointer).toBeGreaterThan(200);
    expect(drafts(w)).toEqual([]);
  });

  it('keeps the pair that joins it to its webhook, which can send a corrected story then', async () => {
    const w = hookWorld([webhookOf()]);
    w.publish(shelf(1));
    await w.poll();
    w.publish(shelf(2, 1));
    await live(w, 1);
    const before = keysIn(w);

    const least = await leastLife(w, 3 * 365);
    const after = keysIn(w);
    await w.deliver({ id: 'cms-2', title: 'Corrected', link: story(2).link, published: null });
    await w.deliverWakeUps();

    expect(after).toEqual(before);
    expect(least.pair).toBeGreaterThan(200);
    expect(drafts(w)).toEqual(['Story 2']);
  });
});
