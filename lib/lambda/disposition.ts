import { AppError } from '../core/errors.ts';

/** A job with several concurrent tasks fails with all their errors; each is an error of its own. */
export const errorsOf = (error: unknown): unknown[] =>
  error instanceof AggregateError ? error.errors.flatMap(errorsOf) : [error];

/** The label of an error in the log; an unclassified error is a bug. */
export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'unexpected');

/**
 * What happens to a message whose job threw. Only temporary errors are retried; invalid input and settings that need
 * fixing would only end in the dead-letter queue. A message that cannot be read belongs there, because no row shows
 * its content.
 */
export const dispositionOf = (error: unknown): 'again' | 'done' =>
  errorsOf(error).some(mayPass) ? 'again' : 'done';

const mayPass = (error: unknown): boolean =>
  !(error instanceof AppError) || error.kind === 'retryable' || error.code === 'message.unreadable';
