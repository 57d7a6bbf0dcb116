import { describe, expect, test } from 'vitest';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { ledgerHomes } from '../../support/ledger-homes.ts';
import { anEntryRow, aPair, aPointer } from '../../support/store-rows.ts';

const homes = ledgerHomes();

/** Some stores ignore changes to the rows they return; others throw. */
const meddle = (change: () => void) => {
  try {
    change();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
  }
};

describe.each(homes)('ledger $home', ({ open }) => {
  test('returns null for an unknown key', async () => {
    const ledger = await open();

    expect(await ledger.read('k1')).toBeNull();
  });

  const awkward = anEntryRow({
    title: '',
    post: null,
    errors: { text: ['is too long'], deep: [[[{ nothing: null, huge: 1e300 }]]] },
    expiresAt: 1_800_000_000,
    wakeAt: null,
    leaseUntil: 0,
    claimId: 'c1',
    postId: 9_007_199_254_740_991,
    alsoPosted: [1, 2],
    history: [],
  });

  test.each([
    ['an entry', anEntryRow()],
    ['an entry with awkward fields', awkward],
    ['a pointer', aPointer({ expiresAt: 1_800_000_000 })],
    ['a pair', aPair()],
  ])('returns %s as it was stored', async (_, row) => {
    const ledger = await open();

    expect(await ledger.insert(row)).toBe(true);

    expect(await ledger.read(row.key)).toEqual(row);
  });

  test("keeps the order of a post's fields", async () => {
    const ledger = await open();
    const row = anEntryRow({
      post: {
        status: 'DRAFT',
        text: 'b',
        creation_source: 'RSS_FEED',
        media_ids: [3],
        brand_id: 1,
        auto_publish: false,
      },
    });

    await ledger.insert(row);

    const stored = (await ledger.read(row.key)) as EntryRow;
    expect(JSON.stringify(stored.post)).toBe(JSON.stringify(row.post));
  });

  test('stores a list as long and deep as a Dash Social response can be', async () => {
    const ledger = await open();
    const deep = JSON.parse('['.repeat(60) + ']'.repeat(60));
    const row = anEntryRow({ state: 'rejected', wakeAt: null, errors: deep });

    await ledger.insert(row);

    expect(await ledger.read(row.key)).toEqual(row);
  });

  test('is not affected when callers change their rows', async () => {
    const ledger = await open();
    const row = anEntryRow();
    await ledger.insert(row);

    const read = (await ledger.read('k1')) as EntryRow;
    meddle(() => row.history.push({ at: 2, state: 'drafted', code: 'x.y' }));
    meddle(() => read.alsoPosted.push(5));

    expect(await ledger.read('k1')).toEqual(anEntryRow());
  });

  test('inserts only if the key has no row of any type', async () => {
    const ledger = await open();
    await ledger.insert(aPointer({ key: 'k1' }));

    expect(await ledger.insert(anEntryRow())).toBe(false);

    expect(await ledger.read('k1')).toMatchObject({ type: 'pointer' });
  });

  test('keeps exactly one of many concurrent inserts for a key', async () => {
    const ledger = await open();
    const rows = Array.from({ length: 8 }, (_, n) => anEntryRow({ title: `number ${n}` }));

    const won = await Promise.all(rows.map((row) => ledger.insert(row)));

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await ledger.read('k1')).toEqual(rows[won.indexOf(true)]);
  });

  test('replaces only the version a row was made from', async () => {
    const ledger = await open();
    await ledger.insert(anEntryRow());

    expect(await ledger.replace(anEntryRow({ rev: 3, title: 'skipped one' }))).toBe(false);
    expect(await ledger.replace(anEntryRow({ rev: 1, title: 'same again' }))).toBe(false);
    expect(await ledger.replace(anEntryRow({ rev: 2, title: 'next' }))).toBe(true);
    expect(await ledger.replace(anEntryRow({ rev: 2, title: 'too late' }))).toBe(false);

    expect(await ledger.read('k1')).toMatchObject({ rev: 2, title: 'next' });
  });

  test('replaces nothing if there is no row', async () => {
    const ledger = await open();

    expect(await ledger.replace(anEntryRow({ rev: 1 }))).toBe(false);
    expect(await ledger.replace(anEntryRow({ rev: 2 }))).toBe(false);

    expect(await ledger.read('k1')).toBeNull();
  });

  test('keeps exactly one of many concurrent replacements for a version', async () => {
    const ledger = await open();
    await ledger.insert(anEntryRow());
    const rows = Array.from({ length: 8 }, (_, n) => anEntryRow({ rev: 2, claimId: `claim ${n}` }));

    const won = await Promise.all(rows.map((row) => ledger.replace(row)));

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await ledger.read('k1')).toEqual(rows[won.indexOf(true)]);
  });

  test('removes a row only in the given version, and from every list', async () => {
    const ledger = await open();
    const held = anEntryRow({ state: 'held', wakeAt: null });
    await ledger.insert(held);

    expect(await ledger.remove({ ...held, rev: 2 })).toBe(false);
    expect(await ledger.read('k1')).toEqual(held);
    expect(await ledger.remove(held)).toBe(true);
    expect(await ledger.remove(held)).toBe(false);

    expect(await ledger.read('k1')).toBeNull();
    expect((await ledger.waiting({ limit: 9 })).rows).toEqual([]);
    expect(await ledger.insert(anEntryRow())).toBe(true);
  });
});
