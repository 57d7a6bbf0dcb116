import { expect, test } from 'vitest';
import { wakeLost } from '../../local/wake-lost.ts';
import { fakeStores } from '../support/fake-stores.ts';
import { anEntryRow } from '../support/store-rows.ts';

const now = 1_000_000;
const hour = 3_600_000;

test('wakes rows of every brand that are due or were just woken, but not later ones', async () => {
  const { ledger, queues } = fakeStores();
  await ledger.insert(anEntryRow({ key: 'due', wakeAt: now - 1 }));
  await ledger.insert(anEntryRow({ key: 'just woken', wakeAt: now + 60_000 }));
  await ledger.insert(anEntryRow({ key: 'of another brand', brand: 7, wakeAt: now }));
  await ledger.insert(anEntryRow({ key: 'later', dueAt: now + hour, wakeAt: now + hour }));
  await ledger.insert(anEntryRow({ key: 'done', state: 'drafted', wakeAt: null }));

  const woken = await wakeLost([144, 7, 144], now, { due: ledger.due, send: queues.sendWakeUps });

  expect(woken).toBe(3);
  expect(queues.wakeUps).toEqual([
    { key: 'due', brand: 144 },
    { key: 'just woken', brand: 144 },
    { key: 'of another brand', brand: 7 },
  ]);
});
