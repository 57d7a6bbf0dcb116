import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

type Handler<Event> = (event: Event, context: Context) => unknown;

/**
 * Runs a handler as AWS does, with a context and a time-out. Its result or error is passed on; a handler that exceeds
 * the time-out counts as failed.
 */
export async function invoke<Event>(
  name: string,
  handler: Handler<Event>,
  event: Event,
  timeoutMs: number,
): Promise<unknown> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${name} did not finish within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  try {
    return await Promise.race([handler(event, contextOf(name, timeoutMs)), overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(name: string, timeoutMs: number): Context {
  const deadline = performance.now() + timeoutMs;
  const unused = () => {};
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
