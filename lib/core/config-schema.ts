import * as v from 'valibot';
import { didYouMean } from './did-you-mean.ts';
import { parseDuration } from './duration.ts';
import { templateFaults } from './template-values.ts';
import { isObject, shapeOf } from './tiktok-post.ts';

/** A check over a whole value, right or not: told what was read so far, it adds what it finds. */
// biome-ignore lint/suspicious/noExplicitAny: one check serves maps of several shapes, and looks at each as unknown
export type RawCheck = Parameters<typeof v.rawCheck<any>>[0];

type IssuePath = NonNullable<Parameters<Parameters<RawCheck>[0]['addIssue']>[0]>['path'];

/** A path into the value that is checked, as valibot wants it. `origin: key` points at the name, not at its value. */
export const pathTo = (keys: readonly (string | number)[], origin: 'key' | 'value' = 'value'): IssuePath =>
  keys.map((key) => ({
    type: 'unknown',
    origin,
    input: undefined,
    key,
    value: undefined,
  })) as unknown as IssuePath;

/** A message that goes on after the field's path: rule, shape of what is there, remedy. */
export const must = (rule: string, remedy: string) => (issue: v.BaseIssue<unknown>) =>
  `must be ${rule}, is ${shapeOf(issue.input)}: ${remedy}`;

export const unknownKey = (key: string, known: readonly string[]): string => {
  const meant = didYouMean(key, known);
  return meant
    ? `is not a setting: did you mean ${meant}?`
    : `is not a setting: remove it; there are ${known.join(', ')}`;
};

const mapMessage = (issue: v.BaseIssue<unknown>): string =>
  issue.path
    ? 'is missing: give it a value'
    : must('a map of settings', 'write a name, a colon and a value a line')(issue);

/**
 * A map that knows its keys. Unlike valibot's strict object it takes no list for a map, and tells every unknown
 * key, with the one that was likely meant. Keys that match `free` are the author's own.
 */
export const closedMap = <const T extends v.ObjectEntries>(entries: T, free: RegExp = /^(?!)/) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, mapMessage),
    v.looseObject(entries, mapMessage),
    v.rawCheck(({ dataset, addIssue }) => {
      for (const key of Object.keys(dataset.value as object)) {
        if (Object.hasOwn(entries, key) || free.test(key)) continue;
        addIssue({ message: unknownKey(key, Object.keys(entries)), path: pathTo([key], 'key') as never });
      }
    }),
  );

export const flag = v.boolean(must('true or false', 'write it without quotes'));

export const text = (rule: string) => v.string(must(rule, 'put it in quotes'));

export const wholeNumber = (least: number, most: number) => {
  const message = must(`a whole number from ${least} to ${most}`, 'write it without quotes');
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

const durationMessage = must('a duration from one minute to a year', 'write for example 15m, 1h or 2d');
/** A length of time; `parseDuration` reads it. */
export const duration = v.pipe(
  v.string(durationMessage),
  v.regex(/^[1-9]\d{0,6}[mhd]$/, durationMessage),
  v.check((written) => parseDuration(written) !== null, durationMessage),
);

/** A Liquid template whose every variable exists. */
export const template = v.pipe(
  text('a template in Liquid'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) for (const message of templateFaults(dataset.value)) addIssue({ message });
  }),
);

/** One of a few words. */
export const picked = <const T extends string[]>(...options: T) => {
  const names = `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;
  return v.picklist(options, must(names, 'write it exactly so'));
};

/** An optional setting; editors show the text beside it. */
export const setting = <T extends v.GenericSchema>(schema: T, told: string) =>
  v.optional(v.pipe(schema, v.description(told)));
