import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pausedCircuit } from '../../lib/core/circuit/circuit-breaker.ts';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import type { FaultInput } from '../../local/sandbox/faults.ts';
import {
  type EmbeddedStack,
  type EmbeddedWorld,
  embeddedStack,
  embeddedWorld,
} from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { chooseSample, drawn } from '../support/sample.ts';

const sample = chooseSample(process.env.SAMPLE);

let stack: EmbeddedStack;
let w: EmbeddedWorld;

beforeAll(async () => {
  stack = await embeddedStack();
});
afterAll(() => stack.close());
afterEach(() => w.close());

const open = async (...feeds: Partial<FeedConfig>[]) => {
  w = await embeddedWorld(stack, feeds.length > 0 ? feeds : [{}]);
};

const texts = () => w.posted().map(({ text }) => text);
const sumsAddUp = () => {
  expect(w.events.filter(({ event }) => event === 'poll.count-mismatch')).toEqual([]);
};

describe('from feed to Dash Social', () => {
  it('existing entries are baselined, and a new one becomes one draft', async () => {
    await open();
    w.publish([story(2), story(1)]);
    await w.poll();
    expect(await w.sums()).toEqual({ baselined: 2 });

    w.publish([story(3), story(2), story(1)]);
    await w.poll();
    await w.deliver();

    expect(w.posted()).toEqual([
      expect.objectContaining({ text: 'Story 3', brand_id: 144, creation_source: 'RSS_FEED' }),
    ]);
    expect(await w.sums()).toEqual({ baselined: 2, drafted: 1 });
    expect((await w.rows()).find(({ state }) => state === 'drafted')).toMatchObject({
      postId: w.sandbox.posts()[0]?.id,
    });
    sumsAddUp();
  });

  it.each([
    ['an edited title', story(1, { title: 'Story 1, corrected' })],
    ['a regenerated guid', story(1, { id: 'regenerated' })],
    [
      'a link with another scheme and a tracking parameter',
      story(1, { link: 'http://www.example.com/1?utm_source=rss' }),
    ],
  ])('%s makes no second draft', async (_, changed) => {
    await open();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    await w.deliver();

    w.publish([changed]);
    await w.poll();
    await w.deliver();

    expect(texts()).toEqual(['Story 1']);
    sumsAddUp();
  });

  it('one story in two feeds of a brand, polled at once, makes one draft', async () => {
    await open({}, { id: 'products' });
    await w.poll();
    w.publish([story(1)]);
    w.publish([story(1, { id: 'another-guid' })], 'products');

    await Promise.all([w.poll(['newsroom']), w.poll(['products'])]);
    await w.deliver();

    expect(texts()).toEqual(['Story 1']);
    sumsAddUp();
  });

  it('two concurrent polls of a feed make one draft', async () => {
    await open();
    await w.poll();
    w.publish([story(1), story(2)]);

    await Promise.all([w.poll(), w.poll()]);
    await w.deliver();

    expect(texts().sort()).toEqual(['Story 1', 'Story 2']);
  });

  it('a message delivered twice, concurrently and late, makes one draft', async () => {
    await open();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    const messages = await w.wakeUps();

    await Promise.all([w.deliver(messages), w.deliver(messages)]);
    await w.deliver(messages);

    expect(texts()).toEqual(['Story 1']);
  });

  it('a restart with an empty queue loses and repeats nothing', async () => {
    await open();
    w.publish([story(1)]);
    await w.poll();
    w.publish([story(2), story(1)]);
    await w.poll();
    await w.wakeUps(); // lost with the queue

    w.restart();
    await w.minutes(4);

    expect(texts()).toEqual(['Story 2']);
  });

  it('nothing is sent while paused, and everything is afterwards', async () => {
    await open();
    await w.poll();
    const paused = pausedCircuit(null, 'all', w.state.now);
    await w.services.circuits.put(paused);
    w.publish([story(1), story(2)]);

    await w.poll();
    await w.minutes(5);
    expect(w.sandbox.requests()).toEqual([]);
    await w.services.circuits.remove(paused);
    await w.minutes(2);

    expect(texts().sort()).toEqual(['Story 1', 'Story 2']);
  });
});

