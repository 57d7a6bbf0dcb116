import { describe, expect, it } from 'vitest';
import type { EventQueues } from '../../cli/target.ts';
import type { Delivery } from '../../lib/core/change-events/delivery.ts';
import { trip } from '../../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../lib/core/circuit/circuit-row.ts';
import { cliOver, configOf, fakeTarget } from '../support/cli.ts';
import { rowOf } from '../support/entries.ts';

const events = {
  eventBus: 'news',
  webAddresses: [{ url: 'https://a.example/', secretNames: ['one'] }],
  allowPrivate: false,
};

/** A target with events, and what its queue gets. */
const world = (given: Partial<EventQueues> = {}) => {
  const sent: Delivery[] = [];
  const queues: EventQueues = {
    sendDeliveries: async (some) => void sent.push(...some),
    redrive: async () => 2,
    ...given,
  };
  const target = fakeTarget({ events: queues, config: () => ({ ...configOf(), events }) });
  for (const [key, at] of [
    ['old', Date.UTC(2026, 9, 31)],
    ['new', Date.UTC(2026, 10, 2)],
  ] as const)
    target.stores.ledger.rows.set(key, rowOf({ key }, { at }));
  return { target, sent, run: cliOver(target) };
};

describe('events replay', () => {
  it('sends dead letters again', async () => {
    const { run, sent } = world();

    expect(await run('events replay')).toEqual({ code: 0, out: '2 events sent again.\n', err: '' });
    expect(sent).toEqual([]);
  });

  it('reports that there are none', async () => {
    expect(await world({ redrive: async () => 0 }).run('events replay')).toMatchObject({
      code: 0,
      out: 'No events were given up.\n',
    });
  });

  it('with --since sends the present state of what changed since, and of circuits that are open', async () => {
    const { run, sent, target } = world();
    await target.circuits.put(trip(null, { scope: 'all', reason: 'outage', at: 1 }) as CircuitRow);

    const ran = await run('events replay --since 2026-11-01 --stage prod');

    expect(ran).toMatchObject({ code: 0, out: '2 events sent again.\n' });
    expect(sent.map(({ to, event }) => `${to ?? 'bus'} ${event.type} ${event.replay}`)).toEqual([
      'bus circuit.opened true',
      'https://a.example/ circuit.opened true',
      'bus entry.queued true',
      'https://a.example/ entry.queued true',
    ]);
    expect(sent[2]?.event).toMatchObject({ entry: 'new', stage: 'prod' });
  });

  it('sends nothing to an event bus from this machine', async () => {
    const { run, sent } = world();

    await run('events replay --since 2026-11-01');

    expect(sent.map(({ to }) => to)).toEqual(['https://a.example/']);
  });

  it.each(['yesterday', '2026-13-01', '1'])('refuses --since %s', async (text) => {
    const ran = await world().run(`events replay --since ${text}`);

    expect(ran.code).toBe(2);
    expect(ran.err).toContain('Write a day such as 2026-11-01, in UTC.');
  });

  it('explains what to do where events are off', async () => {
    const ran = await cliOver(fakeTarget())('events replay');

    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('Events are off: add events: to feeds.yml');
  });
});
