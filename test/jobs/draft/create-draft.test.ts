import { describe, expect, it } from 'vitest';
import { circuitFor, isClosed, pausedCircuit } from '../../../lib/core/circuit/circuit-breaker.ts';
import type { Publish } from '../../../lib/core/config/config.ts';
import { noDelivery } from '../../../lib/core/dash/no-delivery.ts';
import { leaseMs, mustRemainMs, uncertainPauseMs, wakeGraceMs } from '../../../lib/core/dash/timing.ts';
import { misconfigured, retryable } from '../../../lib/core/errors.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import type { TikTokPost } from '../../../lib/core/posts/tiktok-post.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { story } from '../../support/entries.ts';
import { type Response, type World, world } from '../../support/world.ts';

const minute = 60_000;
const stories = (n: number) => Array.from({ length: n }, (_, i) => story(i + 1));

/** A world with `n` queued entries whose wake-ups have been sent. */
const queued = async (n: number, ...given: Parameters<typeof world>): Promise<World> => {
  const w = world(...given);
  await w.poll();
  w.publish(stories(n));
  await w.poll();
  return w;
};

const circuitIsClosed = (w: World) =>
  isClosed(circuitFor([...w.stores.circuits.stored.values()], { brand: 144 }, w.state.now));
const only = (w: World) => w.rows()[0];

describe('a wake-up', () => {
  it('creates one draft with exactly the row’s post', async () => {
    const w = await queued(1);
    const post = only(w)?.post;

    await w.deliverWakeUps();

    expect(w.sent).toEqual([post]);
    expect(only(w)).toMatchObject({ state: 'drafted', postId: 1, attempts: 1, wakeAt: null });
    expect(only(w)?.history.map(({ code }) => code)).toEqual(['entry.new', 'draft.claimed', 'draft.created']);
  });

  it('reports the delay from publication to draft, or null when the feed gives no date', async () => {
    const w = world();
    await w.poll();
    w.publish([
      { ...story(1), published: new Date(w.state.now).toISOString() },
      story(2, { published: null }),
    ]);
    await w.poll();
    w.state.now += 5 * minute;

    await w.deliverWakeUps();

    const delays = w.reported('draft.created').map((news) => 'delayMs' in news && news.delayMs);
    expect(delays).toHaveLength(2);
    expect(delays).toContain(null);
    expect(Math.max(...delays.map(Number))).toBeGreaterThanOrEqual(5 * minute);
  });

  it('changes nothing when delivered twice, late, or for a missing row', async () => {
    const w = await queued(1);
    const [wakeUp] = w.stores.queues.wakeUps;
    w.stores.queues.wakeUps.push(wakeUp as NonNullable<typeof wakeUp>, { key: 'guid-nobody', brand: 144 });

    await w.deliverWakeUps();
    await w.worker()(wakeUp as NonNullable<typeof wakeUp>, w.call);

    expect(w.sent).toHaveLength(1);
  });

  it('updates the rate limiter from the response’s rate headers', async () => {
    const rate = { limit: 1_000, remaining: 7, resetAt: 60_000 };
    const updates: unknown[] = [];
    const w = await queued(1);
    w.services.dash.create = async () => ({ kind: 'created', postId: 1, rate });
    w.services.updateRate = (...given: unknown[]) => void updates.push(...given);

    await w.deliverWakeUps();

    expect(updates).toEqual([rate]);
  });

  it('creates one draft when two workers receive it at once', async () => {
    const w = await queued(1);
    const [wakeUp] = w.stores.queues.wakeUps;
    const [one, other] = [w.worker(), w.worker()];

    await Promise.all([
      one(wakeUp as NonNullable<typeof wakeUp>, w.call),
      other(wakeUp as NonNullable<typeof wakeUp>, w.call),
    ]);

    expect(w.sent).toHaveLength(1);
  });

  it('is sent again by the sweep after the grace period when lost', async () => {
    const w = await queued(1);
    w.stores.queues.wakeUps.length = 0;

    await w.minutes(1);
    expect(w.sent).toHaveLength(0);
    await w.minutes(wakeGraceMs / minute);

    expect(w.sent).toHaveLength(1);
  });

  it('holds the row when its feed was removed from feeds.yml', async () => {
    const w = await queued(1);
    w.config.feeds.length = 0;

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'held', history: [{}, { code: 'feed.removed' }] });
  });

  it('sends nothing when the lease would not outlast the request', async () => {
    const w = await queued(1);
    const create = w.services.dash.create;
    w.services.dash.create = async (post, options) => {
      w.state.now += leaseMs - mustRemainMs + 1; // simulates a delay between the claim and the POST
      return create(post, options);
    };

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
  });
});