describe('when Dash Social fails', () => {
  const faults: [FaultInput['kind'], WhenUncertain, string, number][] = [
    ['error-500', 'park', 'uncertain', 0],
    ['unavailable-503', 'park', 'uncertain', 0],
    ['hang', 'park', 'uncertain', 0],
    ['drop', 'park', 'uncertain', 0],
    ['commit-and-drop', 'park', 'uncertain', 1],
    ['error-500', 'auto', 'uncertain', 0], // the first draft of a new brand: nothing confirms the list yet
    ['commit-and-drop', 'auto', 'uncertain', 1],
    ['error-500', 'retry', 'drafted', 1],
    ['commit-and-drop', 'retry', 'drafted', 2],
    ['throttled-429', 'park', 'drafted', 1],
    ['proxy-404', 'park', 'drafted', 1],
    ['too-large', 'park', 'drafted', 1],
    ['unauthorized-401', 'park', 'drafted', 1],
    ['forbidden-403', 'park', 'drafted', 1],
    ['slow', 'park', 'drafted', 1],
    ['garbled', 'park', 'drafted', 1],
  ];
  it.each(drawn(sample, 2, faults))(
    '%s, under %s: the entry ends %s, with %i drafts',
    async (kind, whenUncertain, state, drafts) => {
      await open({ whenUncertain });
      await w.poll();
      w.publish([story(1)]);
      await w.poll();
      w.sandbox.fail({ kind, times: 1, ...(kind === 'slow' && { ms: 20 }) });

      await w.deliver();
      await w.minutes(9);

      const [row] = await w.rows();
      expect(row?.state).toBe(state);
      expect(texts()).toEqual(Array(drafts).fill('Story 1'));
      expect(row?.mayBeTwice).toBe(whenUncertain === 'retry' ? 1 : 0);
    },
  );

  it.each(drawn(sample, 2, ['error-500', 'commit-and-drop'] as const))(
    '%s, under auto with a known draft of the brand: the entry ends drafted, with one draft',
    async (kind) => {
      await open({ whenUncertain: 'auto' });
      await w.poll();
      w.publish([story(1)]);
      await w.poll();
      await w.deliver();
      await w.minutes(30);
      w.publish([story(2), story(1)]);
      await w.poll();
      w.sandbox.fail({ kind, times: 1 });

      await w.deliver();
      await w.minutes(9);

      expect(await w.sums()).toEqual({ drafted: 2 });
      expect(texts()).toEqual(['Story 1', 'Story 2']);
    },
  );

  it('a rejected post stays rejected, with Dash Social’s errors', async () => {
    await open();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    const [queued] = await w.rows();
    if (!queued?.post) throw new Error('nothing was queued');
    await w.services.ledger.replace({
      ...queued,
      rev: queued.rev + 1,
      post: { ...queued.post, thumbnail_url: 'no address' },
    });

    await w.deliver();
    await w.minutes(9);

    const [row] = await w.rows();
    expect(row).toMatchObject({
      state: 'rejected',
      errors: { thumbnail_url: [expect.any(String)] },
      attempts: 1,
    });
    expect(texts()).toEqual([]);
  });

  it.each(drawn(sample, 2, ['unavailable-503', 'hang'] as const))(
    '%s for an hour: three rows become uncertain, the others wait, and posting recovers automatically',
    async (kind) => {
      await open({ whenUncertain: 'park' });
      await w.poll();
      w.publish(Array.from({ length: 12 }, (_, i) => story(i)));
      await w.poll();
      w.sandbox.fail({ kind, on: 'all' });

      await w.deliver();
      await w.minutes(60);
      expect(await w.sums()).toEqual({ uncertain: 3, queued: 9 });

      w.sandbox.clearFaults();
      await w.minutes(65);
      expect(await w.sums()).toEqual({ uncertain: 3, drafted: 9 });
    },
  );
});
