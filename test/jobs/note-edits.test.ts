import { describe, expect, it } from 'vitest';
import type { FeedConfig } from '../../lib/core/config/config.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { story } from '../support/entries.ts';
import type { Hooks } from '../support/fake-stores.ts';
import { hookWorld, webhookOf } from '../support/hook-world.ts';
import { type World, world } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A world in which the draft of story 1 was made, as its feed showed it. */
const drafted = async (feed: Partial<FeedConfig> = {}, given: Partial<Entry> = {}, hooks: Hooks = {}) => {
  const w = world([feed], hooks);
  await w.poll();
  w.publish([story(1, given)]);
  await w.poll();
  await w.deliverWakeUps();
  return w;
};

const show = async (w: World, given: Partial<Entry>, others: Entry[] = []) => {
  w.publish([...others, story(1, given)]);
  await w.poll();
};

const onlyRow = (w: World): EntryRow => w.rows().find(({ key }) => key === w.rows()[0]?.key) as EntryRow;

describe('an article that changes after its draft', () => {
  it.each([
    ['its title', { title: 'Story one' }, 'title: “1” → “one”'],
    [
      'only its summary',
      { summary: 'About the first' },
      'summary: “1” → “the first”; the caption stays the same',
    ],
    ['only the letter case', { title: 'STORY 1' }, 'title: “Story” → “STORY”'],
  ])('is recorded with what changed: %s', async (_, given, difference) => {
    const w = await drafted();

    await show(w, given);

    const row = onlyRow(w);
    expect(row).toMatchObject({ state: 'drafted', laterVersion: { state: 'open', difference, changes: 1 } });
    expect(row.history.at(-1)).toMatchObject({ code: 'article.changed', detail: difference });
    const later = await w.stores.ledger.storedEntry(row.laterVersion?.storedAs ?? '');
    expect(later?.entry).toMatchObject(given);
    const first = await w.stores.ledger.storedEntry(row.storedAs ?? '');
    expect(first?.entry).toMatchObject({ title: 'Story 1', summary: 'About 1' });
    expect(w.posts).toHaveLength(1);
  });

  it('is recorded when only its summary changes beside its content', async () => {
    const content = 'A long report. '.repeat(20);
    const w = await drafted({ caption: '{{ title }} {{ summary }}' }, { content });

    await show(w, { content, summary: 'Corrected' });

    expect(onlyRow(w).laterVersion?.difference).toBe('summary: “About 1” → “Corrected”');
  });

  it('is not recorded again while it stays as it is', async () => {
    const w = await drafted();
    await show(w, { title: 'Story one' });
    const { rev } = onlyRow(w);

    for (const n of [2, 3, 4]) await show(w, { title: 'Story one' }, [story(n)]);

    expect(w.rows().find(({ title }) => title === 'Story 1')?.rev).toBe(rev);
  });

  it('is recorded for a draft that is made later', async () => {
    const w = world();
    await w.poll();
    await show(w, {});
    await show(w, { title: 'Story one' });

    await w.deliverWakeUps();

    expect(w.posts).toMatchObject([{ post: { text: 'Story 1' } }]);
    expect(onlyRow(w)).toMatchObject({ state: 'drafted', laterVersion: { state: 'open' } });
    expect((await w.stores.ledger.waiting({ state: 'changed', limit: 9 })).rows).toHaveLength(1);
  });

  it('needs no decision once it is again as it was drafted', async () => {
    const w = await drafted();
    await show(w, { title: 'Story one' });
    w.state.now += hour;

    await show(w, {});

    expect(onlyRow(w).laterVersion).toMatchObject({ state: 'kept', changes: 2 });
    expect((await w.stores.ledger.waiting({ state: 'changed', limit: 9 })).rows).toEqual([]);
  });
});

