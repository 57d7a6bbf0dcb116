import { describe, expect, it } from 'vitest';
import { pausedCircuit } from '../../../lib/core/circuit/circuit-breaker.ts';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import { published } from './published-story.ts';

const hour = 3_600_000;

describe('a post to be published', () => {
  const soon = '2026-01-01T02:00:00Z'; // the world starts at 00:00
  const media = [9];
  const publicly = (publish: 'schedule' | 'now', feed: Partial<FeedConfig> = {}) => {
    const timestamp = publish === 'schedule' ? { timestamp: soon } : {};
    return hookWorld([webhookOf({}, { publish, whenUncertain: 'park', post: { ...timestamp }, ...feed })]);
  };
  const codes = (w: ReturnType<typeof hookWorld>) => w.rows().map(({ history }) => history.at(-1)?.code);

  it.each([
    ['schedule', { status: 'SCHEDULED', auto_publish: true, timestamp: soon, media_ids: media }],
    ['now', { status: 'AUTOPUBLISHING', auto_publish: true, media_ids: media }],
  ] as const)('by publish: %s is sent with its delivered media', async (publish, post) => {
    const w = publicly(publish);

    const received = await w.deliver(published({ media }));
    await w.deliverWakeUps();

    expect(received.outcome).toBe('queued');
    expect(w.posts).toMatchObject([{ post }]);
  });

  it.each(['schedule', 'now'] as const)('by publish: %s is held without media', async (publish) => {
    const w = publicly(publish);

    const received = await w.deliver(published());

    expect(received.outcome).toBe('held');
    expect(w.rows()[0]?.history[0]?.detail).toContain('media_ids must contain a video');
  });

  it('is held when its time has passed on delivery', async () => {
    const w = publicly('schedule', { post: { timestamp: '2025-12-31T23:59:00Z' } });

    await w.deliver(published({ media }));

    expect(w.sums()).toEqual({ held: 1 });
    expect(w.rows()[0]?.history[0]?.detail).toContain('timestamp must be in the future');
  });

  it('is held when its time has passed before it is sent', async () => {
    const w = publicly('schedule');
    const closed = pausedCircuit(null, 'all', w.state.now);
    await w.stores.circuits.put(closed);
    await w.deliver(published({ media }));
    await w.deliverWakeUps();

    w.state.now = Date.parse(soon);
    await w.stores.circuits.remove(closed);
    await w.minutes(5);

    expect(w.sent).toEqual([]);
    expect(w.sums()).toEqual({ held: 1 });
    expect(codes(w)).toEqual(['post.timestamp-passed']);
    expect(w.reported('draft.held')).toHaveLength(1);
  });

  it('gets a new slot when its slot has passed before it is sent', async () => {
    const editorial = { ...noEditorial, at: { kind: 'slot' as const, slots: [60, 5 * 60] } };
    const own = { id: 'blog', publish: 'schedule' as const, editorial };
    const w = hookWorld([webhookOf({ hasFeed: false }, own)]);
    const closed = pausedCircuit(null, 'all', w.state.now);
    await w.stores.circuits.put(closed);
    await w.deliver(published({ media }));
    expect(w.rows()[0]?.post?.timestamp).toBe('2026-01-01T01:00:00Z');

    w.state.now += 1.5 * hour;
    await w.stores.circuits.remove(closed);
    await w.minutes(5);

    expect(w.sent).toMatchObject([{ status: 'SCHEDULED', timestamp: '2026-01-01T05:00:00Z' }]);
    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('is not sent when its time passes between claim and request', async () => {
    const w = publicly('schedule');
    await w.deliver(published({ media }));
    const [message] = w.stores.queues.wakeUps.splice(0);
    const { newId } = w.services;
    w.services.newId = () => {
      w.state.now = Date.parse(soon) - 1;
      return newId();
    };
    const create = w.services.dash.create;
    w.services.dash.create = (...args) => {
      w.state.now += 1;
      return create(...args);
    };

    if (message) await w.worker()(message, w.call);
    await w.minutes(1);

    expect(w.sent).toEqual([]);
    expect(codes(w)).toEqual(['post.timestamp-passed']);
  });

  it.each([
    ['older than stale_after on delivery', new Date(Date.UTC(2026, 0, 1) - 6 * hour - 1).toISOString()],
    ['dated the day before', '2025-12-31T01:00:00Z'],
  ])('is held when it is %s', async (_, at) => {
    const w = publicly('now');

    await w.deliver(published({ media, published: at }));

    expect(codes(w)).toEqual(['entry.stale']);
    expect(w.stores.queues.wakeUps).toEqual([]);
  });

  it.each([
    ['with a date', { published: '2026-01-01T00:00:00Z' }],
    ['without a date, by its time of delivery', {}],
  ])('is held when it has become stale behind an open circuit breaker: one %s', async (_, given) => {
    const w = publicly('now');
    const closed = pausedCircuit(null, 'all', w.state.now);
    await w.stores.circuits.put(closed);
    await w.deliver(published({ media, ...given }));

    w.state.now += 6 * hour;
    await w.stores.circuits.remove(closed);
    await w.minutes(1);

    expect(codes(w)).toEqual(['entry.stale']);
    expect(w.sent).toEqual([]);
  });

  it('is scheduled days ahead without review', async () => {
    const at = '2026-01-05T08:00:00Z';
    const w = publicly('schedule', { post: { timestamp: at } });

    await w.deliver(published({ media, published: at }));
    await w.deliverWakeUps();

    expect(w.posts).toMatchObject([{ post: { timestamp: at } }]);
  });

  it('applies no age limit to drafts', async () => {
    const w = hookWorld();

    await w.deliver(published({ published: '2020-01-01T00:00:00Z' }));
    await w.deliverWakeUps();

    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('stays uncertain when its response is lost', async () => {
    const w = publicly('now');
    w.state.response = 'lost, not created';

    await w.deliver(published({ media }));
    await w.deliverWakeUps();
    await w.minutes(30);

    expect(w.sums()).toEqual({ uncertain: 1 });
    expect(w.sent).toHaveLength(1);
  });
});
