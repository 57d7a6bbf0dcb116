import type { DynamoDBBatchResponse } from 'aws-lambda';
import * as v from 'valibot';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import type { Invocation, StreamRecord } from '../core/ports.ts';
import { edge, logError } from './edge.ts';
import { parse } from './parse.ts';
import { telemetry } from './telemetry.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const Batch = v.object({
  Records: v.array(
    v.object({
      dynamodb: v.object({
        SequenceNumber: v.string(),
        NewImage: v.optional(v.unknown()),
        OldImage: v.optional(v.unknown()),
        ApproximateCreationDateTime: v.optional(v.number()),
      }),
    }),
  ),
});

/**
 * A function that processes records of a table's stream. If its job throws, they come again from the first one, in order,
 * until they succeed or leave the stream after a day.
 */
export const streamHandler = <Services>(
  job: (services: Services) => (records: readonly StreamRecord[], invocation: Invocation) => Promise<void>,
  services: (report: Report) => Services,
) => {
  const run = once(() => job(services(telemetry().report)));

  return edge<unknown, DynamoDBBatchResponse>(async (event, invocation) => {
    const records = parse(Batch, event).Records.map(({ dynamodb }) => dynamodb);
    try {
      await run()(records, invocation);
      return { batchItemFailures: [] };
    } catch (error) {
      logError(telemetry(), error, { records: records.length });
      telemetry().count('MessagesFailed');
      return { batchItemFailures: [{ itemIdentifier: records[0]?.SequenceNumber ?? '' }] };
    }
  });
};
