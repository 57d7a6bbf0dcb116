import * as v from 'valibot';
import { type AppError, permanent } from '../core/errors.ts';

/** A message of a queue that is not what it should be: of ours, or of somebody who should not write there. */
export const unreadable = (message: string): AppError => permanent('message.unreadable', message);

const invalid = (message: string) => permanent('event.invalid', message);

const shapeOf = (input: unknown) =>
  input === null ? 'null' : Array.isArray(input) ? `an array of ${input.length}` : typeof input;

/** Valibot's own words quote the value, which has no place in a log; a message of ours does not. */
const say = (issue: v.BaseIssue<unknown>) => {
  const { message, expected, input } = issue;
  const words = message.startsWith('Invalid ') ? `must be ${expected}, is ${shapeOf(input)}` : message;
  return `${v.getDotPath(issue) ?? 'it'} ${words}`;
};

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
