import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoCircuitStore } from '../../../lib/adapters/aws/circuit-store-dynamo.ts';
import { dynamoFeedStore } from '../../../lib/adapters/aws/feed-store-dynamo.ts';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { readChange } from '../../../lib/adapters/aws/row-changes.ts';
import { changeEvent } from '../../../lib/core/change-events/row-change.ts';
import { trip } from '../../../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';
import { claim, deferWakeUp, newPointer, settleCreated } from '../../../lib/core/ledger/entry-state.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { ourAccess } from '../../../local/embedded/access.ts';
import { type ChangeLog, openChangeLog } from '../../../local/embedded/change-log.ts';
import { type EmbeddedDynamo, startDynamo } from '../../../local/embedded/dynamo.ts';
import { rowOf } from '../../support/entries.ts';
import { aFeedRow } from '../../support/store-rows.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'changes-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** The database with its stores, until the end of a test. */
const opened = async (recording?: boolean) => {
  const dynamo = await startDynamo({ dataDir, ...(recording !== undefined && { recording }) });
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, ...ourAccess(), maxAttempts: 1 });
  const close = async () => {
    client.destroy();
    await dynamo.close();
  };
  return {
    ...{ dynamo, client, close },
    ledger: dynamoLedger({ client, table: dynamo.tables.ledger }),
    circuits: dynamoCircuitStore({ client, table: dynamo.tables.feeds }),
    feeds: dynamoFeedStore({ client, table: dynamo.tables.feeds }),
    [Symbol.asyncDispose]: close,
  };
};

const logOf = ({ changes }: EmbeddedDynamo): ChangeLog => {
  if (changes === null) throw new Error('Nothing is recorded.');
  return changes;
};

const typesIn = async (log: ChangeLog): Promise<string[]> =>
  (await log.read(1_000)).map(({ record }) => {
    const change = readChange(record);
    return (change && changeEvent(change, 'prod')?.type) ?? 'none';
  });

const later = (row: EntryRow, change: (row: EntryRow) => EntryRow | null): EntryRow => change(row) ?? row;

