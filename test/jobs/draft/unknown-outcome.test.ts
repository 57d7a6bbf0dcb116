import { describe, expect, it } from 'vitest';
import { uncertainPauseMs } from '../../../lib/core/dash/timing.ts';
import { misconfigured } from '../../../lib/core/errors.ts';
import type { World } from '../../support/world.ts';
import { circuitIsClosed, queued } from './queued-drafts.ts';

const minute = 60_000;
const only = (w: World) => w.rows()[0];

describe('an unknown outcome', () => {
  it('is never sent again under park', async () => {
    const w = await queued(1, [{ whenUncertain: 'park' }]);
    w.state.response = 'lost, created';
    await w.deliverWakeUps();
    w.state.response = 'created';

    await w.minutes(24 * 60);

    expect(w.posts).toHaveLength(1);
    expect(only(w)).toMatchObject({ state: 'uncertain' });
  });

  it('is sent again minutes later under retry, and the row records a possible duplicate', async () => {
    const w = await queued(1, [{ whenUncertain: 'retry' }]);
    w.state.response = 'lost, created';
    await w.deliverWakeUps();
    w.state.response = 'created';

    await w.minutes(uncertainPauseMs / minute - 1);
    expect(w.sent).toHaveLength(1);
    await w.minutes(2);

    expect(only(w)).toMatchObject({ state: 'drafted', mayBeTwice: 1, postId: 2 });
  });
});

describe('a worker that dies during a request', () => {
  it.each(['park', 'retry'] as const)(
    'leaves a row whose lease the sweep expires; %s',
    async (whenUncertain) => {
      const w = await queued(1, [{ whenUncertain }]);
      const create = w.services.dash.create;
      const posted = new Promise<void>((resolve) => {
        w.services.dash.create = async (...args) => {
          await create(...args);
          resolve();
          return new Promise(() => {}); // the worker never continues
        };
      });
      void w.deliverWakeUps();
      await posted;
      w.services.dash.create = create;
      expect(only(w)?.state).toBe('drafting');

      await w.minutes(10);

      expect(only(w)).toMatchObject(
        whenUncertain === 'park' ? { state: 'uncertain' } : { state: 'drafted', mayBeTwice: 1 },
      );
      expect(w.posts).toHaveLength(whenUncertain === 'park' ? 1 : 2);
    },
  );
});

describe('an unexpected error', () => {
  it.each([
    ['park', 1],
    ['retry', 3],
  ] as const)(
    'fails its message, and under %s parks its row with the error after %i attempts',
    async (whenUncertain, times) => {
      const w = await queued(1, [{ whenUncertain }]);
      let thrown = 0;
      w.services.dash.create = async () => {
        thrown += 1;
        throw new TypeError('cannot read the length of undefined');
      };

      await expect(w.deliverWakeUps()).rejects.toThrow(TypeError);
      for (let i = 0; i < 60; i++) await w.minutes(1).catch(() => {});

      expect(thrown).toBe(times);
      expect(only(w)).toMatchObject({ state: 'uncertain', wakeAt: null, attempts: times });
      expect(only(w)?.history.at(-1)).toMatchObject({
        code: 'draft.unexpected',
        detail: expect.stringContaining('cannot read the length'),
      });
    },
  );

  it('is not raised when the token becomes unavailable: the row waits and the circuit opens', async () => {
    const w = await queued(1);
    w.services.dash.create = async () => {
      throw misconfigured('token.missing', 'the secret has no value');
    };

    await w.deliverWakeUps();

    expect(only(w)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(circuitIsClosed(w)).toBe(false);
  });
});
