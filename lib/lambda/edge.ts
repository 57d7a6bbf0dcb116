import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import { AppError, retryable } from '../core/errors.ts';
import type { Invocation } from '../core/ports.ts';
import { codeOf, errorsOf } from './disposition.ts';
import { type Telemetry, telemetry } from './telemetry.ts';

/** Time before the time-out that is reserved for logging before Lambda kills the process. */
const usualMarginMs = 1000;

const timedOut = (marginMs: number) => (): never => {
  throw retryable('lambda.timed-out', `The work was not done ${marginMs} ms before the function's time-out.`);
};

/** Logs an error once, with its code, and counts errors that need attention. */
export const logError = (
  { log, count }: Telemetry,
  thrown: unknown,
  context: Record<string, unknown> = {},
) => {
  for (const error of errorsOf(thrown)) {
    log.error(codeOf(error), { ...context, error: error as Error });
    if (!(error instanceof AppError)) count('ErrorsUnexpected');
    else if (error.kind === 'config') count('ErrorsConfig');
  }
};

const errorLogging = (): MiddlewareObj => ({
  before: ({ context }) => telemetry().log.addContext(context),
  onError: ({ error }) => logError(telemetry(), error),
});

const callOf = (context: Context): Invocation => ({
  remainingMs: () => context.getRemainingTimeInMillis(),
  report: telemetry().report,
});

/**
 * Middleware for every function: the invocation's context on each log line, an error before the time-out (a response
 * would tell SQS that everything succeeded), each error logged once, metrics sent in every case. `marginMs`: how long
 * before the time-out.
 */
export const edge = <Event, Result>(
  handle: (event: Event, invocation: Invocation) => Promise<Result>,
  { marginMs = usualMarginMs } = {},
): MiddyfiedHandler<Event, Result> =>
  middy<Event, Result>({
    timeoutEarlyInMillis: marginMs,
    timeoutEarlyResponse: timedOut(marginMs),
    requestEnd: () => telemetry().flush(),
  })
    .use(errorLogging())
    .handler((event, context) => handle(event, callOf(context)));
