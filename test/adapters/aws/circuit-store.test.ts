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

describe.each(homes)('A circuit breaker $home', ({ open }) => {
  test('is open at first', async () => {
    const circuits = await open();

    expect(await circuits.rows()).toEqual([]);
  });

  test('tells every closed door as it was closed', async () => {
    const circuits = await open();
    const doors = [
      aCircuitRow(),
      aCircuitRow({ scope: 'brand/144', reason: 'forbidden', halfOpen: true, failures: 3 }),
      aCircuitRow({ by: 'person', reason: 'person', openUntil: null }),
      aCircuitRow({ scope: 'feed/newsroom', by: 'person', reason: 'person', openUntil: null }),
    ];

    for (const circuit of doors) expect(await circuits.put(circuit)).toBe(true);

    expect(sorted(await circuits.rows())).toEqual(sorted(doors));
  });

  test("does not let a machine open or change a person's closing", async () => {
    const circuits = await open();
    const person = aCircuitRow({ by: 'person', reason: 'person', openUntil: null });
    await circuits.put(person);

    expect(await circuits.remove(aCircuitRow())).toBe(false);
    expect(await circuits.put(aCircuitRow())).toBe(true);
    expect(await circuits.remove(aCircuitRow())).toBe(true);

    expect(await circuits.rows()).toEqual([person]);
  });

  test('changes only the version a row was made from', async () => {
    const circuits = await open();

    expect(await circuits.put(aCircuitRow({ rev: 2 }))).toBe(false);
    expect(await circuits.put(aCircuitRow({ rev: 1 }))).toBe(true);
    expect(await circuits.put(aCircuitRow({ rev: 1, failures: 9 }))).toBe(false);
    expect(await circuits.put(aCircuitRow({ rev: 2, failures: 2 }))).toBe(true);

    expect(await circuits.rows()).toEqual([aCircuitRow({ rev: 2, failures: 2 })]);
  });

  test('stays closed when it was closed anew before it could be opened', async () => {
    const circuits = await open();
    await circuits.put(aCircuitRow({ rev: 1 }));
    await circuits.put(aCircuitRow({ rev: 2 }));

    expect(await circuits.remove(aCircuitRow({ rev: 1 }))).toBe(false);

    expect(await circuits.rows()).toHaveLength(1);
  });

  test('is opened by one of two who try, and can be closed again', async () => {
    const circuits = await open();
    await circuits.put(aCircuitRow());

    const opened = await Promise.all([circuits.remove(aCircuitRow()), circuits.remove(aCircuitRow())]);

    expect([...opened].sort()).toEqual([false, true]);
    expect(await circuits.rows()).toEqual([]);
    expect(await circuits.put(aCircuitRow())).toBe(true);
  });

  test('keeps a feed whose name looks like a closing of its own apart', async () => {
    const circuits = await open();
    const doors = [
      aCircuitRow({ scope: 'feed/x/person' }),
      aCircuitRow({ scope: 'feed/x', by: 'person', reason: 'person' }),
    ];

    for (const circuit of doors) expect(await circuits.put(circuit)).toBe(true);

    expect(await circuits.rows()).toHaveLength(2);
  });
});