describe('a post that exceeds its feed’s publish setting', () => {
  const video = { post: { media_ids: [7] } };
  /** A row rendered under `publish` whose feed has been changed to `now`. */
  const madeUnder = async (publish: Publish, now: Publish) => {
    const timestamp = new Date(Date.UTC(2026, 0, 2)).toISOString();
    const post = publish === 'schedule' ? { ...video.post, timestamp } : video.post;
    const w = await queued(1, [{ publish, post }]);
    for (const feed of w.config.feeds) feed.publish = now;
    return w;
  };

  it.each<[Publish, Publish]>([
    ['now', 'draft'],
    ['now', 'schedule'],
    ['schedule', 'draft'],
  ])('made under publish: %s is held under publish: %s, with an alert', async (then, now) => {
    const w = await madeUnder(then, now);

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({
      state: 'held',
      attempts: 0,
      history: [{}, { code: 'post.not-as-configured' }],
    });
    expect([...w.stores.alerts.flags.values()]).toMatchObject([
      { kind: 'not-as-configured', subject: 'newsroom', entryKey: only(w)?.key },
    ]);
  });

  it.each<[Publish, Publish]>([
    ['draft', 'now'],
    ['draft', 'schedule'],
    ['schedule', 'now'],
    ['now', 'now'],
  ])('made under publish: %s is sent unchanged under publish: %s', async (then, now) => {
    const w = await madeUnder(then, now);
    const post = only(w)?.post;

    await w.deliverWakeUps();

    expect(w.sent).toEqual([post]);
    expect(w.stores.alerts.flags.size).toBe(0);
  });

  it('is held again when released before feeds.yml allows it', async () => {
    const w = await madeUnder('now', 'draft');
    await w.deliverWakeUps();

    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();
    expect(w.sent).toEqual([]);
    for (const feed of w.config.feeds) feed.publish = 'now';
    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();

    expect(w.sent).toMatchObject([{ status: 'AUTOPUBLISHING' }]);
  });

  it('is held however the row was written', async () => {
    const w = await queued(1);
    const row = only(w) as EntryRow;
    const post: TikTokPost = {
      brand_id: 144,
      status: 'AUTOPUBLISHING',
      auto_publish: true,
      creation_source: 'RSS_FEED',
      text: 'Not from the feed',
      media_ids: [7],
    };
    w.stores.ledger.rows.set(row.key, { ...row, post });

    await w.minutes(10);

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'held' });
  });
});

describe('each response from Dash Social', () => {
  const table: [Response, object, boolean][] = [
    ['created', { state: 'drafted', postId: 1 }, true],
    ['created, unreadable', { state: 'drafted', postId: null }, true],
    ['rejected', { state: 'rejected', errors: { text: ['too long'] } }, true],
    ['throttled', { state: 'queued', attempts: 0, failures: 0 }, false],
    ['unauthorized', { state: 'queued', attempts: 0, failures: 0 }, false],
    ['forbidden', { state: 'queued', attempts: 0, failures: 0 }, false],
    ['not-created', { state: 'queued', attempts: 0, failures: 1 }, true],
    ['lost, created', { state: 'uncertain', attempts: 1, wakeAt: null }, true],
    ['lost, not created', { state: 'uncertain', attempts: 1, wakeAt: null }, true],
  ];
  it.each(table)('%s → %j; the circuit stays closed: %s', async (answer, row, open) => {
    const w = await queued(1);
    w.state.response = answer;

    await w.deliverWakeUps();

    expect(only(w)).toMatchObject(row);
    expect(circuitIsClosed(w)).toBe(open);
  });

  it.each(table)(
    '%s, then recovery: ends in one draft, rejected, or uncertain for review',
    async (answer) => {
      const w = await queued(1);
      w.state.response = answer;
      await w.deliverWakeUps();
      w.state.response = 'created';

      await w.minutes(90);

      const { state } = only(w) ?? {};
      expect(['drafted', 'rejected', 'uncertain']).toContain(state);
      expect(w.posts.length).toBe(state === 'drafted' || answer === 'lost, created' ? 1 : 0);
    },
  );
});