describe('the embedded database', () => {
  it('has recorded each change of state when it answers the write, in order', async () => {
    await using db = await opened(true);
    const queued = rowOf({ dueAt: 1, wakeAt: 1 }, { at: 1 });
    const deferred = later(queued, deferWakeUp(2));
    const drafting = later(deferred, claim('c', 3));
    const drafted = later(drafting, settleCreated('c', 7, 4));

    await db.ledger.insert(queued);
    await db.ledger.replace(deferred);
    expect(await typesIn(logOf(db.dynamo))).toEqual(['entry.queued']);
    await db.ledger.replace(drafting);
    await db.ledger.replace(drafted);
    await db.ledger.remove(drafted);

    expect(await typesIn(logOf(db.dynamo))).toEqual(['entry.queued', 'entry.drafting', 'entry.drafted']);
  });

  it('records feeds that fail and circuits that open and close, and nothing else', async () => {
    await using db = await opened(true);
    const feed = aFeedRow();
    const trouble = {
      url: feed.url,
      code: 'feed.gone',
      message: '',
      since: 1,
      failures: 1,
      lastAt: 2,
      nextAt: 3,
    };
    const circuit = trip(null, { scope: 'all', reason: 'outage', at: 1 }) as CircuitRow;

    await db.feeds.save(feed);
    await db.feeds.save({ ...feed, rev: feed.rev + 1, trouble: { ...trouble, reported: true } });
    await db.circuits.put(circuit);
    await db.circuits.remove(circuit);
    await db.feeds.setSlot('newsroom', { address: 'a', notBefore: 1 });
    await db.ledger.insert(newPointer('p', 'guid-a', 1));

    expect(await typesIn(logOf(db.dynamo))).toEqual(['feed.failing', 'circuit.opened', 'circuit.closed']);
  });

  it('records nothing for a write that is refused', async () => {
    await using db = await opened(true);

    await db.ledger.insert(rowOf());
    expect(await db.ledger.insert(rowOf())).toBe(false);
    expect(await db.ledger.replace(rowOf({ rev: 9 }))).toBe(false);

    expect(await typesIn(logOf(db.dynamo))).toEqual(['entry.queued']);
    expect(await logOf(db.dynamo).unsettled()).toEqual([]);
  });

  it('records one change for each of many writes of one row at once', async () => {
    await using db = await opened(true);
    const keys = Array.from({ length: 20 }, (_, n) => `k${n % 4}`);

    const made = await Promise.all(keys.map((key) => db.ledger.insert(rowOf({ key }))));

    expect(made.filter(Boolean)).toHaveLength(4);
    expect(await typesIn(logOf(db.dynamo))).toEqual(Array(4).fill('entry.queued'));
  });

  it('records nothing unless events are on, and forgets what was left when they are switched off', async () => {
    {
      await using on = await opened(true);
      await on.ledger.insert(rowOf());
    }
    {
      await using beside = await opened(); // a command while the service is stopped
      await beside.ledger.insert(rowOf({ key: 'k2' }));
      expect(await typesIn(logOf(beside.dynamo))).toHaveLength(2);
    }
    await using off = await opened(false);

    expect(off.dynamo.changes).toBeNull();
  });

  it('keeps a change until it was handed on', async () => {
    {
      await using db = await opened(true);
      for (const key of ['k1', 'k2', 'k3']) await db.ledger.insert(rowOf({ key }));
      await logOf(db.dynamo).remove((await logOf(db.dynamo).read(2)).slice(0, 2));
    }
    await using db = await opened(true);
    await db.ledger.insert(rowOf({ key: 'k4' }));

    const keys = (await logOf(db.dynamo).read(10)).map(({ record }) => readChange(record));
    expect(keys).toMatchObject([{ row: { key: 'k3' } }, { row: { key: 'k4' } }]);
  });

  // The process may die at any point: each leaves an intent, which the next start compares with the table.
  it.each<[string, boolean, string[]]>([
    ['before the write', false, ['entry.queued']],
    ['after the write, before it was recorded', true, ['entry.queued', 'entry.drafting']],
  ])('that dies %s has every change of state after its next start', async (_, isWritten, expected) => {
    const queued = rowOf({ dueAt: 1 }, { at: 1 });
    const drafting = later(queued, claim('c', 3));
    let intent: Parameters<ChangeLog['begin']>[0];
    {
      await using db = await opened(true);
      await db.ledger.insert(queued);
      const [first] = await logOf(db.dynamo).read(1);
      intent = {
        table: db.dynamo.tables.ledger,
        key: { key: { S: queued.key } },
        old: first?.record.NewImage,
      };
    }
    const log = await openChangeLog(join(dataDir, 'changes'));
    await log.begin(intent);
    await log.close();
    if (isWritten) await writeUnrecorded(drafting);

    await using db = await opened(true);

    expect(await typesIn(logOf(db.dynamo))).toEqual(expected);
    expect(await logOf(db.dynamo).unsettled()).toEqual([]);
  });
});

/** Writes a row as a process does that dies before it can record the change. */
const writeUnrecorded = async (row: EntryRow): Promise<void> => {
  const [here, aside] = [join(dataDir, 'changes'), join(dataDir, 'aside')];
  renameSync(here, aside);
  const db = await opened();
  await db.ledger.replace(row);
  await db.close();
  renameSync(aside, here);
};

describe('an unknown operation', () => {
  it('reaches the database as it is', async () => {
    await using db = await opened(true);
    await db.ledger.insert(rowOf());
    const update = new UpdateItemCommand({
      TableName: db.dynamo.tables.ledger,
      Key: { key: { S: 'guid-a' } },
      UpdateExpression: 'SET title = :t',
      ExpressionAttributeValues: { ':t': { S: 'x' } },
    });

    await db.client.send(update);

    expect(await db.ledger.read('guid-a')).toMatchObject({ title: 'x' });
  });
});
