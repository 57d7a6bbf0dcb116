import { describe, expect, it } from 'vitest';
import { notifyLockMs } from '../../lib/core/alerts/alert.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { alertWorld } from '../support/alert-world.ts';
import { story } from '../support/entries.ts';
import { explore } from '../support/explore.ts';
import { chooseSample, deathsInTwoPolls } from '../support/sample.ts';
import { ofActing, sceneIn } from '../support/scene.ts';

type W = ReturnType<typeof alertWorld>;

/** How many notices a channel received. */
const times = (w: W, channel: string) => w.takeNotices(channel).length;

const laterLooks = async (w: W) => {
  for (let i = 0; i < 2; i++) {
    w.state.now += notifyLockMs;
    await w.look();
  }
};

const dead = async () => {
  const w = alertWorld([{}], ofActing);
  await w.tick();
  w.dead.feeds = 1;
  return w;
};

describe('two concurrent alert runs', () => {
  it('notify each channel once, in any order', async () => {
    const { runs } = await explore(async () => {
      const w = await dead();
      return sceneIn(w, [w.look, w.look], async () => {
        await laterLooks(w);
        expect([times(w, 'slack'), times(w, 'email'), times(w, 'log')]).toEqual([1, 1, 1]);
      });
    });

    expect(runs).toBeGreaterThan(10);
  });

  it('notify each channel at least once and at most twice when one dies', async () => {
    await explore(
      async () => {
        const w = await dead();
        return sceneIn(w, [w.look, w.look], async () => {
          await laterLooks(w);
          for (const channel of ['slack', 'email', 'log']) {
            const received = times(w, channel);
            expect(received).toBeGreaterThanOrEqual(1);
            expect(received).toBeLessThanOrEqual(2);
          }
        });
      },
      { crashes: 1 },
    );
  });

  it('resolve an alert once', async () => {
    await explore(async () => {
      const w = await dead();
      await w.look();
      w.dead.feeds = 0;
      w.takeNotices('slack');
      return sceneIn(w, [w.look, w.look], async () => {
        await laterLooks(w);
        expect(w.takeNotices('slack')).toEqual(['over dead-letters/feeds']);
        expect(w.stores.alerts.flags.size).toBe(0);
      });
    });
  });
});

describe('a poll that dies', () => {
  it('alerts about a gap exactly once', async () => {
    await explore(
      async () => {
        const w = alertWorld([{}], ofActing);
        w.publish([story(1)]);
        await w.poll();
        w.publish([story(2)]);
        const poll = () => ingestFeeds(w.services)({ feeds: ['newsroom'], receiveCount: 1 }, w.call);
        return sceneIn(w, [poll, poll], async () => {
          await w.poll();
          await laterLooks(w);
          expect(w.takeNotices('slack').filter((one) => one.includes('gap'))).toEqual([
            'began possible-gap/newsroom',
          ]);
        });
      },
      { crashes: deathsInTwoPolls(chooseSample(process.env.SAMPLE)) },
    );
  });
});

describe('a worker that dies while its draft is announced', () => {
  it('announces drafts that are known to exist, and no others', async () => {
    await explore(
      async () => {
        const w = alertWorld([{ whenUncertain: 'park' }], ofActing);
        w.publish([story(1)]);
        await w.poll();
        w.publish([story(2), story(1)]);
        await w.poll();
        const [wakeUp] = w.stores.queues.wakeUps;
        return sceneIn(w, [w.announce], async () => {
          if (wakeUp) w.stores.queues.wakeUps.push(wakeUp);
          await w.announce();
          await laterLooks(w);
          const announced = w.takeNotices('slack').filter((one) => one.includes('draft-made'));
          expect(announced).toHaveLength(w.sums().drafted ?? 0);
        });
      },
      { crashes: 1 },
    );
  });
});
