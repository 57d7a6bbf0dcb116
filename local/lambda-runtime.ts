import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** A Lambda function as AWS sees it: a name, a handler, a time-out. */
export type LambdaFunction<Event> = {
  name: string;
  handler: (event: Event, context: Context) => unknown;
  timeoutMs: number;
};

/**
 * Runs a handler as AWS does: with a context, and no longer than its time-out. What it answers or throws is
 * passed on; a handler that overstays is left behind (a laptop cannot kill it) and counts as thrown.
 */
export async function invoke<Event>(fn: LambdaFunction<Event>, event: Event): Promise<unknown> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${fn.name} was still at work after its ${fn.timeoutMs / 1000} s`)),
    fn.timeoutMs,
  );
  try {
    return await Promise.race([fn.handler(event, contextOf(fn)), overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(fn: { name: string; timeoutMs: number }): Context {
  const deadline = performance.now() + fn.timeoutMs;
  const unused = () => {};
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${fn.name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
