import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedRow } from '../../lib/core/polling/feed-row.ts';
import { cliOver, configOf, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { feedOf } from '../support/entries.ts';
import { aFeedRow, aTrouble } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

beforeEach(async () => {
  const feeds = [feedOf(), feedOf({ id: 'journal' }), feedOf({ id: 'asleep', paused: true })];
  target = fakeTarget({ config: () => configOf(feeds) });
  cli = cliOver(target);
  await target.feedStore.save(aFeedRow());
});

/** Changes the row at the n-th look and takes the message from the queue. */
const polledAt = (n: number, changes: Partial<FeedRow> | null): Sitting => {
  let looks = 0;
  return {
    pause: async () => {
      looks += 1;
      if (looks !== n) return;
      target.stores.queues.feeds.splice(0);
      if (changes) await target.feedStore.save(aFeedRow({ rev: 2, ...changes }));
    },
  };
};

const counts = { seen: 9, known: 6, baselined: 0, filtered: 0, held: 1, review: 0, queued: 2 };
const trouble = aTrouble({ message: 'nobody\nanswers', since: 5, failures: 1, lastAt: 9, nextAt: 20 });

describe('poll', () => {
  it('sends the feeds in one manual message with validators', async () => {
    await cli('poll newsroom journal newsroom --wait 0');

    expect(target.stores.queues.feeds).toEqual([{ feeds: ['newsroom', 'journal'], manual: true }]);
  });

  it('omits validators with --force', async () => {
    await cli('poll newsroom --force --wait 0');

    expect(target.stores.queues.feeds).toEqual([{ feeds: ['newsroom'], manual: true, force: true }]);
  });

  it('shows the result', async () => {
    const { code, out } = await cli('poll newsroom', polledAt(2, { changedAt: 9_000, counts }));

    expect({ code, out }).toEqual({
      code: 0,
      out: 'newsroom has changed: 9 entries: 2 new, 1 held, 6 known.\n',
    });
  });

  it('shows the result of a first poll', async () => {
    const { out } = await cli('poll journal', {
      pause: async () => void (await target.feedStore.save(aFeedRow({ id: 'journal' }))),
    });

    expect(out).toBe('journal has changed: 3 entries: 1 new, 2 existing.\n');
  });

  it('treats a feed as unchanged when its message is done and its row is the same', async () => {
    const { code, out } = await cli('poll newsroom', polledAt(3, null));

    expect({ code, out }).toEqual({ code: 0, out: 'newsroom is unchanged.\n' });
  });

  it('treats a feed as unchanged when only a failure ended', async () => {
    await target.feedStore.save(aFeedRow({ rev: 2, trouble }));

    const { out } = await cli('poll newsroom', polledAt(1, { rev: 3 }));

    expect(out).toContain('newsroom is unchanged');
  });

  it('ends with 1 when a feed cannot be read, with the reason without control characters', async () => {
    const words = await cli('poll newsroom', polledAt(1, { trouble }));

    expect(words).toMatchObject({ code: 1, out: 'newsroom: Nobody answers.\n' });
  });

  it('prints the result as JSON', async () => {
    const { out } = await cli('poll newsroom --json', polledAt(1, { trouble }));

    expect(JSON.parse(out)).toEqual({
      target: 'here',
      feeds: [
        {
          feed: 'newsroom',
          outcome: 'failed',
          counts: null,
          error: {
            code: 'feed.unreachable',
            message: 'nobody\nanswers',
            since: '1970-01-01T00:00:00.005Z',
            nextAt: '1970-01-01T00:00:00.020Z',
          },
        },
      ],
    });
  });

  it('reports when there is no result in time', async () => {
    let looks = 0;
    const pause = async () => void looks++;

    const { code, out } = await cli('poll newsroom --wait 2', { pause });

    expect({ code, looks }).toEqual({ code: 0, looks: 8 });
    expect(out).toContain('no result yet');
  });

  it('does not rely on a stage’s approximate queue depths', async () => {
    const { out } = await cli('poll newsroom --wait 2 --stage prod', polledAt(1, null));

    expect(out).toContain('no result yet');
  });

  it.each([
    ['an unknown feed', 'poll nwsroom', 4, /There is no feed nwsroom/],
    ['a paused feed', 'poll newsroom asleep', 3, /asleep is paused in feeds\.yml/],
    ['no feed', 'poll', 2, /missing required argument/],
    ['an invalid time', 'poll newsroom --wait long', 2, /whole number of seconds/],
  ])('refuses %s, and sends nothing', async (_, line, code, message) => {
    const ran = await cli(line);

    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(message);
    expect(target.stores.queues.feeds).toEqual([]);
  });
});
