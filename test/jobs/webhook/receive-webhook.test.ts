import { describe, expect, it } from 'vitest';
import { wakeGraceMs } from '../../../lib/core/dash/timing.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { permanent, retryable } from '../../../lib/core/errors.ts';
import { story } from '../../support/entries.ts';
import { fakeLedger } from '../../support/fake-stores.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import { published } from './published-story.ts';

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
    expect(w.reported('webhook.registered')).toEqual([
      {
        event: 'webhook.registered',
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
    expect(w.reported('webhook.registered')).toMatchObject([
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
  ])('sends the same post after an update %s', async (_, update) => {
    const change = { published: '2026-01-01T09:00:00Z', ...update };
    const w = hookWorld([webhookOf({ hasFeed: false })]);
    await w.deliver(published({ published: '2026-01-01T09:00:00Z' }));
    const rowsNow = () => w.rows().map(({ key, post, storedAs, state }) => ({ key, post, storedAs, state }));
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
