import { describe, expect, it } from 'vitest';
import { noDelivery } from '../../../lib/core/dash/no-delivery.ts';
import { leaseMs, mustRemainMs, wakeGraceMs } from '../../../lib/core/dash/timing.ts';
import { story } from '../../support/entries.ts';
import { type Response, type World, world } from '../../support/world.ts';
import { circuitIsClosed, queued } from './queued-drafts.ts';

const minute = 60_000;
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
