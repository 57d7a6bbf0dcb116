import { describe, expect, it } from 'vitest';
import type { ChangeEvent } from '../../../lib/core/change-events/change-event.ts';
import type { Delivery } from '../../../lib/core/change-events/delivery.ts';
import { misconfigured, permanent, retryable } from '../../../lib/core/errors.ts';
import type { AppEvent } from '../../../lib/core/events.ts';
import type { PutEvents, StreamRecord } from '../../../lib/core/ports.ts';
import { sendEvents } from '../../../lib/jobs/events/send-events.ts';
import { rowOf } from '../../support/entries.ts';

type Given = { putEvents?: PutEvents | null; addresses?: string[]; queueFails?: boolean };

const world = ({ putEvents = null, addresses = ['https://a.example/'], queueFails = false }: Given = {}) => {
  const [deliveries, reported]: [Delivery[], AppEvent[]] = [[], []];
  const send = sendEvents({
    events: { webAddresses: addresses.map((url) => ({ url, secretNames: ['s'] })) },
    stage: 'prod',
    readChange: ({ NewImage }) => {
      if (NewImage === 'corrupt') throw permanent('ledger.corrupt-row', 'Ledger row k cannot be read');
      const row = rowOf({ key: String(NewImage) });
      return NewImage === 'same' ? { of: 'entry', old: row, row } : { of: 'entry', old: null, row };
    },
    putEvents,
    sendDeliveries: async (some) => {
      if (queueFails) throw retryable('queue.unreachable', 'The queue is down');
      deliveries.push(...some);
    },
  });
  const run = (...images: string[]) =>
    send(
      images.map((NewImage): StreamRecord => ({ NewImage })),
      { remainingMs: () => 1_000, report: (news) => void reported.push(news) },
    );
  return { run, deliveries, reported };
};

const sentTo = (deliveries: Delivery[]) =>
  deliveries.map(({ to, event }) => `${to ?? 'bus'} ${'entry' in event ? event.entry : ''}`);

describe('changes of rows', () => {
  it('become one delivery per event and web address', async () => {
    const { run, deliveries, reported } = world({ addresses: ['https://a.example/', 'https://b.example/'] });

    await run('k1', 'k2');

    expect(sentTo(deliveries)).toEqual([
      'https://a.example/ k1',
      'https://b.example/ k1',
      'https://a.example/ k2',
      'https://b.example/ k2',
    ]);
    expect(reported).toEqual([{ event: 'events.sent', events: 2, deliveries: 4 }]);
  });

  it('without a change of state send and report nothing', async () => {
    const { run, deliveries, reported } = world();

    await run('same');

    expect([deliveries, reported]).toEqual([[], []]);
  });

  it('go to the event bus at once', async () => {
    const onBus: ChangeEvent[] = [];
    const putEvents: PutEvents = async (events) => {
      onBus.push(...events);
      return [];
    };
    const { run, deliveries } = world({ putEvents, addresses: [] });

    await run('k1', 'k2');

    expect(onBus.map(({ id }) => id)).toEqual(['entry/k1/0#1', 'entry/k2/0#1']);
    expect(deliveries).toEqual([]);
  });

  it.each<[string, PutEvents, string[]]>([
    ['refuses one', async (events) => events.slice(1), ['bus k2']],
    [
      'does not exist',
      async () => {
        throw misconfigured('event-bus.missing-bus', 'There is no bus news');
      },
      ['bus k1', 'bus k2'],
    ],
  ])(
    'are queued for an event bus that %s, so that web addresses get theirs',
    async (_, putEvents, forBus) => {
      const { run, deliveries, reported } = world({ putEvents });

      await run('k1', 'k2');

      expect(sentTo(deliveries)).toEqual([...forBus, 'https://a.example/ k1', 'https://a.example/ k2']);
      expect(reported[0]).toMatchObject({ event: 'events.bus-failed', events: forBus.length });
    },
  );

  it('come again while the queue fails', async () => {
    await expect(world({ queueFails: true }).run('k1')).rejects.toMatchObject({ code: 'queue.unreachable' });
  });

  it('of a row that cannot be read are reported, and hold up no other', async () => {
    const { run, deliveries, reported } = world();

    await run('corrupt', 'k2');

    expect(sentTo(deliveries)).toEqual(['https://a.example/ k2']);
    expect(reported[0]).toMatchObject({ event: 'row.corrupt' });
  });
});
