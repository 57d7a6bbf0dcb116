import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { misconfigured, permanent, retryable } from '../../lib/core/errors.ts';
import { WakeUp } from '../../lib/core/polling/feed-message.ts';
import type { Invocation } from '../../lib/core/ports.ts';
import { queueHandler } from '../../lib/lambda/queue-handler.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { type Printed, takePrinted } from '../support/printed.ts';
import { sqsEvent } from '../support/sqs-event.ts';

type Work = (message: WakeUp & { receiveCount: number }, invocation: Invocation) => Promise<unknown>;

/** What the test messages have besides their body. */
const received = (index: number) => ({ sentAt: 1_795_345_200_000, receipt: `receipt-${index}` });

const handle = (work: Work, options?: { together?: boolean }) =>
  queueHandler(
    WakeUp,
    (job: Work) => job,
    () => work,
    options,
  );

const wakeUp = (key: string) => ({ key, brand: 144 });
const [a, b, c] = [wakeUp('a'), wakeUp('b'), wakeUp('c')];

const failOn = (key: string, error: unknown): Work & { done: string[] } => {
  const done: string[] = [];
  const work: Work = async (message) => {
    if (message.key === key) throw error;
    done.push(message.key);
  };
  return Object.assign(work, { done });
};

describe('queueHandler', () => {
  let printed: Printed;
  beforeEach(() => {
    printed = takePrinted();
  });
  afterEach(() => vi.restoreAllMocks());

  it('passes each message to the job, in order, with its receive count', async () => {
    const seen: unknown[] = [];

    const response = await handle(async (message) => void seen.push(message))(
      sqsEvent([a, b], 3),
      lambdaContext(),
    );

    expect(seen).toEqual([
      { ...a, receiveCount: 3, ...received(0) },
      { ...b, receiveCount: 3, ...received(1) },
    ]);
    expect(response).toEqual({ batchItemFailures: [] });
  });

  it('keeps a message that its job has hidden, without an error', async () => {
    const response = await handle(async ({ key }) => (key === 'b' ? 'again' : undefined))(
      sqsEvent([a, b]),
      lambdaContext(),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(printed.metrics()).toEqual([]);
  });

  it.each([
    ['retryable', retryable('ledger.throttled', 'busy')],
    ['unexpected', new TypeError('x is not a function')],
    ['a thrown string', 'oops'],
  ])('returns only the failed message for another delivery (%s)', async (_, error) => {
    const job = failOn('b', error);

    const response = await handle(job)(sqsEvent([a, b, c]), lambdaContext());

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(job.done).toEqual(['a', 'c']);
    expect(printed.metrics()).toMatchObject([{ MessagesFailed: 1 }]);
  });

  it.each([
    ['permanent', permanent('draft.odd', 'no such thing')],
    ['config', misconfigured('dash.token', 'no token')],
  ])('acknowledges a message whose job fails with a %s error', async (_, error) => {
    const response = await handle(failOn('b', error))(sqsEvent([a, b, c]), lambdaContext());

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it.each([
    ['not JSON', '{"key":', 'It is not JSON but 7 characters of something else.'],
    ['another message', { feeds: ['x'] }, 'key must be "key", not undefined'],
    ['a wrong type', { key: 'b', brand: '144' }, 'brand must be number, not string'],
    ['null', 'null', 'it must be Object, not null'],
  ])('fails an unreadable message alone, and logs it once (%s)', async (_, body, says) => {
    const job = failOn('', null);

    const response = await handle(job)(sqsEvent([a, body, c]), lambdaContext());

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(job.done).toEqual(['a', 'c']);
    const errors = printed.logs().filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([
      { message: 'message.unreadable', messageId: 'm1', error: { message: expect.stringContaining(says) } },
    ]);
  });

  it('logs nothing of an unreadable message', async () => {
    await handle(async () => {})(
      sqsEvent(['{"key": hunter2', { key: 7, brand: 'hunter2' }]),
      lambdaContext(),
    );

    expect(printed.text()).not.toContain('hunter2');
  });

  it('logs an error once, with its code, its cause and the invocation', async () => {
    const error = retryable('ledger.throttled', 'busy', { cause: new Error('slow down') });

    await handle(failOn('a', error))(sqsEvent([a]), lambdaContext({ functionName: 'createDraft' }));

    const errors = printed.logs().filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([
      {
        message: 'ledger.throttled',
        messageId: 'm0',
        fate: 'again',
        function_name: 'createDraft',
        function_request_id: 'request-1',
        cold_start: expect.any(Boolean),
        error: {
          code: 'ledger.throttled',
          kind: 'retryable',
          message: 'busy',
          cause: { message: 'slow down' },
        },
      },
    ]);
  });

  it('handles each of several errors from one job by its kind', async () => {
    const error = new AggregateError([
      retryable('ingest.unsettled', 'one'),
      misconfigured('store.denied', 'two'),
    ]);

    const response = await handle(failOn('a', error))(sqsEvent([a]), lambdaContext());

    expect(response.batchItemFailures).toHaveLength(1);
    const errors = printed.logs().filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([{ message: 'ingest.unsettled' }, { message: 'store.denied' }]);
    expect(printed.metrics()).toEqual([{ MessagesFailed: 1, ErrorsConfig: 1 }]);
  });

  it("keeps the job's state between batches", async () => {
    const counted: number[] = [];
    const job = () => {
      let messages = 0;
      return async () => void counted.push(++messages);
    };
    const handler = queueHandler(WakeUp, job, () => ({}));

    await handler(sqsEvent([a, b]), lambdaContext());
    await handler(sqsEvent([c]), lambdaContext());

    expect(counted).toEqual([1, 2, 3]);
  });

  it('logs one line per batch, and nothing for an unchanged feed', async () => {
    const job: Work = async (_, { report }) =>
      report({ event: 'poll.unchanged', feed: 'newsroom', status: 304, bytes: 0 });

    await handle(job)(sqsEvent([a, b]), lambdaContext());

    expect(printed.logs()).toMatchObject([
      { level: 'INFO', message: 'batch.done', messages: 2, failed: 0, measured: { PollsUnchanged: 2 } },
    ]);
  });

  it('processes messages one after another', async () => {
    expect(await maxAtATime(false)).toBe(1);
  });

  it('processes all messages at once with together: true', async () => {
    expect(await maxAtATime(true)).toBe(3);
  });

  it('throws before the timeout, failing the whole batch', async () => {
    const never: Work = () => new Promise(() => {});

    const response = handle(never)(sqsEvent([a, b]), lambdaContext({ remainingMs: 1010 }));

    await expect(response).rejects.toMatchObject({ kind: 'retryable', code: 'lambda.timed-out' });
    expect(printed.logs()).toMatchObject([{ level: 'ERROR', message: 'lambda.timed-out' }]);
  });

  it('throws when its services cannot be created, and creates them again next time', async () => {
    const services = vi.fn().mockImplementationOnce(() => {
      throw misconfigured('settings.invalid', 'FEEDS_TABLE is not set');
    });
    const handler = queueHandler(WakeUp, () => async () => {}, services);

    await expect(handler(sqsEvent([a]), lambdaContext())).rejects.toMatchObject({ code: 'settings.invalid' });

    await expect(handler(sqsEvent([a]), lambdaContext())).resolves.toEqual({ batchItemFailures: [] });
    expect(printed.metrics()).toEqual([{ ErrorsConfig: 1 }]);
  });

  it('rejects an event that is not a batch', async () => {
    const response = handle(async () => {})({ feeds: ['x'] }, lambdaContext());

    await expect(response).rejects.toMatchObject({
      code: 'event.invalid',
      message: expect.stringContaining('Records'),
    });
  });
});

const maxAtATime = async (together: boolean) => {
  let [now, most] = [0, 0];
  const job: Work = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  };

  await handle(job, { together })(sqsEvent([a, b, c]), lambdaContext());

  return most;
};
