import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';
import type { CircuitStore } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeCircuitStore } from '../../support/fake-stores.ts';
import { aCircuitRow } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const homes: { home: string; open: () => Promise<CircuitStore> }[] = [
  { home: 'in memory', open: async () => fakeCircuitStore() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoCircuitStore({ client: tables.client, table: (await tables.fresh()).feeds }),
  },
];

const sorted = (rows: CircuitRow[]): CircuitRow[] =>
  [...rows].sort((a, b) => `${a.by} ${a.scope}`.localeCompare(`${b.by} ${b.scope}`));

describe.each(homes)('circuit store $home', ({ open }) => {
  test('has no open circuits at first', async () => {
    const circuits = await open();

    expect(await circuits.rows()).toEqual([]);
  });

  test('returns every open circuit as it was stored', async () => {
    const circuits = await open();
    const openCircuits = [
      aCircuitRow(),
      aCircuitRow({ scope: 'brand/144', reason: 'forbidden', halfOpen: true, failures: 3 }),
      aCircuitRow({ by: 'person', reason: 'person', openUntil: null }),
      aCircuitRow({ scope: 'feed/newsroom', by: 'person', reason: 'person', openUntil: null }),
    ];

    for (const circuit of openCircuits) expect(await circuits.put(circuit)).toBe(true);

    expect(sorted(await circuits.rows())).toEqual(sorted(openCircuits));
  });

  test('does not let an automatic change close or replace a manual pause', async () => {
    const circuits = await open();
    const person = aCircuitRow({ by: 'person', reason: 'person', openUntil: null });
    await circuits.put(person);

    expect(await circuits.remove(aCircuitRow())).toBe(false);
    expect(await circuits.put(aCircuitRow())).toBe(true);
    expect(await circuits.remove(aCircuitRow())).toBe(true);

    expect(await circuits.rows()).toEqual([person]);
  });

  test('updates only the version a row was made from', async () => {
    const circuits = await open();

    expect(await circuits.put(aCircuitRow({ rev: 2 }))).toBe(false);
    expect(await circuits.put(aCircuitRow({ rev: 1 }))).toBe(true);
    expect(await circuits.put(aCircuitRow({ rev: 1, failures: 9 }))).toBe(false);
    expect(await circuits.put(aCircuitRow({ rev: 2, failures: 2 }))).toBe(true);

    expect(await circuits.rows()).toEqual([aCircuitRow({ rev: 2, failures: 2 })]);
  });

  test('keeps a circuit open when it was opened again before it could be closed', async () => {
    const circuits = await open();
    await circuits.put(aCircuitRow({ rev: 1 }));
    await circuits.put(aCircuitRow({ rev: 2 }));

    expect(await circuits.remove(aCircuitRow({ rev: 1 }))).toBe(false);

    expect(await circuits.rows()).toHaveLength(1);
  });

  test('lets one of two concurrent calls close a circuit, and can open it again', async () => {
    const circuits = await open();
    await circuits.put(aCircuitRow());

    const opened = await Promise.all([circuits.remove(aCircuitRow()), circuits.remove(aCircuitRow())]);

    expect([...opened].sort()).toEqual([false, true]);
    expect(await circuits.rows()).toEqual([]);
    expect(await circuits.put(aCircuitRow())).toBe(true);
  });

  test("keeps apart a feed whose name looks like a pause's key", async () => {
    const circuits = await open();
    const openCircuits = [
      aCircuitRow({ scope: 'feed/x/person' }),
      aCircuitRow({ scope: 'feed/x', by: 'person', reason: 'person' }),
    ];

    for (const circuit of openCircuits) expect(await circuits.put(circuit)).toBe(true);

    expect(await circuits.rows()).toHaveLength(2);
  });
});
