import { describe, expect, it } from 'vitest';
import { pausedCircuit } from '../../../lib/core/circuit/circuit-breaker.ts';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { wakeGraceMs } from '../../../lib/core/dash/timing.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { misconfigured, permanent, retryable } from '../../../lib/core/errors.ts';
import { ingestFeeds } from '../../../lib/jobs/ingest/ingest-feeds.ts';
import { receiveWebhook } from '../../../lib/jobs/webhook/receive-webhook.ts';
import { story } from '../../support/entries.ts';
import { explore } from '../../support/explore.ts';
import { fakeFeedStore, fakeLedger, type Hooks } from '../../support/fake-stores.ts';
import { hookSecret, hookWorld, type Payload, requestFor, webhookOf } from '../../support/hook-world.ts';

const hour = 3_600_000;

const published = (given: Payload = {}): Payload => ({
  id: 'cms-2',
  title: 'Story 2',
  link: 'https://www.example.com/2',
  summary: 'About 2',
  ...given,
});

describe('a story from a webhook', () => {
  it('is queued, woken and drafted with its feed’s settings', async () => {
    const w = hookWorld([webhookOf({}, { caption: 'New: {{ title }}' })]);

    const received = await w.deliver(published());
    await w.deliverWakeUps();

    const [row] = w.rows();
    expect(received).toEqual({ outcome: 'queued', entry: row?.key });
    expect(row).toMatchObject({ state: 'drafted', feed: 'newsroom', brand: 144 });
    expect(row?.history[0]).toMatchObject({ state: 'queued', code: 'entry.webhook' });
    expect(w.posts).toMatchObject([{ post: { text: 'New: Story 2', status: 'DRAFT' } }]);
    expect(w.reported('webhook.admitted')).toEqual([
      {
        event: 'webhook.admitted',
        source: 'blog',
        feed: 'newsroom',
        key: row?.key,
        outcome: 'queued',
        code: 'entry.webhook',
      },
    ]);
  });

  it('is filtered by its feed’s rules, and logged with the rule', async () => {
    const { rules } = noEditorial;
    const skip = { ...rules.skip, keywords: ['story 2'] };
    const w = hookWorld([webhookOf({}, { editorial: { ...noEditorial, rules: { ...rules, skip } } })]);

    const received = await w.deliver(published());

    expect(received.outcome).toBe('filtered');
    expect(w.rows()).toMatchObject([{ state: 'filtered', history: [{ code: 'rule.skip-keywords' }] }]);
    expect(w.reported('webhook.admitted')).toMatchObject([
      { outcome: 'filtered', code: 'rule.skip-keywords' },
    ]);
  });

  it('becomes one draft however often it is delivered', async () => {
    const w = hookWorld();

    await w.deliver(published());
    const again = await w.deliver(published());
    await w.deliverWakeUps();
    const late = await w.deliver(published());

    expect([again.outcome, late.outcome]).toEqual(['known', 'known']);
    expect(w.posts).toHaveLength(1);
  });

  it.each([
    ['with the same ID', { title: 'Corrected', link: 'https://www.example.com/moved' }],
    ['with the same page and date', { id: 'cms-other' }],
  ])('is not changed by an update %s', async (_, update) => {
    const change = { published: '2026-01-01T09:00:00Z', ...update };
    const w = hookWorld([webhookOf({ hasFeed: false })]);
    await w.deliver(published({ published: '2026-01-01T09:00:00Z' }));
    const rowsNow = () => w.rows().map(({ rev: _, leading: __, ...row }) => row); // without the list of pointers
    const before = rowsNow();

    const delivered = await w.deliver(published(change));

    expect(delivered.outcome).toBe('known');
    expect(rowsNow()).toEqual(before);
  });

  it('is posted and swept for a webhook without a feed', async () => {
    const alone = webhookOf({ hasFeed: false }, { id: 'blog', brandId: 77, url: '' });
    const w = hookWorld([alone]);

    await w.deliver(published());
    w.stores.queues.wakeUps.splice(0); // lost
    await w.minutes(wakeGraceMs / 60_000 + 1);

    expect(w.posts).toMatchObject([{ post: { brand_id: 77 } }]);
    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('is stored when the wake-up fails, and woken by the sweep', async () => {
    const down = retryable('queue.unreachable', 'The queue cannot be reached.');
    const w = hookWorld([webhookOf()], [{}], { sendWakeUps: () => Promise.reject(down) });

    const received = await w.deliver(published());
    await w.minutes(wakeGraceMs / 60_000 + 1);

    expect(received.outcome).toBe('queued');
    expect(w.reported('webhook.not-woken')).toMatchObject([{ source: 'blog', code: 'queue.unreachable' }]);
    expect(w.sums()).toEqual({ drafted: 1 });
  });

  it('is held when it cannot be rendered', async () => {
    const w = hookWorld([webhookOf({}, { caption: '{{ author }}' })]);

    const received = await w.deliver(published());

    expect(received.outcome).toBe('held');
    const row = w.rows()[0];
    expect(row).toMatchObject({ state: 'held', title: 'Story 2' });
    expect((await w.stores.ledger.storedEntry(row?.storedAs ?? ''))?.entry.title).toBe('Story 2');
    expect(w.rows()[0]?.history[0]?.code).toBe('caption.empty');
    expect(w.stores.queues.wakeUps).toEqual([]);
  });

  it('is not accepted when the ledger is unavailable, so that the sender retries', async () => {
    const down = retryable('store.unreachable', 'The table cannot be reached.');
    const w = hookWorld([webhookOf()], [{}], { ledger: fakeLedger({ before: () => Promise.reject(down) }) });

    await expect(w.deliver(published())).rejects.toBe(down);
    expect(w.stores.queues.wakeUps).toEqual([]);
  });

  it('counts as known when its row cannot be read', async () => {
    const corrupt = permanent('ledger.corrupt-row', 'guid-x has no state');
    const w = hookWorld([webhookOf()], [{}], {
      ledger: fakeLedger({ before: () => Promise.reject(corrupt) }),
    });

    expect(await w.deliver(published())).toMatchObject({ outcome: 'known' });
    expect(w.reported('row.corrupt')).toHaveLength(1);
  });
});

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
    ['a fixed headline, in every order and with every crash', fixedHeadline, 1],
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

describe('a delivery that makes no draft', () => {
  it('gets a response, is logged with its reason, and leaves no row', async () => {
    const w = hookWorld();

    const received = await w.deliver(published({ event: 'archive' }));

    expect(received).toEqual({ outcome: 'ignored', reason: 'not-wanted' });
    expect(w.events).toEqual([{ event: 'webhook.ignored', source: 'blog', reason: 'not-wanted' }]);
    expect(w.stores.ledger.rows.size).toBe(0);
  });

  it('is ignored for a paused webhook whose feed is polled', async () => {
    const w = hookWorld([webhookOf({}, { paused: true })]);
    w.publish([story(1)]);
    await w.poll();

    const received = await w.deliver(published());

    expect(received).toEqual({ outcome: 'ignored', reason: 'paused' });
  });

  it.each([
    ['with its feed', {}, {}, [{ paused: true }]],
    ['without a feed', { hasFeed: false }, { id: 'blog' }, [{}]],
  ])('is queued for a webhook that is paused %s', async (_, given, mapping, feeds) => {
    const w = hookWorld([webhookOf(given, { ...mapping, paused: true })], feeds);

    await w.deliver(published());
    await w.minutes(5);

    expect(w.sums()).toEqual({ queued: 1 });
    expect(w.posts).toEqual([]);
  });
});

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

describe('a refused delivery', () => {
  const signedBy = (secret: string, w: ReturnType<typeof hookWorld>) =>
    requestFor(webhookOf(), published(), w.state.now, secret);

  it('is one to an unknown webhook', async () => {
    const w = hookWorld();
    const request = signedBy(hookSecret, w);

    for (const source of ['blogg', '', '__proto__', null])
      await expect(w.receive(request, source)).rejects.toMatchObject({ code: 'webhook.unknown-source' });
  });

  it('is one with another secret’s signature, and has no effect', async () => {
    const w = hookWorld();

    await expect(w.receive(signedBy('forged', w))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'signature.mismatch',
    });
    expect(w.stores.ledger.rows.size).toBe(0);
    expect(w.events).toEqual([]);
  });

  it.each([
    ['missing', null],
    ['empty', ''],
    ['blank', '  '],
  ])('is any while the secret is %s, and an alert is logged', async (_, value) => {
    const w = hookWorld([webhookOf()], [{}], { secret: async () => value });

    for (const secret of [hookSecret, ' '])
      await expect(w.receive(signedBy(secret, w))).rejects.toMatchObject({
        kind: 'config',
        code: 'signature.no-secret',
      });
    expect(w.reported('webhook.no-secret')).toEqual([
      { event: 'webhook.no-secret', source: 'blog', names: ['blog'] },
      { event: 'webhook.no-secret', source: 'blog', names: ['blog'] },
    ]);
    expect(w.stores.ledger.rows.size).toBe(0);
  });

  it('is any while one of two secrets is missing', async () => {
    const two = webhookOf({ secretNames: ['blog', 'blog-next'] });
    const w = hookWorld([two], [{}], { secret: async (name) => (name === 'blog' ? hookSecret : null) });

    await expect(w.deliver(published())).rejects.toMatchObject({ code: 'signature.no-secret' });
    expect(w.reported('webhook.no-secret')).toMatchObject([{ names: ['blog-next'] }]);
  });

  it('is any while the inbound secret has no value', async () => {
    const none = misconfigured('inbound.missing-secret', 'There is no secret.');
    const w = hookWorld([webhookOf()], [{}], { secret: () => Promise.reject(none) });

    await expect(w.deliver(published())).rejects.toBe(none);
    expect(w.reported('webhook.no-secret')).toHaveLength(1);
  });
});

describe('while a secret is being changed', () => {
  /** `held` is the cached value; a request with a maximum age gets the value in `there`. */
  const changing = (held: string | null, there: string | null) => {
    const asked: (number | undefined)[] = [];
    const secret = async (_: string, maxAgeMs?: number) => {
      asked.push(maxAgeMs);
      return maxAgeMs === undefined ? held : there;
    };
    return { asked, w: hookWorld([webhookOf()], [{}], { secret }) };
  };

  it.each([
    ['in place', 'old'],
    ['by its first value', null],
  ])('%s, a delivery with the new signature is accepted at once', async (_, held) => {
    const { w } = changing(held, hookSecret);

    expect(await w.deliver(published())).toMatchObject({ outcome: 'queued' });
    expect(w.reported('webhook.no-secret')).toEqual([]);
  });

  it('a delivery that matches the cached secret reads no other', async () => {
    const { w, asked } = changing(hookSecret, 'new');

    await w.deliver(published());

    expect(asked).toEqual([undefined]);
  });

  it('a delivery that is stale or unsigned reads no other', async () => {
    const { w, asked } = changing(hookSecret, 'new');
    const stale = requestFor(webhookOf(), published(), w.state.now - 301_000);
    const { headers, ...unsigned } = requestFor(webhookOf(), published(), w.state.now);

    await expect(w.receive(stale)).rejects.toMatchObject({ code: 'signature.stale' });
    await expect(w.receive({ ...unsigned, headers: {} })).rejects.toMatchObject({
      code: 'signature.missing',
    });
    expect(asked).toEqual([undefined, undefined]);
  });

  it('both secrets are accepted when both are named', async () => {
    const two = webhookOf({ secretNames: ['blog', 'blog-next'] });
    const secret = async (name: string) => `value of ${name}`;
    const w = hookWorld([two], [{}], { secret });

    const outcomes = [];
    for (const name of two.secretNames)
      outcomes.push(
        await w.receive(
          requestFor(two, published({ id: name, link: null }), w.state.now, `value of ${name}`),
        ),
      );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ignored', 'ignored']);
  });
});
