import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import { story } from '../../support/entries.ts';
import { world } from '../../support/world.ts';

const lastCounts = (w: ReturnType<typeof world>) =>
  w.events.filter((event) => event.event === 'poll.changed').at(-1)?.counts;

describe('one story', () => {
  it.each([
    ['with its title corrected', story(1, { title: 'Corrected' })],
    ['with its guid regenerated', story(1, { id: 'regenerated' })],
    [
      'with its link flipped to http and a tracking parameter',
      story(1, { link: 'http://www.example.com/1/?utm_source=rss' }),
    ],
    ['with its date edited', story(1, { published: '2030-01-01T00:00:00.000Z' })],
  ])('%s is one draft', async (_, changed) => {
    const w = world();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2), changed]);

    await w.poll();
    w.publish([changed]);
    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.text)).toEqual(['Story 1', 'Story 2']);
  });

  it('listed twice in one document is one draft', async () => {
    const w = world();
    await w.poll();
    w.publish([story(1), story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
    expect(lastCounts(w)).toMatchObject({ seen: 2, known: 1, queued: 1 });
  });

  it('in two feeds of a brand is one draft', async () => {
    const w = world([{}, { id: 'products', url: 'https://www.example.com/products.xml' }]);
    await w.poll();
    w.publish([story(1)]);
    w.publish([story(1, { id: 'other-guid' })], 'products');

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
    expect(
      w.events
        .filter((event) => event.event === 'poll.changed')
        .slice(-2)
        .map((event) => event.counts.queued + event.counts.known),
    ).toEqual([1, 1]);
  });

  it('in feeds of two brands with the same address is a draft in each', async () => {
    const w = world([{}, { id: 'other', brandId: 7 }]);
    await w.poll();
    w.publish([story(1)]);

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });

  it('in feeds of two brands is a draft in each', async () => {
    const w = world([{}, { id: 'other', url: 'https://www.example.com/other.xml', brandId: 7 }]);
    await w.poll();
    w.publish([story(1)]);
    w.publish([story(1)], 'other');

    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts.map(({ post }) => post.brand_id).sort()).toEqual([144, 7]);
  });
});

it.each<[string, Partial<Entry>]>([
  ['a new guid', {}],
  ['a new guid, and no longer a text or date', { summary: null, published: null }],
])(
  'recognizes an entry of the last window by page and title when it has %s and is gone from the ledger',
  async (_, changes) => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();
    w.stores.ledger.rows.clear();
    w.publish([story(1, { id: 'made-again', ...changes })]);

    await w.poll();

    expect(w.sums()).toEqual({ baselined: 1 });
  },
);

it('makes a draft of an entry that takes over the page, title and text of one still on the feed', async () => {
  const offer = {
    link: 'https://www.example.com/offer',
    title: 'Offer of the week',
    summary: 'Only this week',
  };
  const w = world();
  w.publish([story(1, offer)]);
  await w.poll();
  w.publish([story(2, offer), story(1, { ...offer, title: 'Offer of last week' })]);

  await w.poll();

  expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
});
