import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoLatestDrafts } from '../../../lib/adapters/aws/latest-drafts-dynamo.ts';
import type { LatestDrafts } from '../../../lib/core/ports.ts';
import { type EmbeddedTables, startTables } from '../../support/embedded-tables.ts';
import { fakeLatestDrafts } from '../../support/fake-stores.ts';

let tables: EmbeddedTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

describe.each([
  ['in memory', async (): Promise<LatestDrafts> => fakeLatestDrafts()],
  [
    'in DynamoDB',
    async (): Promise<LatestDrafts> =>
      dynamoLatestDrafts({ client: tables.client, table: (await tables.fresh()).feeds }),
  ],
])('latest draft of a brand, %s', (_, make) => {
  let latest: LatestDrafts;
  beforeEach(async () => {
    latest = await make();
  });

  it('is null until one is recorded', async () => {
    expect(await latest.read(144)).toBeNull();
  });

  it('is the later of those recorded, in any order, per brand', async () => {
    await latest.note({ brand: 144, postId: 2, at: 2_000 });
    await latest.note({ brand: 144, postId: 1, at: 1_000 });
    await latest.note({ brand: 7, postId: 9, at: 500 });

    expect(await latest.read(144)).toEqual({ brand: 144, postId: 2, at: 2_000 });
    expect(await latest.read(7)).toEqual({ brand: 7, postId: 9, at: 500 });
    await latest.note({ brand: 144, postId: 3, at: 3_000 });
    expect(await latest.read(144)).toEqual({ brand: 144, postId: 3, at: 3_000 });
  });
});
