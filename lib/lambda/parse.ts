import * as v from 'valibot';
import { type AppError, type ErrorOptions, permanent } from '../core/errors.ts';

/** A message of a queue that is not what it should be: of ours, or of somebody who should not write there. */
export const unreadable = (message: string, options?: ErrorOptions): AppError =>
  permanent('message.unreadable', message, options);

const invalid = (message: string) => permanent('event.invalid', message);

const say = (issue: v.BaseIssue<unknown>) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;

/** Takes what came from outside through a schema; throws what `refuse` makes, which names each field that is wrong. */
export const parse = <S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  refuse: (message: string) => AppError = invalid,
): v.InferOutput<S> => {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw refuse(`This is not what the function takes. ${result.issues.map(say).join('; ')}`);
};
