import { describe, expect, it } from 'vitest';
import { fieldWorld } from './field-world.ts';

describe('one story', () => {
  it('[05] is not drafted again when guid and link have a new session ID in each response', async () => {
    const w = fieldWorld('05-volatile-address');

    for (const document of [1, 2, 3, 2]) await w.poll(document);

    expect(w.drafts()).toEqual([]);
    expect(w.heldAlerts().length).toBeLessThanOrEqual(1);
  });

  it('[07] is held with all others in one batch with one alert when a rebuild changes all dates', async () => {
    const w = fieldWorld('07-rebuilt-with-new-dates');

    await w.poll(1);
    await w.poll(2);
    await w.poll(2);

    expect(w.drafts()).toEqual([]);
    expect(w.sums()).toEqual({ baselined: 7, held: 7 });
    expect(w.heldAlerts()).toMatchObject([{ subject: 'notes', count: 7 }]);
  });

  it('[10] is one draft when two feeds for a brand vary its address or title', async () => {
    const w = fieldWorld('10-same-story-two-feeds');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toHaveLength(7);
    expect(w.rows()).toHaveLength(7);
  });

  it.each(['source', 'www', 'index', 'case'])(
    '[11] is one draft when a webhook sends it before the feed, with its address spelled differently (%s)',
    async (spelling) => {
      const w = fieldWorld('11-webhook-and-feed');
      await w.poll(1);

      await w.deliver('zap', `zap-${spelling}.json`);
      await w.poll(2);

      expect(w.drafts()).toEqual(['Seconds at half price']);
    },
  );

  it.each(['source', 'www', 'index', 'case'])(
    '[11] is one draft when a feed shows it before the webhook, with its address spelled differently (%s)',
    async (spelling) => {
      const w = fieldWorld('11-webhook-and-feed');
      await w.poll(1);

      await w.poll(2);
      await w.deliver('zap', `zap-${spelling}.json`);

      expect(w.rows()).toHaveLength(1);
      expect(w.drafts()).toEqual(['Seconds at half price']);
    },
  );

  it("[26] is not drafted again when its title and its guid's fragment change together", async () => {
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
  it('[08] stay distinct when an offer recurs with the same title and link but another guid, date and text', async () => {
    const w = fieldWorld('08-recurring-offer');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Pot of the week']);
    expect(w.rows()).toHaveLength(2);
  });

  it('[09] stay distinct when their numeric IDs beyond 2^53 differ in the last digit', async () => {
    const w = fieldWorld('09-big-numeric-id');

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Opening the wood kiln']);
    expect(w.rows()).toHaveLength(2);
  });

  it('[09] stay distinct when a webhook sends such IDs', async () => {
    const w = fieldWorld('09-big-numeric-id');

    await w.deliver('shop', 'webhook-1.json');
    await w.deliver('shop', 'webhook-2.json');

    expect(w.drafts()).toEqual(['Glaze test one', 'Opening the wood kiln']);
  });
});
