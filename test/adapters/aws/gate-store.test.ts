import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoGateStore } from '../../../lib/adapters/aws/gate-store-dynamo.ts';
import type { GateRow } from '../../../lib/core/circuit/gate.ts';
import type { GateStore } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeGateStore } from '../../support/fake-stores.ts';
import { aGateRow } from '../../support/store-rows.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const homes: { home: string; open: () => Promise<GateStore> }[] = [
  { home: 'in memory', open: async () => fakeGateStore() },
  {
    home: 'in DynamoDB',
    open: async () => dynamoGateStore({ client: tables.client, table: (await tables.fresh()).feeds }),
  },
];

const sorted = (rows: GateRow[]): GateRow[] =>
  [...rows].sort((a, b) => `${a.by} ${a.scope}`.localeCompare(`${b.by} ${b.scope}`));

describe.each(homes)('A gate $home', ({ open }) => {
  test('is open at first', async () => {
    const gate = await open();

    expect(await gate.rows()).toEqual([]);
  });

  test('tells every closed door as it was closed', async () => {
    const gate = await open();
    const doors = [
      aGateRow(),
      aGateRow({ scope: 'brand/144', reason: 'forbidden', halfOpen: true, failures: 3 }),
      aGateRow({ by: 'person', reason: 'person', closedUntil: null }),
      aGateRow({ scope: 'feed/newsroom', by: 'person', reason: 'person', closedUntil: null }),
    ];

    for (const door of doors) expect(await gate.put(door)).toBe(true);

    expect(sorted(await gate.rows())).toEqual(sorted(doors));
  });

  test("does not let a machine open or change a person's closing", async () => {
    const gate = await open();
    const person = aGateRow({ by: 'person', reason: 'person', closedUntil: null });
    await gate.put(person);

    expect(await gate.remove(aGateRow())).toBe(false);
    expect(await gate.put(aGateRow())).toBe(true);
    expect(await gate.remove(aGateRow())).toBe(true);

    expect(await gate.rows()).toEqual([person]);
  });

  test('changes only the version a row was made from', async () => {
    const gate = await open();

    expect(await gate.put(aGateRow({ rev: 2 }))).toBe(false);
    expect(await gate.put(aGateRow({ rev: 1 }))).toBe(true);
    expect(await gate.put(aGateRow({ rev: 1, failures: 9 }))).toBe(false);
    expect(await gate.put(aGateRow({ rev: 2, failures: 2 }))).toBe(true);

    expect(await gate.rows()).toEqual([aGateRow({ rev: 2, failures: 2 })]);
  });

  test('stays closed when it was closed anew before it could be opened', async () => {
    const gate = await open();
    await gate.put(aGateRow({ rev: 1 }));
    await gate.put(aGateRow({ rev: 2 }));

    expect(await gate.remove(aGateRow({ rev: 1 }))).toBe(false);

    expect(await gate.rows()).toHaveLength(1);
  });

  test('is opened by one of two who try, and can be closed again', async () => {
    const gate = await open();
    await gate.put(aGateRow());

    const opened = await Promise.all([gate.remove(aGateRow()), gate.remove(aGateRow())]);

    expect([...opened].sort()).toEqual([false, true]);
    expect(await gate.rows()).toEqual([]);
    expect(await gate.put(aGateRow())).toBe(true);
  });

  test('keeps a feed whose name looks like a closing of its own apart', async () => {
    const gate = await open();
    const doors = [
      aGateRow({ scope: 'feed/x/person' }),
      aGateRow({ scope: 'feed/x', by: 'person', reason: 'person' }),
    ];

    for (const door of doors) expect(await gate.put(door)).toBe(true);

    expect(await gate.rows()).toHaveLength(2);
  });
});
