import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { requestUpdate } from '../../../lib/jobs/operator/request-update.ts';
import { story } from '../../support/entries.ts';
import type { Hooks } from '../../support/fake-stores.ts';
import { type World, world } from '../../support/world.ts';

const minute = 60_000;

const drafted = async (given: Parameters<typeof world>[0] = [{ onEdit: 'update' }], hooks: Hooks = {}) => {
  const w = world(given, hooks);
  await w.poll();
  w.publish([story(1)]);
  await w.poll();
  await w.deliverWakeUps();
  return w;
};
const edit = async (w: World, title = 'Story one') => {
  w.publish([story(1, { title })]);
  await w.poll();
};
const row = (w: World) => w.rows()[0] as EntryRow;
const text = (w: World) => w.posts[0]?.post.text;
const rewrite = (w: World, fields: object) => {
  const [post] = w.posts;
  if (post) w.posts[0] = { ...post, post: { ...post.post, ...fields } };
};

describe('with on_edit: update', () => {
  it('changes the draft that still says what was sent, and keeps its other fields', async () => {
    const w = await drafted();
    rewrite(w, { media_ids: [12], disable_duet: true });
    await edit(w);
    await w.deliverWakeUps();

    expect(text(w)).toBe('Story one');
    expect(w.patches).toEqual([
      {
        ...{ auto_publish: false, status: 'DRAFT', text: 'Story one', media_ids: [12] },
        ...{ disable_duet: true, creation_source: 'RSS_FEED' },
      },
    ]);
    expect(row(w)).toMatchObject({
      laterVersion: { state: 'updated' },
      post: { text: 'Story one' },
      wakeAt: null,
    });
    expect(row(w).history.at(-1)).toMatchObject({ code: 'article.updated', detail: 'caption' });
  });

  it('follows the next edit from there', async () => {
    const w = await drafted();
    await edit(w);
    await w.deliverWakeUps();

    await edit(w, 'Story the first');
    await w.deliverWakeUps();

    expect(text(w)).toBe('Story the first');
    expect(row(w).laterVersion).toMatchObject({ state: 'updated', changes: 2 });
  });

  it('sends nothing when the template uses nothing that changed', async () => {
    const w = await drafted();
    w.publish([story(1, { summary: 'Corrected' })]);
    await w.poll();
    await w.deliverWakeUps();

    expect(w.patches).toEqual([]);
    expect(row(w).laterVersion?.state).toBe('updated');
  });

  it('changes a draft at once whose article changed while it waited', async () => {
    const w = world([{ onEdit: 'update' }]);
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    await edit(w);
    await w.minutes(2);

    expect(text(w)).toBe('Story one');
  });

  it.each([
    ['the caption was edited in Dash Social', { text: 'Ours' }, 'its caption was edited in Dash Social'],
    ['it is scheduled', { status: 'SCHEDULED' }, 'not a draft anymore, but SCHEDULED'],
    ['it is published', { live_post_url: 'https://tiktok.example/1' }, 'the post is published'],
    ['it belongs to another brand', { brand_id: 7 }, 'for brand 7, not 144'],
    ['its video has no ID', { media: [{}], media_ids: undefined }, 'does not show the ID of its video'],
  ])('changes nothing and leaves it to you when %s', async (_, fields, why) => {
    const w = await drafted();
    rewrite(w, fields);
    await edit(w);
    await w.deliverWakeUps();

    expect(w.patches).toEqual([]);
    expect(row(w).laterVersion).toMatchObject({ state: 'open', why: expect.stringContaining(why) });
    expect((await w.stores.ledger.waiting({ state: 'changed', limit: 9 })).rows).toHaveLength(1);
  });

  it('leaves it to you when Dash Social does not show posts, and changes it when you insist', async () => {
    const w = await drafted();
    w.state.shows = 'not-shown';
    await edit(w);
    await w.deliverWakeUps();
    expect(row(w).laterVersion).toMatchObject({ state: 'open', why: 'Dash Social returned 404' });

    await requestUpdate(w.services, row(w).key, { by: 'anna', unchecked: true });
    await w.deliverWakeUps();

    expect(w.patches).toEqual([{ text: 'Story one' }]);
    expect(row(w)).toMatchObject({ laterVersion: { state: 'updated' }, post: { text: 'Story one' } });
  });

  it('tries again while Dash Social does not answer, and leaves it to you after a hundred attempts', async () => {
    const w = await drafted();
    w.state.shows = 'later';
    await edit(w);
    await w.deliverWakeUps();
    expect(row(w)).toMatchObject({ laterVersion: { state: 'updating' }, failures: 1 });
    await w.minutes(240);
    expect(row(w)).toMatchObject({ laterVersion: { state: 'updating' } });

    await w.stores.ledger.replace({ ...row(w), failures: 99, rev: row(w).rev + 1 });
    await w.minutes(120);

    expect(row(w)).toMatchObject({ laterVersion: { state: 'open' }, failures: 0, wakeAt: null });
  });

  it('counts an attempt that ends in an unexpected error, and gives up after a hundred', async () => {
    const w = await drafted();
    const { read } = w.services.drafts;
    w.services.drafts.read = async () => {
      throw new Error('a fault of ours');
    };
    await edit(w);
    await w.deliverWakeUps().catch(() => {});
    expect(row(w)).toMatchObject({ laterVersion: { state: 'updating' }, failures: 1 });

    await w.stores.ledger.replace({ ...row(w), failures: 100, rev: row(w).rev + 1 });
    await w.minutes(10);

    expect(row(w)).toMatchObject({
      laterVersion: { state: 'open', why: expect.stringContaining('100 times') },
      wakeAt: null,
    });
    w.services.drafts.read = read;
  });

  it('keeps what the hook set in the draft', async () => {
    const w = await drafted();
    const enriched = { outcome: 'answered', fields: { text: 'From the hook' }, at: 1 } as const;
    const { post, rev } = row(w);
    await w.stores.ledger.replace({
      ...row(w),
      ...{ enriched, rev: rev + 1, post: post && { ...post, text: 'From the hook' } },
    });
    rewrite(w, { text: 'From the hook' });

    await edit(w);
    await w.deliverWakeUps();

    expect(text(w)).toBe('From the hook');
    expect(w.patches).toEqual([]);
  });

  it.each([
    ['was made', 'unknown, changed', 1],
    ['was not made', 'unknown, not changed', 2],
  ] as const)(
    'reads the draft back when the outcome of a change is unknown and it %s',
    async (_, change, sent) => {
      const w = await drafted();
      w.state.change = change;
      await edit(w);
      await w.deliverWakeUps();
      w.state.change = 'changed';

      await w.minutes(5);

      expect(w.patches).toHaveLength(sent);
      expect(text(w)).toBe('Story one');
      expect(row(w).laterVersion?.state).toBe('updated');
    },
  );

  it('keeps what your team wrote after a change of unknown outcome', async () => {
    const w = await drafted();
    w.state.change = 'unknown, not changed';
    await edit(w);
    await w.deliverWakeUps();
    rewrite(w, { text: 'Ours' });
    w.state.change = 'changed';

    await w.minutes(5);

    expect(text(w)).toBe('Ours');
    expect(row(w).laterVersion?.state).toBe('open');
  });

  it('waits while posting is paused', async () => {
    const w = await drafted();
    await w.stores.circuits.put({
      ...{ scope: 'all', by: 'person', reason: 'person', openUntil: null, openedAt: 0, triedAt: 0 },
      ...{ halfOpen: false, failures: 0, rev: 1 },
    });
    await edit(w);
    await w.minutes(5);
    expect(w.patches).toEqual([]);

    await w.stores.circuits.remove((await w.stores.circuits.rows())[0] as never);
    await w.minutes(3);
    expect(text(w)).toBe('Story one');
  });
});

