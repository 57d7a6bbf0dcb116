import { describe, expect, it } from 'vitest';
import type { EntryRow, LaterVersion } from '../../../lib/core/ledger/row.ts';
import { insertAll, keysOf, ledgerHomes } from '../../support/ledger-homes.ts';
import { anEntryRow } from '../../support/store-rows.ts';

const day = 86_400_000;
const later = (given: Partial<LaterVersion> = {}): LaterVersion => ({
  storedAs: 'kept-later',
  contentHash: 'b',
  at: 10 * day,
  difference: 'title: “Friday” → “Monday”',
  changes: 1,
  seen: ['a', 'b'],
  state: 'open',
  unchecked: false,
  why: null,
  ...given,
});
const changed = (key: string, given: Partial<LaterVersion> = {}, row: Partial<EntryRow> = {}) =>
  anEntryRow({ key, state: 'drafted', wakeAt: null, laterVersion: later(given), ...row });

describe.each(ledgerHomes())('ledger $home', ({ open }) => {
  it('lists drafts whose article changed, by when that was found, and no others', async () => {
    const ledger = await open();
    await insertAll(ledger, [
      changed('late', { at: 12 * day }),
      changed('early', { at: 9 * day }),
      changed('kept', { state: 'kept' }),
      changed('updating', { state: 'updating' }),
      changed('queued', {}, { state: 'queued' }),
      changed('twice', {}, { mayBeTwice: 1 }),
      anEntryRow({ key: 'same', state: 'drafted', wakeAt: null }),
    ]);

    const { rows } = await ledger.waiting({ state: 'changed', limit: 9 });

    expect(keysOf(rows)).toEqual(['early', 'late']);
    expect(rows[0]?.laterVersion).toEqual(later({ at: 9 * day }));
    expect(await ledger.waiting({ limit: 9 })).toEqual({ rows: [], next: null });
  });

  it('lists them from a time on, page by page', async () => {
    const ledger = await open();
    await insertAll(
      ledger,
      [1, 2, 3, 4].map((n) => changed(`k${n}`, { at: n * day })),
    );

    const first = await ledger.waiting({ state: 'changed', since: 2 * day, limit: 2 });
    const second = await ledger.waiting({ state: 'changed', limit: 2, after: first.next ?? '' });

    expect([keysOf(first.rows), keysOf(second.rows), second.next]).toEqual([['k2', 'k3'], ['k4'], null]);
  });
});
