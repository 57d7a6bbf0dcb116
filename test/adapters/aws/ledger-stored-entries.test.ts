import { deflateRawSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoLedger } from '../../../lib/adapters/aws/ledger-dynamo.ts';
import { toStoredEntry } from '../../../lib/core/entries/stored-entry.ts';
import { hugeEntry, story } from '../../support/entries.ts';
import { ledgerHomes, tablesForTests } from '../../support/ledger-homes.ts';

const tables = tablesForTests();
const homes = ledgerHomes();

const aKeptEntry = toStoredEntry(
  story(1, {
    title: ' "quoted" \n 𝒜 ',
    summary: '',
    video: { url: 'https://v.example.com/1.mp4', type: null, length: 0, durationS: 1.5 },
  }),
  { feedTitle: 'Newsroom', mediaIds: [9_007_199_254_740_991] },
);

const prose = [
  'The bridge over the river was opened on Friday after four years of work',
  'The mayor thanked everybody who had waited, and was the first to walk across',
  'A ferry that had carried people since 1921 will stop at the end of the month',
  'Tickets that were bought for it before then can be handed back at any office',
];

describe.each(homes)('ledger $home', ({ open }) => {
  test('returns an entry as it was stored, and not as a row', async () => {
    const ledger = await open();

    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_000);
    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_000);
    await ledger.setStoredEntryExpiry('kept-a', 1_900_000_000_000);

    expect(await ledger.storedEntry('kept-a')).toEqual(aKeptEntry);
    expect(await ledger.read('kept-a')).toBeNull();
  });

  test('deletes a stored entry, and does not create one by setting its expiry', async () => {
    const ledger = await open();
    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_000);

    await ledger.deleteStoredEntry('kept-a');
    await ledger.deleteStoredEntry('kept-a');
    await ledger.setStoredEntryExpiry('kept-a', 1_900_000_000_000);

    expect(await ledger.storedEntry('kept-a')).toBeNull();
  });
});

describe('a stored entry in DynamoDB', () => {
  const open = async () => {
    const { ledger: table } = await tables().fresh();
    const corrupt: string[] = [];
    const ledger = dynamoLedger({ client: tables().client, table, onCorrupt: (key) => corrupt.push(key) });
    const item = async () =>
      (await tables().client.send(new GetItemCommand({ TableName: table, Key: { key: { S: 'kept-a' } } })))
        .Item;
    return { ledger, table, corrupt, item };
  };

  test("expires through the table's time to live, at the given time", async () => {
    const { ledger, item } = await open();

    await ledger.storeEntry('kept-a', aKeptEntry, 1_800_000_000_001);
    expect((await item())?.expiresAt).toEqual({ N: '1800000001' });

    await ledger.setStoredEntryExpiry('kept-a', 1_900_000_000_000);
    expect((await item())?.expiresAt).toEqual({ N: '1900000000' });
  });

  test('takes less than a third of its length for ordinary prose', async () => {
    const { ledger, item } = await open();
    const content = Array.from({ length: 500 }, (_, n) => `${prose[n % prose.length]} ${n}.`).join(' ');

    await ledger.storeEntry('kept-a', toStoredEntry(story(1, { content })), 1_800_000_000_000);

    expect((await item())?.data?.B?.length).toBeLessThan(content.length / 3);
  });

  test('is rejected with a clear error when it is too large for an item', async () => {
    const { ledger } = await open();

    await expect(ledger.storeEntry('kept-a', hugeEntry(), 1_800_000_000_000)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'store.too-large',
    });
  });

  test.each([
    ['is not binary', { N: '1' }],
    ['is not compressed', { B: Buffer.from('{}') }],
    ['is not an entry', { B: deflateRawSync('{"entry":{}}') }],
    ['expands beyond the memory limit', { B: deflateRawSync(' '.repeat(6_000_000)) }],
  ])('that %s counts as missing and is reported', async (_, data) => {
    const { ledger, table, corrupt } = await open();
    const Item = { key: { S: 'kept-a' }, type: { S: 'kept' }, data };
    await tables().client.send(new PutItemCommand({ TableName: table, Item }));

    expect(await ledger.storedEntry('kept-a')).toBeNull();
    expect(corrupt).toEqual(['kept-a']);
  });
});
