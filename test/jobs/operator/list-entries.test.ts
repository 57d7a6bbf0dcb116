import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupOf, type ListGroup, listGroups, listPlace } from '../../../lib/core/ledger/list-place.ts';
import { type EntryRow, type ListedRow, states } from '../../../lib/core/ledger/row.ts';
import { listEntries } from '../../../lib/jobs/operator/list-entries.ts';
import { fakeLedger } from '../../support/fake-stores.ts';
import { anEntryRow } from '../../support/store-rows.ts';

const rows = fc
  .array(
    fc.record({
      state: fc.constantFrom(...states),
      at: fc.integer({ min: 1, max: 5 }),
      feed: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 30 },
  )
  .map((some) =>
    some.map(({ state, at, feed }, n) =>
      anEntryRow({ key: `k${n}`, state, feed, history: [{ at, state, code: 'entry.new' }] }),
    ),
  );

const latestFirst = (a: EntryRow, b: EntryRow) => (listPlace(a) < listPlace(b) ? 1 : -1);

describe('a list of entries', () => {
  it('shows every entry of its groups once, latest first, whatever the page size and filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.subarray([...listGroups]),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(null, (row: ListedRow) => row.feed === 'a'),
        async (given, groups: ListGroup[], limit, isWanted) => {
          const ledger = fakeLedger({}, new Map(given.map((row) => [row.key, row])));
          const found: string[] = [];
          let after: string | undefined;
          do {
            const page = await listEntries(ledger, { groups, isWanted, limit, after });
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            found.push(...page.rows.map(({ key }) => key));
            after = page.next ?? undefined;
          } while (after !== undefined);

          const wanted = given
            .filter(({ state }) => groups.includes(groupOf(state)))
            .filter(({ feed }) => isWanted === null || feed === 'a')
            .sort(latestFirst);
          expect(found).toEqual(wanted.map(({ key }) => key));
        },
      ),
    );
  });

  it('reports how many entries it searched if older ones may match', async () => {
    const many = Array.from({ length: 2_001 }, (_, n) =>
      anEntryRow({ key: `k${n}`, state: 'drafted', history: [{ at: n + 1, state: 'drafted', code: 'x' }] }),
    );
    const ledger = fakeLedger({}, new Map(many.map((row) => [row.key, row])));
    const asked = { groups: ['drafted' as const], isWanted: ({ key }: ListedRow) => key === 'k0', limit: 25 };

    const first = await listEntries(ledger, { ...asked, after: undefined });
    expect(first).toMatchObject({ rows: [], searched: 2_000 });

    const second = await listEntries(ledger, { ...asked, after: first.next ?? undefined });
    expect(second).toMatchObject({ rows: [{ key: 'k0' }], next: null, searched: null });
  });
});
