import { describe, expect, it } from 'vitest';
import { fieldWorld } from './field-world.ts';

describe('an old entry that a feed shows for the first time', () => {
  it('[01] is baselined when the newest entry is unpublished and it slides into the window', async () => {
    const w = fieldWorld('01-slid-in');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
    expect(w.reasons()).toMatchObject({ 'entry.older-than-feed': ['Glaze test one'] });
  });

  it('[02] is baselined when the window grows', async () => {
    const w = fieldWorld('02-window-grows');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
    expect(w.reasons()).toMatchObject({
      'entry.older-than-feed': ['A class for beginners', 'New mugs in the shop', 'Opening the wood kiln'],
    });
  });

  it('[03] is baselined when the first poll found an empty feed, and later entries are drafted', async () => {
    const w = fieldWorld('03-first-poll-empty');

    await w.poll(1);
    await w.poll(2);
    expect(w.drafts()).toEqual([]);
    expect(w.sums()).toEqual({ baselined: 4 });

    await w.poll(3);
    expect(w.drafts()).toEqual(['Clay from the river']);
  });

  it('[04] is baselined when the first document was truncated', async () => {
    const w = fieldWorld('04-first-poll-truncated');

    await w.poll(1);
    expect(
      w
        .rows()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['Repairing a teapot', 'Spring market']);

    await w.poll(2);
    expect(w.drafts()).toEqual([]);
    expect(w.sums()).toEqual({ baselined: 5 });
  });
});

describe("an entry truncated at a document's end", () => {
  it('[04] is drafted whole, once, after the next document completes it', async () => {
    const w = fieldWorld('04-news-truncated');

    await w.poll(1);
    await w.poll(2);
    expect(w.rows()).toHaveLength(3);
    expect(w.drafts()).toEqual([]);

    await w.poll(3);
    await w.poll(3);
    expect(w.drafts()).toEqual(['Clay from the river: Dug, sieved and dried by hand.']);
  });
});

describe('an entry received by webhook', () => {
  it.each([
    ['wp', 'wordpress.json'],
    ['ghost', 'ghost.json'],
  ])('[27] is baselined when %s publishes it years after its date', async (source, file) => {
    const w = fieldWorld('27-old-by-webhook');
    await w.poll(1);

    const { outcome } = await w.deliver(source, file);

    expect(outcome).toBe('baselined');
    expect(w.drafts()).toEqual([]);
    expect(w.reasons()).toHaveProperty(['entry.old-news']);
  });
});
