import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { type Preview, previewFeed } from '../../../lib/jobs/operator/preview-feed.ts';
import { story } from '../../support/entries.ts';
import { type World, world } from '../../support/world.ts';

const hour = 3_600_000;
const { rules, limits } = noEditorial;

const preview = (w: World, id = 'newsroom') => previewFeed(w.services, feedIn(w, id));
const feedIn = (w: World, id: string) => w.config.feeds.find((feed) => feed.id === id) as FeedConfig;
const titled = ({ entries }: Preview, title: string) => entries.find(({ entry }) => entry.title === title);

describe('a preview', () => {
  it('lists each entry newest first, with its decision and reason', async () => {
    const skip = { ...rules.skip, keywords: ['sponsored'] };
    const w = world([{ editorial: { ...noEditorial, rules: { ...rules, skip } } }]);
    w.publish([story(1)]);
    await w.poll();
    w.publish([
      story(4),
      story(3, { title: 'Sponsored' }),
      story(2, { title: '🎈', summary: null }),
      story(1),
    ]);
    w.config.feeds = [{ ...feedIn(w, 'newsroom'), caption: '{{ summary }}' }];

    const { entries, first } = await preview(w);

    expect(first).toBe(false);
    expect(entries).toMatchObject([
      {
        entry: { title: 'Story 4' },
        isKnown: false,
        state: 'queued',
        code: 'entry.new',
        timing: 'now',
        at: w.state.now,
      },
      { state: 'filtered', code: 'rule.skip-keywords', timing: 'if-released', post: { text: 'About 3' } },
      {
        state: 'held',
        code: 'caption.empty',
        post: null,
        fault: expect.stringContaining('renders nothing'),
        rules: [],
        notes: [],
      },
      {
        isKnown: true,
        state: 'baselined',
        code: 'entry.existing',
        why: expect.stringContaining('when it was added'),
      },
    ]);
    expect(entries[1]?.why).toContain('skip.keywords: "sponsored" is in the title');
  });

  it('shows the exact posts that are sent, with their slots and times', async () => {
    const at = { kind: 'slot' as const, slots: [9 * 60, 17 * 60] };
    const w = world([{ backfill: 3, editorial: { ...noEditorial, at, limits: { ...limits, perHour: 2 } } }]);
    w.publish([story(3), story(2), story(1)]);

    const shown = await preview(w);
    await w.poll();
    await w.deliverWakeUps();
    await w.minutes(61);

    expect(shown.entries.map(({ timing }) => timing)).toEqual(['later', 'now', 'now']);
    expect(shown.entries[0]).toMatchObject({
      at: w.state.now - hour / 60,
      waits: expect.stringContaining('Hourly limit reached'),
    });
    expect(shown.entries.map(({ post }) => post?.timestamp)).toEqual([
      '2026-01-02T09:00:00Z',
      '2026-01-01T17:00:00Z',
      '2026-01-01T09:00:00Z',
    ]);
    expect(w.sent).toEqual(shown.entries.toReversed().map(({ post }) => post));
  });

  it('shows the post that is sent after a release', async () => {
    const w = world([{ editorial: { ...noEditorial, at: { kind: 'after', ms: 2 * hour } } }]);
    w.publish([story(2), story(1)]);

    const shown = titled(await preview(w), 'Story 1');
    await w.poll();
    await moveEntries(w.services, [w.rowTitled('Story 1') as EntryRow], { move: 'release', by: 'ada' });
    await w.deliverWakeUps();

    expect(shown).toMatchObject({
      state: 'baselined',
      timing: 'if-released',
      post: { timestamp: '2026-01-01T02:00:00Z' },
    });
    expect(w.sent).toEqual([shown?.post]);
  });

  it('shows the post that was sent, and its rendering with the current settings', async () => {
    const w = world([{ backfill: 1 }]);
    w.publish([story(1)]);
    await w.poll();
    await w.deliverWakeUps();
    const before = await preview(w);
    w.config.feeds = [{ ...feedIn(w, 'newsroom'), caption: 'New: {{ title }}' }];

    const [after] = (await preview(w)).entries;

    expect(before.entries).toMatchObject([
      { isKnown: true, state: 'drafted', timing: 'sent', rerendered: null },
    ]);
    expect(after).toMatchObject({ post: { text: 'Story 1' }, rerendered: { text: 'New: Story 1' } });
    expect(w.sent).toEqual([after?.post]);
  });

  it('shows a waiting row with the fixed caption it will be sent with', async () => {
    const w = world([{ backfill: 1 }]);
    w.publish([story(1)]);
    await w.poll();
    w.config.feeds = [{ ...feedIn(w, 'newsroom'), caption: 'New: {{ title }}' }];

    const [shown] = (await preview(w)).entries;
    await w.deliverWakeUps();

    expect(shown).toMatchObject({
      isKnown: true,
      state: 'queued',
      timing: 'now',
      post: { text: 'New: Story 1' },
      rerendered: null,
    });
    expect(w.sent).toEqual([shown?.post]);
  });

  it('shows that a waiting row will be held when the current caption cannot be rendered', async () => {
    const w = world([{ backfill: 1 }]);
    w.publish([story(1)]);
    await w.poll();
    w.config.feeds = [{ ...feedIn(w, 'newsroom'), caption: '{{ author }}' }];

    const [shown] = (await preview(w)).entries;

    expect(shown).toMatchObject({ state: 'queued', timing: 'never', code: 'caption.empty', post: null });
    expect(shown?.fault).toContain('renders nothing');
  });

  it('shows a paused feed and open circuits, together with the posts', async () => {
    const w = world([{ backfill: 1, paused: true }]);
    w.publish([story(1)]);
    await pausePosting(w.services, 'brand/144');
    await pausePosting(w.services, 'feed/another');

    expect(await preview(w)).toMatchObject({
      first: true,
      openCircuits: [{ scope: 'brand/144', by: 'person' }],
      entries: [{ timing: 'now', post: { text: 'Story 1' } }],
    });
  });

  it('includes entries known from another feed of the brand or only from the last window', async () => {
    const w = world([{ id: 'all', url: 'https://a.example/all', backfill: 1 }, { id: 'newsroom' }]);
    w.publish([story(1)], 'all');
    w.publish([story(2)]);
    await w.poll();
    const { rows: kept } = w.stores.ledger;
    kept.delete(w.rowTitled('Story 2')?.key ?? '');
    w.publish([story(2), story(1)]);

    expect(await preview(w)).toMatchObject({
      entries: [
        {
          isKnown: true,
          key: null,
          state: null,
          code: 'entry.forgotten',
          timing: 'never',
          post: { text: 'Story 2' },
        },
        { isKnown: true, state: 'queued', otherFeed: 'all' },
      ],
    });
  });

  it('requests the whole document, writes nothing and sends nothing', async () => {
    const written: string[] = [];
    const w = world([{ backfill: 1 }], {
      before: (name) =>
        void (/insert|replace|remove|save|set|put|send|create|token/i.test(name) && written.push(name)),
    });
    w.publish([story(1)]);
    await w.poll();
    await w.deliverWakeUps();
    written.length = 0;

    const { entries } = await preview(w);

    expect(entries).toHaveLength(1);
    expect(written).toEqual([]);
  });

  it('checks each post against TikTok’s rules', async () => {
    const w = world([{ backfill: 1, caption: '#a #A {{ link | slice: 0, 20 }}' }]);
    w.publish([story(1)]);

    const [{ rules: checked } = { rules: [] }] = (await preview(w)).entries;

    expect(Object.fromEntries(checked.map(({ rule, ok }) => [rule, ok]))).toEqual({
      length: true,
      hashtags: false,
      links: false,
      'first line': false,
      media: true,
    });
  });
});
