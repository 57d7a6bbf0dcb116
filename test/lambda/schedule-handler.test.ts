import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { permanent } from '../../lib/core/errors.ts';
import type { Tick } from '../../lib/core/polling/feed-message.ts';
import type { Invocation } from '../../lib/core/ports.ts';
import { scheduleHandler } from '../../lib/lambda/schedule-handler.ts';
import { TickEvent } from '../../lib/lambda/tick-event.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { type Printed, takePrinted } from '../support/printed.ts';

type Work = (tick: Tick, invocation: Invocation) => Promise<void>;
const handle = (work: Work) =>
  scheduleHandler(
    TickEvent,
    (job: Work) => job,
    () => work,
  );

const tickOf = async (event: unknown) => {
  const ticks: Tick[] = [];
  await handle(async (tick) => void ticks.push(tick))(event, lambdaContext());
  return ticks[0];
};

describe('scheduleHandler with TickEvent', () => {
  let printed: Printed;
  beforeEach(() => {
    printed = takePrinted();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('uses the scheduled time, not the time of arrival', async () => {
    const tick = await tickOf({ scheduledTime: '2026-11-22T11:05:00Z' });

    expect(tick).toEqual({ scheduledAt: Date.UTC(2026, 10, 22, 11, 5) });
  });

  it('accepts feeds by ID', async () => {
    expect(await tickOf({ feeds: ['newsroom', 'blog'] })).toEqual({ feeds: ['newsroom', 'blog'] });
  });

  it('uses the current time for an empty payload', async () => {
    vi.useFakeTimers({ now: 1_795_345_200_000, toFake: ['Date'] });

    expect(await tickOf({})).toEqual({ scheduledAt: 1_795_345_200_000 });
  });

  it.each([
    ['a misspelled field', { feed: ['newsroom'] }],
    ['no feeds', { feeds: [] }],
    ['an empty id', { feeds: [''] }],
    ['an invalid time', { scheduledTime: '<aws.scheduler.scheduled-time>' }],
    ['both', { feeds: ['newsroom'], scheduledTime: '2026-11-22T11:05:00Z' }],
    ['text', 'newsroom'],
  ])('rejects %s', async (_, event) => {
    await expect(tickOf(event)).rejects.toMatchObject({ kind: 'permanent', code: 'event.invalid' });
  });

  it("fails with the job's error, logged once", async () => {
    const error = permanent('feeds.unknown', 'There is no feed newsrom; known are newsroom, blog.');

    const response = handle(() => Promise.reject(error))({ feeds: ['newsrom'] }, lambdaContext());

    await expect(response).rejects.toBe(error);
    expect(printed.logs()).toMatchObject([{ level: 'ERROR', message: 'feeds.unknown' }]);
  });

  it('sends the metrics of an invocation that throws', async () => {
    const job: Work = async (_, { report }) => {
      report({ event: 'circuit.closed', scope: 'all' });
      throw new Error('a bug');
    };

    await expect(handle(job)({}, lambdaContext())).rejects.toThrow('a bug');

    expect(printed.metrics()).toEqual([{ CircuitClosed: 1, ErrorsUnexpected: 1 }]);
  });

  it('passes the remaining time to the job', async () => {
    let remainingMs = 0;

    await handle(async (_, invocation) => {
      remainingMs = invocation.remainingMs();
    })({}, lambdaContext({ remainingMs: 12_345 }));

    expect(remainingMs).toBe(12_345);
  });
});
