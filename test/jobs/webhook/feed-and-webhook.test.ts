import { describe, expect, it } from 'vitest';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { receiveWebhook } from '../../../lib/jobs/webhook/receive-webhook.ts';
import { story } from '../../support/entries.ts';
import { explore } from '../../support/explore.ts';
import { fakeFeedStore, fakeLedger, type Hooks } from '../../support/fake-stores.ts';
import { hookWorld, requestFor, webhookOf } from '../../support/hook-world.ts';
import { chooseSample, deathsInTwoPolls } from '../../support/sample.ts';
import { published } from './published-story.ts';

const sample = chooseSample(process.env.SAMPLE);

describe('a story from a feed and its webhook', () => {
  const feedItem = story(2); // its own guid, the same link
  const fixedHeadline = published({ title: 'Story two' });

  const withHistory = async () => {
    const w = hookWorld();
    w.publish([story(1)]);
    await w.poll();
    w.publish([feedItem, story(1)]);
    return w;
  };

  it.each([
    ['the same', published()],
    ['a fixed', fixedHeadline],
  ])('first by webhook, with %s headline, is one draft', async (_, payload) => {
    const w = await withHistory();

    await w.deliver(payload);
    await w.poll();
    await w.deliverWakeUps();

    expect(w.posts).toHaveLength(1);
    expect(w.sums()).toEqual({ baselined: 1, drafted: 1 });
  });

  it.each([
    ['the same', published()],
    ['a fixed', fixedHeadline],
  ])('first by the feed, with %s headline, is one draft', async (_, payload) => {
    const w = await withHistory();

    await w.poll();
    const received = await w.deliver(payload);
    await w.deliverWakeUps();

    expect(received.outcome).toBe('known');
    expect(w.posts).toHaveLength(1);
  });

  it('by webhook before its feed’s first poll is one draft', async () => {
    const w = hookWorld();
    w.publish([feedItem]);

    await w.deliver(fixedHeadline);
    await w.poll();
    await w.deliverWakeUps();

    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('already on the feed when it was added becomes a draft only if the webhook marks it as first published', async () => {
    const w = hookWorld();
    w.publish([feedItem]);
    await w.poll();

    const edited = await w.deliver(published());
    const first = await w.deliver(published({ first: true }));
    await w.deliverWakeUps();

    expect([edited.outcome, first.outcome]).toEqual(['known', 'queued']);
    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('is kept apart from another story with the same page', async () => {
    const onePage = { link: 'https://www.example.com/news' };
    const w = hookWorld();
    w.publish([]);
    await w.poll();

    await w.deliver(published({ id: 'cms-1', title: 'One', ...onePage }));
    await w.deliver(published({ id: 'cms-2', title: 'Two', ...onePage }));

    expect(w.sums()).toEqual({ queued: 2 });
  });

  it.each([
    ['the same headline, in every order', published(), 0],
    ['a fixed headline, in every order and with every crash', fixedHeadline, deathsInTwoPolls(sample)],
  ])('at once, with %s, is one row', async (_, payload, crashes) => {
    const explored = await explore(
      async () => {
        const w = await withHistory();
        const { rows } = w.stores.ledger;
        const over = (hooks: Hooks) => ({
          ...w.services,
          ledger: fakeLedger(hooks, rows),
          feedStore: fakeFeedStore(hooks, w.stores.feedStore.memory),
        });
        const request = requestFor(webhookOf(), payload, w.state.now);
        const poll = { feeds: ['newsroom'], manual: true, receiveCount: 1 };
        return {
          processes: [
            (hooks) => ingestFeeds({ ...over(hooks), sendFeeds: async () => {} })(poll, w.call),
            (hooks) => receiveWebhook({ ...w.receiver, ...over(hooks) })({ source: 'blog', request }, w.call),
          ],
          world: () => JSON.stringify([[...rows].sort(), [...w.stores.feedStore.memory.feeds]]),
          atRest: async () => {
            await w.poll();
            await w.receive(request);

            expect(w.sums()).toEqual({ baselined: 1, queued: 1 });
          },
        };
      },
      { crashes },
    );

    expect(explored.runs).toBeGreaterThan(50);
  });
});