describe('a change of a draft that a crash interrupts at any call', () => {
  it('is finished by the next worker, without a second change and without a lost one', async () => {
    const calls: string[] = [];
    const count = await drafted([{ onEdit: 'update' }], { before: (name) => void calls.push(name) });
    await edit(count);
    const from = calls.length;
    await count.deliverWakeUps();
    const steps = calls.slice(from).length;
    expect(steps).toBeGreaterThan(5);

    for (const when of ['before', 'after'] as const)
      for (let dies = 0; dies < steps; dies++) {
        let left = Number.POSITIVE_INFINITY;
        const crash = () => {
          if (left-- === 0) throw new Error('crash');
        };
        const w = await drafted([{ onEdit: 'update' }], { [when]: crash });
        await edit(w);
        left = dies;
        await w.deliverWakeUps().catch(() => {});
        left = Number.POSITIVE_INFINITY;
        w.newWorker();

        await w.minutes(6);

        expect([text(w), row(w).laterVersion?.state, row(w).wakeAt]).toEqual(['Story one', 'updated', null]);
        expect(w.patches).toHaveLength(1);
        expect(w.posts).toHaveLength(1);
      }
  });

  it('loses no version that comes while an earlier one is being sent', async () => {
    let during: (() => Promise<void>) | null = null;
    const w = await drafted([{ onEdit: 'update' }], {
      after: async (name) => {
        const now = during;
        if (name !== 'dash.change' || now === null) return;
        during = null;
        await now();
      },
    });
    await edit(w);
    during = () => edit(w, 'Story the first');
    await w.deliverWakeUps();

    await w.minutes(4);

    expect(text(w)).toBe('Story the first');
    expect(w.patches).toHaveLength(2);
    expect(row(w).laterVersion?.state).toBe('updated');
    expect(w.state.now).toBeGreaterThan(minute);
  });
});
