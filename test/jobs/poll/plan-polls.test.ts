import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { retryable } from '../../../lib/core/errors.ts';
import type { Counts } from '../../../lib/core/polling/feed-row.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { planPolls } from '../../../lib/jobs/poll/plan-polls.ts';
import { story } from '../../support/entries.ts';
import type { Hooks } from '../../support/fake-stores.ts';
import { aSlot } from '../../support/store-rows.ts';
import { type World, world } from '../../support/world.ts';

const day = (n: number) => new Date(Date.UTC(2025, 11, n)).toISOString();
const dated = (...days: number[]) => days.map((n) => story(n, { published: day(n) }));

const plan = (w: World) => planPolls(w.services, w.config.feeds);

type Sum = { counts: Counts | null; drafted: number };

/** Wakes waiting rows that are due beside the new ones, as the sweep would: they go first. */
const wakeDue = (w: World): void => {
  const due = w.rows().filter(({ state, dueAt }) => state === 'queued' && dueAt <= w.state.now);
  w.stores.queues.wakeUps.push(...due.map(({ key, brand }) => ({ key, brand })));
};

/** Polls each feed in turn. `drafted` counts only the entries that the poll brought. */
const reallyPoll = async (w: World): Promise<Record<string, Sum>> => {
  const sums: Record<string, Sum> = {};
  for (const { id } of w.config.feeds) {
    w.events.length = 0;
    await w.poll([id], false);
    wakeDue(w);
    await w.deliverWakeUps();
    const [changed] = w.reported('poll.changed') as { counts: Counts }[];
    const drafted = w
      .rows()
      .filter(({ feed, state, seenAt }) => feed === id && state === 'drafted' && seenAt === w.state.now);
    sums[id] = { counts: changed?.counts ?? null, drafted: drafted.length };
  }
  return sums;
};

const sumsOf = (planned: Awaited<ReturnType<typeof plan>>): Record<string, Sum> =>
  Object.fromEntries(planned.map(({ id, counts, drafted }) => [id, { counts, drafted }]));

/** One feed of every kind, each with a history and a new response. */
const everyKind = async (hooks: Hooks = {}): Promise<World> => {
  const { rules, limits } = noEditorial;
  const skip = { ...rules.skip, keywords: ['sponsored'] };
  const w = world(
    [
      { id: 'known' },
      { id: 'first' },
      { id: 'ruled', editorial: { ...noEditorial, rules: { ...rules, skip } } },
      { id: 'rebuilt' },
      { id: 'added', backfill: 2 },
      { id: 'limited', editorial: { ...noEditorial, limits: { ...limits, perHour: 1 } } },
      { id: 'empty-caption', caption: '{{ author }}' },
      { id: 'broken' },
      { id: 'unchanged' },
      { id: 'paused', paused: true },
    ].map((feed) => ({ ...feed, url: `https://www.example.com/${feed.id}.xml`, dedupe: 'brand' as const })),
    hooks,
  );
  const old = ['known', 'ruled', 'rebuilt', 'limited', 'empty-caption', 'unchanged'];
  const page = (id: string) => ({ link: `https://www.example.com/${id}` });
  const of = (id: string, ...days: number[]) =>
    dated(...days).map((entry) => ({
      ...entry,
      title: `${id} ${entry.title}`,
      ...page(`${id}/${entry.id}`),
    }));
  for (const id of old) w.publish(of(id, 1, 2, 3, 4, 5, 6), id);
  await w.poll(old);

  w.publish(of('known', 3, 4, 5, 6, 7, 8), 'known');
  w.publish(of('first', 1, 2, 3), 'first');
  const [sponsored, plain] = of('ruled', 7, 8);
  w.publish(
    [...of('ruled', 6), { ...story(0), ...sponsored, title: 'Sponsored' }, { ...story(0), ...plain }],
    'ruled',
  );
  w.publish(
    of('rebuilt', 1, 2, 3, 4, 5, 6).map((entry) => ({ ...entry, id: `new ${entry.id}`, link: null })),
    'rebuilt',
  );
  w.publish([...of('known', 7), ...of('added', 1, 2, 3)], 'added'); // one of them is in another feed of the brand too
  w.publish(of('limited', 6, 7, 8, 9), 'limited');
  w.publish(of('empty-caption', 6, 7), 'empty-caption');
  w.publish(retryable('feed.unavailable', 'it responded 503'), 'broken');
  w.publish(of('paused', 1), 'paused');
  return w;
};

