import { describe, expect, it } from 'vitest';
import { pausedCircuit } from '../../../lib/core/circuit/circuit-breaker.ts';
import { leaseMs } from '../../../lib/core/dash/timing.ts';
import { misconfigured, retryable } from '../../../lib/core/errors.ts';
import { pausePosting } from '../../../lib/jobs/operator/pause-posting.ts';
import { story } from '../../support/entries.ts';
import type { World } from '../../support/world.ts';
import { queued } from './queued-drafts.ts';

const only = (w: World) => w.rows()[0];

describe('the circuit breaker', () => {
  it.each(['all', 'brand/144', 'feed/newsroom'] as const)(
    'is checked again after waiting for a turn: a pause of %s made meanwhile is respected',
    async (scope) => {
      const w = await queued(1);
      w.services.acquireTurn = async () => {
        w.state.now += 50_000;
        await pausePosting(w.services, scope);
        return true;
      };

      await w.deliverWakeUps();

      expect(w.sent).toEqual([]);
      expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
    },
  );

  it('closes automatically when a 429 is over, without counting an attempt', async () => {
    const w = await queued(3);
    w.state.response = 'throttled';
    await w.deliverWakeUps();
    expect(w.sent).toHaveLength(1);
    w.state.response = 'created';

    await w.minutes(4);

    expect(w.sums()).toEqual({ drafted: 3 });
    expect(w.rows().map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  });

  it('limits an hour of lost responses to three uncertain rows, then recovers automatically', async () => {
    const w = await queued(50, [{ whenUncertain: 'park' }]);
    Object.assign(w.state, { response: 'lost, not created', up: false });

    await w.deliverWakeUps();
    await w.minutes(60);
    expect(w.sums()).toEqual({ uncertain: 3, queued: 47 });

    Object.assign(w.state, { response: 'created', up: true });
    await w.minutes(65);

    expect(w.sums()).toEqual({ uncertain: 3, drafted: 47 });
  });

  it('probes with one row and opens again when that is lost too', async () => {
    const w = await queued(20, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, not created'; // the probe passes, but a real POST does not

    await w.deliverWakeUps();
    await w.minutes(60);

    const { uncertain = 0 } = w.sums();
    expect(uncertain).toBeGreaterThan(3);
    expect(uncertain).toBeLessThanOrEqual(3 + 7); // 1, 2, 4 … 60 minutes apart
  });

  it.each(['unauthorized', 'lost, not created', 'throttled'] as const)(
    'does not stay open behind a second open circuit: %s, then the brand is refused to the trial row',
    async (first) => {
      const w = await queued(3);
      w.state.response = first;
      await w.deliverWakeUps();
      w.state.response = 'forbidden';
      await w.minutes(4);
      w.state.response = 'created';

      await w.minutes(30);

      expect(w.rows().filter(({ state }) => state === 'queued')).toEqual([]);
    },
  );

  it('opens again after one lost response to the trial row, also on a worker with no history', async () => {
    const w = await queued(20, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, not created';
    await w.deliverWakeUps();
    w.newWorker();

    await w.minutes(3);

    expect(w.sums()).toEqual({ uncertain: 4, queued: 16 });
    expect(w.reported('circuit.opened')).toHaveLength(2);
  });

  it('lets other brands through when the token may not use one', async () => {
    const w = await queued(3, [{}, { id: 'other', url: 'https://other.example.com/feed', brandId: 7 }]);
    w.state.response = 'forbidden';
    await w.deliverWakeUps();
    w.state.response = 'created';
    w.publish([story('b')], 'other');

    await w.poll(['other']);
    await w.deliverWakeUps();

    expect(w.rowTitled('Story b')?.state).toBe('drafted');
    expect(w.sums()).toMatchObject({ queued: 3 });
  });

  it('opens when the token is missing, without failing a message or losing a row', async () => {
    const w = await queued(2);
    w.state.token = false;
    await w.deliverWakeUps();
    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason: 'no-token' }]);
    w.state.token = true;

    await w.minutes(5);

    expect(w.sums()).toEqual({ drafted: 2 });
  });

  it.each([
    ['token.missing', 'no-token'],
    ['token.malformed', 'malformed-token'],
    ['token.access-denied', 'unreadable-token'],
    ['token.unreadable', 'unreadable-token'],
  ])('reports why there is no token: %s opens it as %s', async (code, reason) => {
    const w = await queued(2);
    w.services.readyToken = async () => {
      throw misconfigured(code, 'no token');
    };

    await w.deliverWakeUps();

    expect(w.reported('circuit.opened')).toMatchObject([{ scope: 'all', reason }]);
    expect(w.sums()).toMatchObject({ queued: 2 });
  });

  it('reports the probe’s error instead of the original reason', async () => {
    const w = await queued(1);
    w.state.token = false;
    await w.deliverWakeUps();
    w.state.token = true;
    w.services.dash.probe = async () => ({ kind: 'down', code: 'dash.unauthorized', message: '401' });

    await w.minutes(3);

    expect(w.reported('circuit.opened').at(-1)).toMatchObject({ scope: 'all', reason: 'unauthorized' });
  });

  it('stays closed when the secret is briefly unavailable: the message is retried', async () => {
    const w = await queued(1);
    w.services.readyToken = async () => {
      throw retryable('token.throttled', 'AWS throttles the secret');
    };

    await expect(w.deliverWakeUps()).rejects.toMatchObject({ code: 'token.throttled' });

    expect(w.reported('circuit.opened')).toEqual([]);
    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('sends, moves and queries nothing while paused, and continues after resume', async () => {
    const calls: string[] = [];
    const w = await queued(5, [{}], { before: (name) => void calls.push(name) });
    const paused = pausedCircuit(null, 'all', w.state.now);
    await w.stores.circuits.put(paused);
    await w.deliverWakeUps();
    calls.length = 0;

    await w.minutes(120);
    expect(w.sent).toEqual([]);
    expect(calls.filter((name) => /ledger.(insert|replace)|sendWakeUps/.test(name))).toEqual([]);

    await w.stores.circuits.remove(paused);
    await w.minutes(3);

    expect(w.sums()).toEqual({ drafted: 5 });
  });

  it('for one feed holds back only that feed, however many rows it has', async () => {
    const w = await queued(30, [{}, { id: 'other', url: 'https://other.example.com/feed' }]);
    await w.stores.circuits.put(pausedCircuit(null, 'feed/newsroom', w.state.now));
    w.services.wakeUpsATick = 5;
    w.publish([story('b')], 'other');
    await w.poll(['other']);
    w.stores.queues.wakeUps.length = 0;

    await w.minutes(4);

    expect(w.sent.map(({ text }) => text)).toEqual(['Story b']);
  });

  it('neither polls nor posts a feed paused in feeds.yml', async () => {
    const w = await queued(2);
    for (const feed of w.config.feeds) feed.paused = true;
    const before = w.state.fetches;

    await w.deliverWakeUps();
    await w.minutes(10);

    expect([w.sent.length, w.state.fetches - before]).toEqual([0, 0]);
  });

  it('stays closed when a dead worker’s leases expire', async () => {
    const w = await queued(4);
    const create = w.services.dash.create;
    w.services.dash.create = () => new Promise(() => {});
    for (const wakeUp of w.stores.queues.wakeUps.splice(0, 3)) void w.worker()(wakeUp, w.call);
    while ((w.sums().drafting ?? 0) < 3) await new Promise(setImmediate);
    w.services.dash.create = create;
    w.state.now += leaseMs;

    await w.minutes(1);

    expect(w.reported('circuit.opened')).toEqual([]);
    expect(w.sums()).toMatchObject({ uncertain: 3, drafted: 1 });
  });
});