describe('what is no edit', () => {
  it.each([
    ['white space and typography', { title: 'Story  1', summary: 'About\u00a01 ' }],
    ['a picture whose address changes with each request', { image: 'https://cdn.example.com/1.jpg?sig=2' }],
    ['an update time', { updated: '2026-01-01T13:00:00.000Z' }],
  ])('is not recorded: %s', async (_, given) => {
    const w = await drafted();

    await show(w, given);

    expect(onlyRow(w).laterVersion).toBeNull();
  });

  it('is not recorded of an entry that makes no draft', async () => {
    const w = world();
    w.publish([story(1)]);
    await w.poll();

    await show(w, { title: 'Story one' });

    expect(w.rows()).toMatchObject([{ state: 'baselined', laterVersion: null }]);
  });

  it('is not recorded of a draft that is older than 30 days', async () => {
    const w = await drafted();
    w.state.now += 30 * day;

    await show(w, { title: 'Story one' });

    expect(onlyRow(w).laterVersion).toBeNull();
  });

  it('is not recorded when another feed words the same article differently', async () => {
    const other = { id: 'products', url: 'https://www.example.com/products.xml' };
    const w = world([{}, other]);
    await w.poll();
    w.publish([story(1)]);
    await w.poll(['newsroom']);
    await w.deliverWakeUps();

    for (const summary of ['In short', 'In shorter']) {
      w.publish([story(1, { summary })], 'products');
      await w.poll(['products']);
    }

    expect(w.rows()).toMatchObject([{ laterVersion: null }]);
  });

  it('is not recorded of two entries of one document that are the same story', async () => {
    const w = await drafted();
    const twin = story(1, { id: 'guid-1', title: 'Story one', link: 'https://www.example.com/other' });

    for (const n of [2, 3]) {
      w.publish([story(n), twin, story(1)]);
      await w.poll();
    }

    expect(w.rows().find(({ title }) => title === 'Story 1')?.laterVersion).toBeNull();
  });
});

describe('with on_edit: ignore', () => {
  it('nothing is read, stored or written for an edit', async () => {
    const names: string[] = [];
    const hooks: Hooks = { before: (name) => void names.push(name) };
    const w = await drafted({ onEdit: 'ignore' }, {}, hooks);
    names.length = 0;

    await show(w, { summary: 'Corrected' });

    expect(names.filter((name) => name.startsWith('ledger.'))).toEqual([]);
    expect(onlyRow(w).laterVersion).toBeNull();
  });
});

describe('a publisher that shows another version with each request', () => {
  /** The writes to the ledger in so many polls, a minute apart. */
  const writesIn = async (polls: number, textOf: (n: number) => string) => {
    const writes: string[] = [];
    const w = await drafted({}, {}, { before: (name) => void writes.push(name) });
    writes.length = 0;
    for (let n = 0; n < polls; n++) {
      w.state.now += minute;
      await show(w, { summary: textOf(n) });
    }
    return { w, rows: writes.filter((name) => name === 'ledger.replace').length };
  };

  it('that counts views costs ten writes, and then one a day', async () => {
    const { w, rows } = await writesIn(2 * 24 * 60, (n) => `${n} views`);

    expect(rows).toBe(11);
    expect(onlyRow(w).history.length).toBeLessThan(6);
  });

  it('that alternates between two advertisements costs a write an hour at most, and ten on the first day', async () => {
    const { rows } = await writesIn(24 * 60, (n) => (n % 2 === 0 ? 'Buy this' : 'Buy that'));

    expect(rows).toBeLessThanOrEqual(10);
  });

  it('has its last version recorded with a later document', async () => {
    const { w } = await writesIn(20, (n) => `Update ${n}`);
    w.state.now += day;

    await show(w, { summary: 'Update 19' }, [story(2)]);

    const row = w.rows().find(({ title }) => title === 'Story 1');
    const later = await w.stores.ledger.storedEntry(row?.laterVersion?.storedAs ?? '');
    expect(later?.entry.summary).toBe('Update 19');
  });
});

describe('a later delivery of a webhook', () => {
  it('records the edit, once', async () => {
    const blog = webhookOf({ hasFeed: false }, { id: 'blog' });
    const w = hookWorld([blog], []);
    await w.deliver({ id: 'a', title: 'Opening on Friday', summary: 'x' });
    await w.deliverWakeUps();

    await w.deliver({ id: 'a', title: 'Opening on Monday', summary: 'x' });
    const [row] = w.rows();
    await w.deliver({ id: 'a', title: 'Opening on Monday', summary: 'x' });

    expect(row?.laterVersion).toMatchObject({ state: 'open', difference: 'title: “Friday” → “Monday”' });
    expect(w.rows()).toEqual([row]);
  });

  it('is no edit of a draft that was made from the feed', async () => {
    const w = hookWorld();
    await w.poll();
    w.publish([story(1)]);
    await w.poll();
    await w.deliverWakeUps();

    await w.deliver({ id: 'x', title: 'Story 1', link: 'https://www.example.com/1', summary: 'In short' });

    expect(w.rows()).toMatchObject([{ laterVersion: null }]);
  });
});
