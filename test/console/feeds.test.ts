import { describe, expect, it } from 'vitest';
import { chooseFeeds, chosenFeeds } from '../../console/feeds.ts';
import type { FeedStatus } from '../../lib/jobs/operator/read-feeds.ts';

const feed = (id: string, given: Partial<FeedStatus> = {}): FeedStatus => ({
  id,
  url: `https://${id}.example/feed`,
  brandId: 144,
  health: 'ok',
  lastSuccess: null,
  changedAt: null,
  nextPoll: null,
  reason: '',
  trouble: null,
  unconditionalUntil: null,
  gapAt: null,
  hub: null,
  memory: null,
  ...given,
});

const feeds = [
  feed('b', { nextPoll: 5, changedAt: 9 }),
  feed('a', { health: 'paused', changedAt: 3 }),
  feed('d', { health: 'failing', nextPoll: 2 }),
  feed('c', { url: 'https://www.example.com/Journal' }),
];

const ids = (query: string) =>
  chooseFeeds(feeds, chosenFeeds(new URLSearchParams(query))).map(({ id }) => id);

describe('choosing feeds', () => {
  it.each([
    ['', ['d', 'a', 'b', 'c']],
    ['sort=name', ['a', 'b', 'c', 'd']],
    ['sort=next+poll', ['d', 'b', 'a', 'c']],
    ['sort=last+change', ['b', 'a', 'c', 'd']],
    ['health=failing', ['d']],
    ['text=journal', ['c']],
    ['text=example+b', ['b']],
    ['health=nonsense&sort=nonsense&page=-1', ['d', 'a', 'b', 'c']],
  ])('by %j gives %j', (query, expected) => expect(ids(query)).toEqual(expected));

  it('reads the page number, and falls back to the first page', () => {
    expect([
      chosenFeeds(new URLSearchParams('page=3')).page,
      chosenFeeds(new URLSearchParams('page=x')).page,
    ]).toEqual([3, 1]);
  });
});
