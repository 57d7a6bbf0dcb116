import * as v from 'valibot';
import { permanent } from './errors.ts';

// What the schemas of stored rows are made of.
export const Text = v.nullable(v.string());
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Not negative, fractions too. */
export const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
/** Epoch milliseconds. */
export const Time = v.number();

/** Not the value itself: it may be long, or nobody's business. */
const shape = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

/**
 * Reads what a store holds: gives back only what the schema names, or throws permanent with that code, naming the
 * row and each field that is not as it must be.
 */
export const readStored =
  <T>(schema: v.GenericSchema<unknown, T>, code: string, what: string) =>
  (name: string, stored: unknown): T => {
    const { success, output, issues } = v.safeParse(schema, stored);
    if (success) return output;
    const faults = issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'it'} must be ${issue.expected}, not ${shape(issue.input)}`,
    );
    throw permanent(code, `${what} ${name} cannot be read: ${faults.join('; ')}. Mend or delete it by hand.`);
  };
