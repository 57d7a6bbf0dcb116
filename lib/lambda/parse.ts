import * as v from 'valibot';
import { type AppError, permanent } from '../core/errors.ts';

/** The error for a queue message that is invalid, from us or from another sender. */
export const unreadable = (message: string): AppError => permanent('message.unreadable', message);

const invalid = (message: string) => permanent('event.invalid', message);

const shapeOf = (input: unknown) =>
  input === null ? 'null' : Array.isArray(input) ? `an array of ${input.length}` : typeof input;

/** Valibot's own messages quote the value, which must not be logged; ours do not. */
const describe = (issue: v.BaseIssue<unknown>) => {
  const { message, expected, input } = issue;
  const words = message.startsWith('Invalid ') ? `must be ${expected}, not ${shapeOf(input)}` : message;
  return `${v.getDotPath(issue) ?? 'it'} ${words}`;
};

/** Parses external input with a schema; throws the error from `refuse`, which names each invalid field. */
export const parse = <S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  refuse: (message: string) => AppError = invalid,
): v.InferOutput<S> => {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw refuse(`The input is invalid: ${result.issues.map(describe).join('; ')}.`);
};