describe('a plan', () => {
  it('matches what the next poll does, for every kind of feed', async () => {
    const w = await everyKind();

    const planned = await plan(w);
    const really = await reallyPoll(w);

    expect(sumsOf(planned)).toEqual(really);
    expect(planned).toMatchObject([
      { id: 'known', outcome: 'changed', counts: { known: 4, queued: 2 }, drafted: 2 },
      { id: 'first', counts: { baselined: 3 }, drafted: 0 },
      { id: 'ruled', counts: { known: 1, filtered: 1, queued: 1 }, drafted: 1 },
      {
        id: 'rebuilt',
        counts: { held: 6 },
        drafted: 0,
        news: [{ event: 'poll.gap' }, { event: 'poll.batch-held' }],
      },
      { id: 'added', counts: { seen: 4, known: 1, baselined: 2, queued: 1 }, drafted: 1 },
      { id: 'limited', counts: { known: 1, queued: 3 }, drafted: 1 },
      { id: 'empty-caption', counts: { known: 1, held: 1 }, drafted: 0 },
      { id: 'broken', outcome: 'failed', counts: null, news: [{ code: 'feed.unavailable' }] },
      { id: 'unchanged', outcome: 'unchanged', counts: null },
      { id: 'paused', outcome: 'paused', counts: null },
    ]);
  });

  it('lists each entry with its state after the poll', async () => {
    const w = await everyKind();
    const brief = (rows: { key: string; state: string; feed: string }[]) =>
      rows.map(({ key, state, feed }) => `${feed} ${state} ${key}`).sort();
    const before = new Set(brief(w.rows()));

    const planned = await plan(w);
    await reallyPoll(w);

    const changed = brief(w.rows()).filter((row) => !before.has(row));
    expect(brief(planned.flatMap(({ entries }) => entries))).toEqual(changed);
    expect(
      planned
        .flatMap(({ entries }) => entries)
        .find(({ history }) => history.at(-1)?.code === 'limit.per-hour'),
    ).toMatchObject({ feed: 'limited', state: 'queued', dueAt: w.state.now + 3_600_000 });
  });

  it('writes nothing, sends nothing, and requests each feed once', async () => {
    const written: string[] = [];
    const w = await everyKind({
      before: (name) =>
        void (/insert|replace|remove|save|set|put|send|create|token/i.test(name) && written.push(name)),
    });
    written.length = 0;
    const [fetches, rows] = [w.state.fetches, JSON.stringify(w.rows())];

    await plan(w);

    expect(written).toEqual([]);
    expect(JSON.stringify(w.rows())).toBe(rows);
    expect(w.state.fetches - fetches).toBe(9);
  });

  it('drafts nothing while everything is paused', async () => {
    const w = await everyKind();
    await pausePosting(w.services, 'all');

    const planned = await plan(w);
    const really = await reallyPoll(w);

    expect(sumsOf(planned)).toEqual(really);
    expect(planned[0]).toMatchObject({
      counts: { queued: 2 },
      drafted: 0,
      entries: [{ state: 'queued' }, {}],
    });
  });

  it('requests no feed that is deferred or gone', async () => {
    const w = world([
      { id: 'busy', url: 'https://a.example/1' },
      { id: 'gone', url: 'https://b.example/1' },
    ]);
    w.publish(retryable('feed.throttled', '429', { retryAfterMs: 600_000 }), 'busy');
    await w.poll(['busy']);
    await w.services.feedStore.setSlot('gone', aSlot({ gone: true }, 'https://b.example/1'));
    const { fetches } = w.state;

    expect(await plan(w)).toMatchObject([{ outcome: 'left-alone' }, { outcome: 'gone' }]);
    expect(w.state.fetches).toBe(fetches);
  });

  it('matches the next poll, whatever was published and polled before', async () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 9 });
    const feed = fc.record({
      backfill: fc.nat(2),
      dedupe: fc.constantFrom('brand' as const, 'feed' as const),
      perHour: fc.option(fc.integer({ min: 1, max: 3 })),
      skips: fc.boolean(),
      windows: fc.array(days, { minLength: 1, maxLength: 3 }),
      renames: fc.boolean(),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(feed, { minLength: 1, maxLength: 3 }), async (given) => {
        const w = world(given.map((one, n) => feedLike(n, one)));
        const rounds = Math.max(...given.map(({ windows }) => windows.length));
        for (let round = 0; round < rounds; round++) {
          given.forEach(({ windows, renames }, n) => {
            const entries = dated(...(windows[round] ?? []));
            w.publish(
              renames && round > 0 ? entries.map((one) => ({ ...one, id: `again ${one.id}` })) : entries,
              `f${n}`,
            );
          });
          if (round === rounds - 1) break;
          await w.poll();
          await w.deliverWakeUps();
          w.state.now += 1_800_000;
        }

        const planned = await plan(w);

        expect(sumsOf(planned)).toEqual(await reallyPoll(w));
      }),
      { numRuns: 60 },
    );
  });
});

type Given = { backfill: number; dedupe: 'brand' | 'feed'; perHour: number | null; skips: boolean };

const feedLike = (n: number, { backfill, dedupe, perHour, skips }: Given): Partial<FeedConfig> => {
  const { rules, limits } = noEditorial;
  const skip = { ...rules.skip, keywords: skips ? ['Story 3', 'Story 4'] : [] };
  return {
    id: `f${n}`,
    url: `https://${n}.example/feed`,
    backfill,
    dedupe,
    editorial: { ...noEditorial, rules: { ...rules, skip }, limits: { ...limits, perHour } },
  };
};
