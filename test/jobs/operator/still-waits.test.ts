import { expect, it } from 'vitest';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';
import type { Editorial } from '../../../lib/core/editorial/editorial.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import type { QuotaRow } from '../../../lib/core/editorial/quota-row.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { stillWaits } from '../../../lib/jobs/operator/still-waits.ts';
import { feedOf } from '../../support/entries.ts';
import { fakeCircuitStore, fakeQuotaStore } from '../../support/fake-stores.ts';
import { aCircuitRow, anEntryRow } from '../../support/store-rows.ts';

const now = Date.UTC(2026, 10, 20, 10, 30);

type Given = {
  count?: number;
  circuits?: Partial<CircuitRow>[];
  editorial?: Partial<Editorial>;
  paused?: boolean;
  quota?: Partial<QuotaRow>;
  row?: Partial<EntryRow>;
};

const textsOf = ({ count = 1, circuits = [], editorial = {}, paused = false, quota, row }: Given) => {
  const feed = feedOf({ id: 'newsroom', brandId: 144, editorial: { ...noEditorial, ...editorial }, paused });
  const circuitStore = fakeCircuitStore();
  for (const one of circuits)
    circuitStore.stored.set(
      `${one.scope} ${one.by}`,
      aCircuitRow({ openedAt: now, openUntil: null, ...one }),
    );
  const quotas = fakeQuotaStore();
  if (quota) quotas.counts.set('newsroom', { feed: 'newsroom', rev: 1, reserved: [], waiting: [], ...quota });
  const rows = Array.from({ length: count }, (_, n) =>
    anEntryRow({
      ...{
        key: `k${n}`,
        feed: 'newsroom',
        brand: 144,
        state: 'queued',
        seenAt: now,
        dueAt: now,
        attempts: 0,
      },
      ...row,
    }),
  );
  const config = { feeds: [feed], webhooks: [] };
  return stillWaits({ config, circuits: circuitStore, quotas, clock: () => now }, rows);
};

const limits = (given: Partial<Editorial['limits']>) => ({ limits: { ...noEditorial.limits, ...given } });
const pause = { scope: 'brand/144', by: 'person', reason: 'person' } as const;
const taken = (n: number) => ({
  reserved: Array.from({ length: n }, (_, i) => ({ id: `x${i}#0`, at: now - 60_000, slot: null })),
});

it.each<[why: string, texts: string[], given: Given]>([
  ['nothing', [], { count: 456 }],
  ['a decision that sends nothing', [], { circuits: [pause], row: { state: 'dismissed' } }],
  ['a pause', ['Brand 144 is paused, so it waits until you resume it.'], { circuits: [pause] }],
  [
    'a pause of somebody, for many',
    ['All posting is paused by ada, so they wait until you resume it.'],
    { count: 456, circuits: [{ ...pause, scope: 'all', person: 'ada' }] },
  ],
  [
    'a stop',
    [expect.stringMatching(/^They wait: brand 144 is stopped: .*\.$/) as unknown as string],
    {
      count: 2,
      circuits: [{ scope: 'brand/144', by: 'machine', reason: 'forbidden', openUntil: now + 60_000 }],
    },
  ],
  [
    'a pause in feeds.yml',
    ['Feed newsroom is paused in feeds.yml, so it waits until you resume it.'],
    { paused: true },
  ],
  [
    'a daily limit that some exceed',
    ['newsroom makes at most 3 drafts per day, so 453 of them wait for their turn.'],
    { count: 456, editorial: limits({ perDay: 3 }) },
  ],
  [
    'a limit that was reached before',
    ['newsroom makes at most 1 draft per hour, so it waits for its turn.'],
    { editorial: limits({ perHour: 1 }), quota: taken(1) },
  ],
  ['a limit that leaves room', [], { count: 3, editorial: limits({ perDay: 3 }) }],
  [
    'quiet hours',
    ['It is quiet hours for newsroom, so they wait for their turn.'],
    { count: 2, editorial: limits({ quiet: { from: 10 * 60, to: 11 * 60 } }) },
  ],
  ['free slots', [], { editorial: { at: { kind: 'slot', slots: [600, 1_020] } } }],
])('%s keeps entries waiting, after a decision: %j', async (_, texts, given) => {
  expect(await textsOf(given)).toEqual(texts);
});
