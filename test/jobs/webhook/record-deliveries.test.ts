import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryable } from '../../../lib/core/errors.ts';
import { receiveWebhook } from '../../../lib/jobs/webhook/receive-webhook.ts';
import { neededMs, recordDeliveries, unprovenEveryMs } from '../../../lib/jobs/webhook/record-deliveries.ts';
import { responseMarginMs } from '../../../lib/lambda/http-handler.ts';
import { boundedRetries } from '../../../lib/services/aws-client-config.ts';
import { fakeDeliveryStore, type Hooks } from '../../support/fake-stores.ts';
import { hookWorld, requestFor, webhookOf } from '../../support/hook-world.ts';

const story = { id: 'cms-2', title: 'Story 2', link: 'https://www.example.com/2' };

/** One receiver for all deliveries, as in a function; `writes` counts the writes to its log. */
const noted = (hooks: Hooks = {}, remainingMs = 10_000) => {
  let writes = 0;
  const deliveries = fakeDeliveryStore({
    ...hooks,
    after: (name) => {
      if (name === 'deliveries.save') writes += 1;
    },
  });
  const w = hookWorld([webhookOf()], [{}], { deliveries });
  const receive = receiveWebhook(w.receiver);
  const call = { ...w.call, remainingMs: () => remainingMs };
  return {
    ...w,
    writes: () => writes,
    row: () => deliveries.logs.get('blog'),
    send: (payload: Parameters<typeof requestFor>[1], secret?: string) =>
      receive({ source: 'blog', request: requestFor(webhookOf(), payload, w.state.now, secret) }, call).catch(
        (error: unknown) => error,
      ),
    sendTo: (source: string) =>
      receive({ source, request: requestFor(webhookOf(), story, w.state.now) }, call).catch(
        (error: unknown) => error,
      ),
  };
};

describe('a delivery’s outcome', () => {
  it('is recorded with reason and entry', async () => {
    const w = noted();

    const { entry } = (await w.send(story)) as { entry: string };
    await w.send(story);
    await w.send({ ...story, event: 'delete' });
    await w.send('no JSON');
    await w.send(story, 'another secret');

    expect(w.row()?.latest.toReversed()).toMatchObject([
      { outcome: 'queued', reason: null, entry },
      { outcome: 'known', reason: null, entry },
      { outcome: 'ignored', reason: 'not-wanted', entry: null },
      { outcome: 'refused', reason: 'webhook.unreadable', entry: null },
      { outcome: 'refused', reason: 'signature.mismatch', entry: null },
    ]);
  });

  it('is not recorded for an unknown address', async () => {
    const w = noted();

    await w.sendTo('unknown');

    expect(w.writes()).toBe(0);
  });

  it('never costs the response when it cannot be recorded', async () => {
    const down = noted({
      before: (name) => {
        if (name.startsWith('deliveries.'))
          throw retryable('store.unreachable', 'The table cannot be reached.');
      },
    });
    const late = noted({}, neededMs - 1);

    expect(await down.send(story)).toMatchObject({ outcome: 'queued' });
    expect(down.reported('webhook.not-recorded')).toMatchObject([
      { source: 'blog', code: 'store.unreachable' },
    ]);
    expect(await late.send(story)).toMatchObject({ outcome: 'queued' });
    expect(late.writes()).toBe(0);
  });

  it('is recorded in time, however slow the table is', () => {
    const { maxAttempts, requestHandler } = boundedRetries;
    const perCall = maxAttempts * (requestHandler.connectionTimeout + requestHandler.requestTimeout);
    const pause = 100;

    expect(3 * (perCall + pause)).toBeLessThan(neededMs - responseMarginMs);
  });

  it('is recorded when two arrive at once', async () => {
    const w = noted();

    await Promise.all([w.send(story), w.send({ ...story, id: 'cms-3', link: 'https://www.example.com/3' })]);

    expect(w.row()?.counts).toEqual({ queued: 2 });
  });
});

describe('an unauthenticated delivery', () => {
  it('is written once a minute, and counted in between', async () => {
    const w = noted();
    for (let n = 0; n < 100; n += 1) await w.send(story, 'another secret');
    expect(w.writes()).toBe(1);

    w.state.now += unprovenEveryMs;
    await w.send(story, 'another secret');

    expect(w.writes()).toBe(2);
    expect(w.row()?.counts).toEqual({ refused: 101 });
    expect(w.row()?.latest).toMatchObject([
      { outcome: 'refused', reason: 'signature.mismatch', times: 101, at: w.state.now },
    ]);
  });

  it('is written with the next authentic one', async () => {
    const w = noted();
    await w.send(story, 'another secret');
    await w.send(story, 'another secret');
    await w.send(story);

    expect(w.writes()).toBe(2);
    expect(w.row()?.latest).toMatchObject([{ outcome: 'queued' }, { outcome: 'refused', times: 2 }]);
  });

  it('is written no more often, for any number of processes and any timing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.nat(20_000)), { minLength: 1, maxLength: 60 }),
        async (sent) => {
          let [now, writes] = [Date.UTC(2026, 10, 20), 0];
          const deliveries = fakeDeliveryStore({
            after: (name) => {
              if (name === 'deliveries.save') writes += 1;
            },
          });
          const call = { remainingMs: () => 10_000, report: () => {} };
          const processes = [0, 1, 2, 3].map(() => recordDeliveries({ deliveries, clock: () => now }));
          const began = now;
          for (const [process, waits] of sent) {
            now += waits;
            const became = { outcome: 'refused', reason: 'signature.mismatch', entry: null } as const;
            await processes[process]?.('blog', [became], call);
          }

          expect(writes).toBeLessThanOrEqual(1 + Math.floor((now - began) / unprovenEveryMs));
          expect(writes).toBeGreaterThan(0);
        },
      ),
    );
  });
});
