import { describe, expect, it } from 'vitest';
import { fieldWorld } from './field-world.ts';

describe('one story', () => {
  it('[05] is not drafted again when guid and link carry another session in each answer', async () => {
    const w = fieldWorld('05-volatile-address');

    for (const document of [1, 2, 3, 2]) await w.poll(document);

    expect(w.drafts()).toEqual([]);
    expect(w.heldAlerts().length).toBeLessThanOrEqual(1);
  });

  it('[07] is held with all others as one batch with one alert when the site is rebuilt and dated by the build', async () => {
    const w = fieldWorld('07-rebuilt-with-new-dates');

    await w.poll(1);
    await w.poll(2);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
    expect(w.sums()).toEqual({ baselined: 7, held: 7 });
    expect(w.heldAlerts()).toMatchObject([{ subject: 'notes', count: 7 }]);
  });

  it('[10] is one draft when two feeds of a brand write its address or its title otherwise', async () => {
    const w = fieldWorld('10-same-story-two-feeds');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toHaveLength(7);
    expect(w.rows()).toHaveLength(7);
  });

  it.each(['source', 'www', 'index', 'case'])(
    '[11] is one draft when a webhook brings it first and the feed later, its address spelled otherwise (%s)',
    async (spelling) => {
      const w = fieldWorld('11-webhook-and-feed');
      await w.poll(1);

      await w.deliver('zap', `zap-${spelling}.json`);
      await w.poll(2);

      expect(w.drafts()).toEqual(['Seconds at half price']);
    },
  );

  it.each(['source', 'www', 'index', 'case'])(
    '[11] is one draft when the feed brings it first and a webhook later, its address spelled otherwise (%s)',
    async (spelling) => {
      const w = fieldWorld('11-webhook-and-feed');
      await w.poll(1);

      await w.poll(2);
      await w.deliver('zap', `zap-${spelling}.json`);

      expect(w.rows()).toHaveLength(1);
      expect(w.drafts()).toEqual(['Seconds at half price']);
    },
  );

  it('[26] is not drafted again when the fragment of its guid and its title change together', async () => {
    const w = fieldWorld('26-guid-and-title-change');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
  });

  it('[26] is not drafted again when its slug, which is its guid, is corrected', async () => {
    const w = fieldWorld('26-slug-corrected');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
  });
});

describe('two stories', () => {
  it('[08] are two when an offer recurs under one title and one link with another guid, date and text', async () => {
    const w = fieldWorld('08-recurring-offer');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Pot of the week']);
    expect(w.rows()).toHaveLength(2);
  });

  it('[09] are two when their ids are numbers beyond 2^53 that differ in the last digit', async () => {
    const w = fieldWorld('09-big-numeric-id');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Opening the wood kiln']);
    expect(w.rows()).toHaveLength(2);
  });

  it('[09] are two when a webhook sends such ids', async () => {
    const w = fieldWorld('09-big-numeric-id');

    await w.deliver('shop', 'webhook-1.json');
    await w.deliver('shop', 'webhook-2.json');

    expect(w.drafts()).toEqual(['Glaze test one', 'Opening the wood kiln']);
  });
});
