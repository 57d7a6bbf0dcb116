import * as v from 'valibot';
import { permanent } from './errors.ts';

// Building blocks for the schemas of stored rows.
export const Text = v.nullable(v.string());
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Not negative; may be a fraction. */
export const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Epoch milliseconds. */
export const Time = v.number();

/** Not the value itself, which may be long or confidential. */
const shape = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

/**
 * Parses a stored row: returns only what the schema names, or throws permanent with the given code, naming the row and
 * each invalid field.
 */
export const readStored =
  <T>(schema: v.GenericSchema<unknown, T>, code: string, what: string) =>
  (name: string, stored: unknown): T => {
    const { success, output, issues } = v.safeParse(schema, stored);
    if (success) return output;
    const faults = issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'it'} must be ${issue.expected}, not ${shape(issue.input)}`,
    );
    throw permanent(
      code,
      `${what} ${name} cannot be read: ${faults.join('; ')}. Correct or delete it by hand.`,
    );
  };
