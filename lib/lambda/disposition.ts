import { AppError } from '../core/errors.ts';

/** A job that does several things at once fails with all that went wrong; each is an error of its own. */
export const errorsOf = (error: unknown): unknown[] =>
  error instanceof AggregateError ? error.errors.flatMap(errorsOf) : [error];

/** The label of an error in the log; what nobody classified is a bug. */
export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'unexpected');

/**
 * What becomes of the message whose job threw. Only what may pass by itself comes again; wrong input, and
 * settings that a person has to mend, would only burn their way into the dead-letter queue. What cannot even be
 * read belongs there: no row says what it was about.
 */
export const dispositionOf = (error: unknown): 'again' | 'done' =>
  errorsOf(error).some(mayPass) ? 'again' : 'done';

const mayPass = (error: unknown): boolean =>
  !(error instanceof AppError) || error.kind === 'retryable' || error.code === 'message.unreadable';
