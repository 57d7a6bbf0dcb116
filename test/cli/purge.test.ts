import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, configOf, type FakeTarget, fakeTarget, type Ran, type Sitting } from '../support/cli.ts';
import { feedOf } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';
import { aFeedRow, anEntryRow, aPointer } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string, sitting?: Sitting) => Promise<Ran>;

const put = (...rows: Partial<EntryRow>[]) => {
  for (const given of rows) {
    const row = anEntryRow({ state: 'drafted', postId: 1004, wakeAt: null, ...given });
    target.stores.ledger.rows.set(row.key, row);
  }
};
const keys = () => [...target.stores.ledger.rows.keys()];

beforeEach(() => {
  target = fakeTarget({
    config: () => ({
      ...configOf([feedOf({ backfill: 2 }), feedOf({ id: 'journal' })]),
      webhooks: [webhookOf({ hasFeed: false }, { id: 'blog-custom' })],
    }),
  });
  cli = cliOver(target);
  put({ key: 'a' }, { key: 'b', postId: 1005 }, { key: 'c', feed: 'journal', postId: 1006 });
  target.stores.ledger.rows.set('p', aPointer({ key: 'p', owner: 'a' }));
});

describe('purge', () => {
  it('with an entry warns what may happen, asks, and deletes it with its pointers', async () => {
    const { code, out, err } = await cli('purge 1004', { answer: 'y' });

    expect(err).toContain('by the next poll of a feed that still lists it');
    expect(err).toContain(
      'Draft 1004 stays in Dash Social. If its entry becomes a draft again, there are two.',
    );
    expect({ code, out }).toEqual({ code: 0, out: '1 entry deleted, with 1 pointer.\n' });
    expect(keys()).toEqual(['b', 'c']);
  });

  it('with a feed deletes all its entries and makes its next poll a first one', async () => {
    await target.feedStore.save(aFeedRow());

    const { code, out } = await cli('purge newsroom --yes --json');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      dryRun: false,
      feed: 'newsroom',
      entries: [{ key: 'a', postId: 1004 }, { key: 'b' }],
      stay: [],
      pointers: 1,
    });
    expect(keys()).toEqual(['c']);
    expect(await target.feedStore.read('newsroom')).toMatchObject({
      ...{ bodyHash: null, facts: null, memory: null, newest: null },
    });
  });

  it.each([
    ['newsroom', /next poll of newsroom counts as its first: .* except the newest 2 \(backfill\)/],
    [
      'journal',
      /next poll of journal counts as its first: entries that are on it at that time do not become drafts\./,
    ],
    ['blog-custom', /Entries sent to blog-custom again are new and become drafts/],
    ['gone', /gone is not in feeds.yml. If you add it again/],
  ])('with %s only explains with --dry-run', async (name, words) => {
    put({ key: 'd', feed: 'gone' });
    const before = keys();

    const { code, out } = await cli(`purge ${name} --dry-run`);

    expect(out).toMatch(words);
    expect(out).toMatch(/would be deleted; nothing was done\.\n$/);
    expect({ code, keys: keys() }).toEqual({ code: 0, keys: before });
  });

  it('warns about waiting entries and unknown outcomes', async () => {
    put({ key: 'a', state: 'uncertain' }, { key: 'b', state: 'queued' });

    const { out } = await cli('purge newsroom --dry-run');

    expect(out).toContain('1 entry may have several drafts, which can no longer be tracked.');
    expect(out).toContain('1 entry waiting to be sent will not');
  });

  it.each([
    ['the answer no', { answer: 'n' }, 0, 'nothing was done'],
    ['no terminal to ask on', {}, 2, 'list them with --dry-run, or confirm with --yes'],
  ])('deletes nothing with %s', async (_, sitting, code, words) => {
    const before = keys();

    const ran = await cli('purge newsroom', sitting);

    expect(ran.code).toBe(code);
    expect(ran.out + ran.err).toContain(words);
    expect(keys()).toEqual(before);
  });

  it('skips an entry that is being sent, reports it and ends with 1', async () => {
    put({ key: 'a', state: 'drafting' });

    const { code, out } = await cli('purge newsroom --yes');

    expect(code).toBe(1);
    expect(out).toContain('a is being sent now and was not deleted');
    expect(keys()).toEqual(['a', 'c', 'p']);
  });

  it('ends with 4 for an unknown name', async () => {
    expect(await cli('purge nothing --yes')).toMatchObject({
      code: 4,
      err: expect.stringContaining('nothing'),
    });
  });

  it('shows the first of many entries and counts the rest', async () => {
    put(...Array.from({ length: 30 }, (_, i) => ({ key: `k${i}`, feed: 'journal' })));

    const { out } = await cli('purge journal --dry-run');

    expect(out).toContain('and 11 entries more');
  });
});
