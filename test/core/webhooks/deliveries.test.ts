import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsToday, maxNotes, withNotes } from '../../../lib/core/webhooks/deliveries.ts';
import type { DeliveriesRow, DeliveryNote } from '../../../lib/core/webhooks/deliveries-row.ts';

const at = Date.UTC(2026, 10, 20, 10);
const note = (given: Partial<DeliveryNote> = {}): DeliveryNote => ({
  ...{ outcome: 'ignored', reason: 'update', entry: null, since: at, at, times: 1 },
  ...given,
});

describe('the deliveries row', () => {
  it('keeps the latest deliveries first and merges equal ones in a row', () => {
    const row = withNotes('blog', null, [
      note({ outcome: 'queued', reason: null, entry: 'a' }),
      note({ outcome: 'queued', reason: null, entry: 'b' }),
      note(),
      note({ since: at + 1, at: at + 1 }),
      note({ reason: 'draft' }),
    ]);

    expect(row).toMatchObject({ webhook: 'blog', rev: 1, counts: { queued: 2, ignored: 3 } });
    expect(row.latest).toEqual([
      note({ reason: 'draft' }),
      note({ at: at + 1, times: 2 }),
      note({ outcome: 'queued', reason: null, entry: 'b' }),
      note({ outcome: 'queued', reason: null, entry: 'a' }),
    ]);
  });

  it('counts per day', () => {
    const later = at + 86_400_000;
    const first = withNotes('blog', null, [note({ times: 3 })]);
    const second = withNotes('blog', first, [note({ at: later })]);

    expect(countsToday(first, at)).toEqual({ ignored: 3 });
    expect(countsToday(first, later)).toEqual({});
    expect(countsToday(second, later)).toEqual({ ignored: 1 });
  });

  it('keeps at most twenty notes and counts every delivery', () => {
    const anyNote = fc.record({
      outcome: fc.constantFrom('queued' as const, 'ignored' as const, 'refused' as const),
      reason: fc.constantFrom(null, 'update', 'signature.mismatch'),
      entry: fc.constantFrom(null, 'a', 'b'),
      since: fc.constant(at),
      at: fc.constant(at),
      times: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(anyNote, { maxLength: 9 }), { maxLength: 9 }), (writes) => {
        const row = writes.reduce<DeliveriesRow | null>((one, notes) => withNotes('blog', one, notes), null);

        const sum = Object.values(row?.counts ?? {}).reduce((all, count) => all + count, 0);
        expect(sum).toBe(writes.flat().reduce((all, { times }) => all + times, 0));
        expect(row?.latest.length ?? 0).toBeLessThanOrEqual(maxNotes);
        expect(row?.rev ?? 0).toBe(writes.length);
      }),
    );
  });
});
