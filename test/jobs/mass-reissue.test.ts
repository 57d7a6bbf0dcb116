import { describe, expect, it } from 'vitest';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import { findEntries } from '../../lib/jobs/operator/find-entries.ts';
import { moveEntries } from '../../lib/jobs/operator/move-entries.ts';
import { story } from '../support/entries.ts';
import { type World, world } from '../support/world.ts';

const dated = (n: number) => story(n, { published: `2025-12-0${n}T00:00:00.000Z` });
const known = [1, 2, 3, 4, 5].map(dated);
const rebuilt = known.map(
  (entry, i): Entry => ({ ...entry, id: `new-${i}`, link: `https://new.example.com/${i}` }),
);

/** A feed with history whose site has been rebuilt and has one new entry. */
const afterRebuild = async (hooks: Parameters<typeof world>[1] = {}) => {
  const w = world([{}], hooks);
  w.publish(known);
  await w.minutes(1);
  w.publish([dated(6), ...rebuilt]);
  return w;
};

const heldOf = (w: World) => findEntries(w.services, { feed: 'newsroom', states: ['held'] });

describe('a rebuilt site', () => {
  it('has its old entries held as one batch with one alert, while a new one becomes a draft', async () => {
    const w = await afterRebuild();

    await w.minutes(10);

    expect(w.sums()).toEqual({ baselined: 5, held: 5, drafted: 1 });
    expect(w.sent.map(({ text }) => text)).toEqual(['Story 6']);
    expect(w.reported('poll.batch-held')).toEqual([
      { event: 'poll.batch-held', feed: 'newsroom', batch: 'newsroom.1', entries: 5 },
    ]);
    const moments = w
      .rows()
      .filter(({ state }) => state === 'held')
      .flatMap(({ history }) => history);
    expect(new Set(moments.map(({ code, detail }) => `${code}: ${detail}`))).toEqual(
      new Set(['entry.mass-reissue: 5 of the 6 entries on the feed look like old ones']),
    );
  });

  it.each([4, 9, 18])('is one batch with one alert when the poll dies at insert %i of 18', async (fatal) => {
    const life = { inserts: 0, dies: false };
    const w = await afterRebuild({
      before: (name) => {
        if (life.dies && name === 'ledger.insert' && ++life.inserts === fatal) throw new Error('killed');
      },
    });
    life.dies = true;
    await expect(w.poll()).rejects.toThrow('killed');
    life.dies = false;

    await w.minutes(10);

    expect(w.sums()).toEqual({ baselined: 5, held: 5, drafted: 1 });
    expect(w.reported('poll.batch-held')).toMatchObject([{ batch: 'newsroom.1', entries: 5 }]);
    const held = w.rows().filter(({ state }) => state === 'held');
    expect(new Set(held.map(({ batch }) => batch))).toEqual(new Set(['newsroom.1']));
  });

  it('leaves the batch to the next poll when time runs out during look-ups', async () => {
    const left = { reads: 7 };
    const w = await afterRebuild({ before: (name) => void (name === 'ledger.read' && left.reads--) });
    const deliver = (reads: number) => {
      left.reads = reads;
      const call = { ...w.call, remainingMs: () => (left.reads > 0 ? 120_000 : 4_000) };
      return ingestFeeds(w.services)({ feeds: ['newsroom'], manual: true, receiveCount: 1 }, call);
    };

    await expect(deliver(7)).rejects.toMatchObject({ code: 'ingest.unsettled', kind: 'retryable' });
    const given = [w.rows().length, left.reads];
    await deliver(10_000);

    expect(given).toEqual([5, 0]); // only the existing entries, and no read after time ran out
    expect(w.sums()).toEqual({ baselined: 5, held: 5, queued: 1 });
  });

  it('has each entry drafted once after a release, and known from then on', async () => {
    const w = await afterRebuild();
    await w.minutes(10);

    await moveEntries(w.services, await heldOf(w), { move: 'release', by: 'a person' });
    await w.minutes(10);
    w.publish([dated(7), dated(6), ...rebuilt]);
    await w.minutes(10);

    expect(w.sums()).toEqual({ baselined: 5, drafted: 7 });
    expect(w.posts.map(({ post }) => post.text).sort()).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => `Story ${n}`),
    );
  });
});