describe('an unknown outcome', () => {
  it('is never sent again under park', async () => {
    const w = await queued(1, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, created';
    await w.deliverWakeUps();
    w.state.response = 'created';

    await w.minutes(24 * 60);

    expect(w.posts).toHaveLength(1);
    expect(only(w)).toMatchObject({ state: 'uncertain' });
  });

  it('is sent again minutes later under retry, and the row records a possible duplicate', async () => {
    const w = await queued(1, [{ whenUncertain: 'retry' }]);
    w.state.response = 'lost, created';
    await w.deliverWakeUps();
    w.state.response = 'created';

    await w.minutes(uncertainPauseMs / minute - 1);
    expect(w.sent).toHaveLength(1);
    await w.minutes(2);

    expect(only(w)).toMatchObject({ state: 'drafted', mayBeTwice: 1, postId: 2 });
  });
});

describe('a worker that dies during a request', () => {
  it.each(['park', 'retry'] as const)(
    'leaves a row whose lease the sweep expires; %s',
    async (whenUncertain) => {
      const w = await queued(1, [{ whenUncertain }]);
      const create = w.services.dash.create;
      const posted = new Promise<void>((resolve) => {
        w.services.dash.create = async (...args) => {
          await create(...args);
          resolve();
          return new Promise(() => {}); // the worker never continues
        };
      });
      void w.deliverWakeUps();
      await posted;
      w.services.dash.create = create;
      expect(only(w)?.state).toBe('drafting');

      await w.minutes(10);

      expect(only(w)).toMatchObject(
        whenUncertain === 'park' ? { state: 'uncertain' } : { state: 'drafted', mayBeTwice: 1 },
      );
      expect(w.posts).toHaveLength(whenUncertain === 'park' ? 1 : 2);
    },
  );
});

describe('an unexpected error', () => {
  it.each([
    ['park', 1],
    ['retry', 3],
  ] as const)(
    'fails its message, and under %s parks its row with the error after %i attempts',
    async (whenUncertain, times) => {
      const w = await queued(1, [{ whenUncertain }]);
      let thrown = 0;
      w.services.dash.create = async () => {
        thrown += 1;
        throw new TypeError('cannot read the length of undefined');
      };

      await expect(w.deliverWakeUps()).rejects.toThrow(TypeError);
      for (let i = 0; i < 60; i++) await w.minutes(1).catch(() => {});

      expect(thrown).toBe(times);
      expect(only(w)).toMatchObject({ state: 'uncertain', wakeAt: null, attempts: times });
      expect(only(w)?.history.at(-1)).toMatchObject({
        code: 'draft.unexpected',
        detail: expect.stringContaining('cannot read the length'),
      });
    },
  );

  it('is not raised when the token becomes unavailable: the row waits and the circuit opens', async () => {
    const w = await queued(1);
    w.services.dash.create = async () => {
      throw misconfigured('token.missing', 'the secret has no value');
    };

    await w.deliverWakeUps();

    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(circuitIsClosed(w)).toBe(false);
  });
});

describe('the circuit breaker', () => {
  it.each(['all', 'brand/144', 'feed/newsroom'] as const)(
    'is checked again after waiting for a turn: a pause of %s made meanwhile is respected',
    async (scope) => {
      const w = await queued(1);
      w.services.acquireTurn = async () => {
        w.state.now += 50_000;
        await pausePosting(w.services, scope);
        return true;
      };

      await w.deliverWakeUps();

      expect(w.sent).toEqual([]);
      expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
    },
  );

  it('closes automatically when a 429 is over, without counting an attempt', async () => {
    const w = await queued(3);
    w.state.response = 'throttled';
    await w.deliverWakeUps();
    expect(w.sent).toHaveLength(1);
    w.state.response = 'created';

    await w.minutes(4);

    expect(w.sums()).toEqual({ drafted: 3 });
    expect(w.rows().map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  });

  it('limits an hour of lost responses to three uncertain rows, then recovers automatically', async () => {
    const w = await queued(50, [{ whenUncertain: 'park' }]);
    Object.assign(w.state, { response: 'lost, not created', up: false });

    await w.deliverWakeUps();
    await w.minutes(60);
    expect(w.sums()).toEqual({ uncertain: 3, queued: 47 });

    Object.assign(w.state, { response: 'created', up: true });
    await w.minutes(65);

    expect(w.sums()).toEqual({ uncertain: 3, drafted: 47 });
  });

  it('probes with one row and opens again when that is lost too', async () => {
    const w = await queued(20, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, not created'; // the probe passes, but a real POST does not

    await w.deliverWakeUps();
    await w.minutes(60);

    const { uncertain = 0 } = w.sums();
    expect(uncertain).toBeGreaterThan(3);
    expect(uncertain).toBeLessThanOrEqual(3 + 7); // 1, 2, 4 … 60 minutes apart
  });

  it.each(['unauthorized', 'lost, not created', 'throttled'] as const)(
    'does not stay open behind a second open circuit: %s, then the brand is refused to the trial row',
    async (first) => {
      const w = await queued(3);
      w.state.response = first;
      await w.deliverWakeUps();
      w.state.response = 'forbidden';
      await w.minutes(4);
      w.state.response = 'created';

      await w.minutes(30);

      expect(w.rows().filter(({ state }) => state === 'queued')).toEqual([]);
    },
  );

  it('opens again after one lost response to the trial row, also on a worker with no history', async () => {
    const w = await queued(20, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, not created';
    await w.deliverWakeUps();
    w.newWorker();

    await w.minutes(3);

    expect(w.sums()).toEqual({ uncertain: 4, queued: 16 });
    expect(w.reported('circuit.opened')).toHaveLength(2);
  });

  it('lets other brands through when the token may not use one', async () => {
    const w = await queued(3, [{}, { id: 'other', url: 'https://other.example.com/feed', brandId: 7 }]);
    w.state.response = 'forbidden';
    await w.deliverWakeUps();
    w.state.response = 'created';
    w.publish([story('b')], 'other');

    await w.poll(['other']);
    await w.deliverWakeUps();

    expect(w.rowTitled('Story b')?.state).toBe('drafted');
    expect(w.sums()).toMatchObject({ queued: 3 });
  });

  it('opens when the token is missing, without failing a message or losing a row', async () => {
    const w = await queued(2);
    w.state.token = false;
    await w.deliverWakeUps();
    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason: 'no-token' }]);
    w.state.token = true;

    await w.minutes(5);

    expect(w.sums()).toEqual({ drafted: 2 });
  });

  it.each([
    ['token.missing', 'no-token'],
    ['token.malformed', 'malformed-token'],
    ['token.access-denied', 'unreadable-token'],
    ['token.unreadable', 'unreadable-token'],
  ])('reports why there is no token: %s opens it as %s', async (code, reason) => {
    const w = await queued(2);
    w.services.readyToken = async () => {
      throw misconfigured(code, 'no token');
    };

    await w.deliverWakeUps();

    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason }]);
    expect(w.sums()).toMatchObject({ queued: 2 });
  });

  it('reports the probe’s error instead of the original reason', async () => {
    const w = await queued(1);
    w.state.token = false;
    await w.deliverWakeUps();
    w.state.token = true;
    w.services.dash.probe = async () => ({ kind: 'down', code: 'dash.unauthorized', message: '401' });

    await w.minutes(3);

    expect(w.reported('circuit.opened').at(-1)).toMatchObject({ scope: 'all', reason: 'unauthorized' });
  });

  it('stays closed when the secret is briefly unavailable: the message is retried', async () => {
    const w = await queued(1);
    w.services.readyToken = async () => {
      throw retryable('token.throttled', 'AWS throttles the secret');
    };

    await expect(w.deliverWakeUps()).rejects.toMatchObject({ code: 'token.throttled' });

    expect(w.reported('circuit.opened')).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('sends, moves and queries nothing while paused, and continues after resume', async () => {
    const calls: string[] = [];
    const w = await queued(5, [{}], { before: (name) => void calls.push(name) });
    const paused = pausedCircuit(null, 'all', w.state.now);
    await w.stores.circuits.put(paused);
    await w.deliverWakeUps();
    calls.length = 0;

    await w.minutes(120);
    expect(w.sent).toEqual([]);
    expect(calls.filter((name) => /ledger.(insert|replace)|sendWakeUps/.test(name))).toEqual([]);

    await w.stores.circuits.remove(paused);
    await w.minutes(3);

    expect(w.sums()).toEqual({ drafted: 5 });
  });

  it('for one feed holds back only that feed, however many rows it has', async () => {
    const w = await queued(30, [{}, { id: 'other', url: 'https://other.example.com/feed' }]);
    await w.stores.circuits.put(pausedCircuit(null, 'feed/newsroom', w.state.now));
    w.services.wakeUpsATick = 5;
    w.publish([story('b')], 'other');
    await w.poll(['other']);
    w.stores.queues.wakeUps.length = 0;

    await w.minutes(4);

    expect(w.sent.map(({ text }) => text)).toEqual(['Story b']);
  });

  it('neither polls nor posts a feed paused in feeds.yml', async () => {
    const w = await queued(2);
    for (const feed of w.config.feeds) feed.paused = true;
    const before = w.state.fetches;

    await w.deliverWakeUps();
    await w.minutes(10);

    expect([w.sent.length, w.state.fetches - before]).toEqual([0, 0]);
  });

  it('stays closed when a dead worker’s leases expire', async () => {
    const w = await queued(4);
    const create = w.services.dash.create;
    w.services.dash.create = () => new Promise(() => {});
    for (const wakeUp of w.stores.queues.wakeUps.splice(0, 3)) void w.worker()(wakeUp, w.call);
    while ((w.sums().drafting ?? 0) < 3) await new Promise(setImmediate);
    w.services.dash.create = create;
    w.state.now += leaseMs;

    await w.minutes(1);

    expect(w.reported('circuit.opened')).toEqual([]);
    expect(w.sums()).toMatchObject({ uncertain: 3, drafted: 1 });
  });
});

it('backs off up to an hour, without limit, for responses that are not the row’s fault', async () => {
  const w = await queued(1);
  w.state.response = 'not-created';
  await w.deliverWakeUps();

  await w.minutes(60 * 12);

  const row = only(w);
  expect(row?.state).toBe('queued');
  expect(row?.failures).toBeGreaterThan(10);
  expect((row?.dueAt ?? 0) - (row?.history.at(-1)?.at ?? 0)).toBeLessThanOrEqual(60 * minute);
});

it('posts nothing on a stage with deliver: none, and records what would have been sent', async () => {
  const w = world();
  w.services.dash = noDelivery;
  await w.poll();
  w.publish([story(1)]);
  await w.poll();

  await w.deliverWakeUps();

  expect(w.sent).toEqual([]);
  expect(w.rowTitled('Story 1')).toMatchObject({
    state: 'drafted',
    postId: null,
    post: { text: 'Story 1' },
    history: [{}, {}, { code: 'draft.would-have-been-sent', detail: 'this stage delivers nothing' }],
  });
  expect(w.reported('draft.withheld')).toHaveLength(1);
});
