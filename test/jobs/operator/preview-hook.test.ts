import { describe, expect, it } from 'vitest';
import type { EnrichConfig, FeedConfig } from '../../../lib/core/config/config.ts';
import { previewFeed } from '../../../lib/jobs/operator/preview-feed.ts';
import { story } from '../../support/entries.ts';
import { world } from '../../support/world.ts';

const enrich: EnrichConfig = {
  target: { kind: 'url', url: 'https://hook.example.com/', secretNames: ['hook'], allowPrivate: false },
  timeoutMs: 20_000,
  onFailure: 'hold',
};

/** A feed with a hook, an entry of before, and a new one. */
const newEntry = async (given: Partial<FeedConfig> = {}) => {
  const w = world([{ enrich, ...given }]);
  w.publish([story(1)]);
  await w.poll();
  w.publish([story(2), story(1)]);
  w.state.answer = { text: 'From the hook' };
  const { askHook, ...services } = w.services;
  const feed = w.config.feeds[0] as FeedConfig;
  return {
    ...w,
    without: () => previewFeed(services, feed),
    asking: () => previewFeed({ ...services, askHook }, feed),
  };
};

describe('a preview of a feed with a hook', () => {
  it('shows the post as rendered, and asks nothing', async () => {
    const w = await newEntry();

    const { hook, entries } = await w.without();

    expect(hook).toBe(true);
    expect(entries[0]).toMatchObject({
      state: 'queued',
      timing: 'now',
      post: { text: story(2).title },
      hook: null,
    });
    expect(w.asked).toEqual([]);
  });

  it('asks about what would be sent if that is wanted, marked as a preview, and shows both posts', async () => {
    const w = await newEntry();

    const { entries } = await w.asking();

    expect(w.asked).toMatchObject([{ preview: true, entry: { title: story(2).title } }]);
    expect(entries[0]).toMatchObject({
      post: { text: story(2).title },
      hook: { kind: 'answered', fields: { text: 'From the hook' }, post: { text: 'From the hook' } },
    });
    expect(entries[1]?.hook).toBeNull();
    expect(w.rows()).toHaveLength(1);
  });

  it('also asks about an entry that would wait for review', async () => {
    const w = await newEntry({ review: true });

    const { entries } = await w.asking();

    expect(entries[0]).toMatchObject({ state: 'review', hook: { kind: 'answered' } });
  });
});
