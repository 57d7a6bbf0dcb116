import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retryable } from '../../lib/core/errors.ts';
import type { StreamRecord } from '../../lib/core/ports.ts';
import { streamHandler } from '../../lib/lambda/stream-handler.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { type Printed, takePrinted } from '../support/printed.ts';

type Work = (records: readonly StreamRecord[]) => Promise<void>;
const handle = (work: Work) =>
  streamHandler(
    (job: Work) => job,
    () => work,
  );

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-example.html */
const event = {
  Records: ['100', '200'].map((SequenceNumber) => ({
    eventID: 'c4ca4238a0b923820dcc509a6f75849b',
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: 1_796_040_000,
      Keys: { key: { S: 'k' } },
      NewImage: { key: { S: 'k' } },
      SequenceNumber,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  })),
};

describe('streamHandler', () => {
  let printed: Printed;
  beforeEach(() => {
    printed = takePrinted();
  });
  afterEach(() => vi.restoreAllMocks());

  it('passes the records of a batch to the job, in order', async () => {
    const seen: StreamRecord[] = [];

    const response = await handle(async (records) => void seen.push(...records))(event, lambdaContext());

    expect(response).toEqual({ batchItemFailures: [] });
    expect(seen).toMatchObject([
      { NewImage: { key: { S: 'k' } }, ApproximateCreationDateTime: 1_796_040_000 },
      { NewImage: { key: { S: 'k' } } },
    ]);
  });

  it('has them sent again from the first when the job fails', async () => {
    const fail = async () => {
      throw retryable('queue.unreachable', 'The queue is down');
    };

    const response = await handle(fail)(event, lambdaContext());

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
    expect(printed.metrics()).toMatchObject([{ MessagesFailed: 1 }]);
  });

  it('refuses anything else', async () => {
    await expect(handle(async () => {})({ Records: [{}] }, lambdaContext())).rejects.toThrow(/dynamodb/);
  });
});
