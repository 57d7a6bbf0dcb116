import * as v from 'valibot';
import { templateFaults } from '../../captions/template-values.ts';
import { isObject } from '../../is-object.ts';
import { didYouMean } from '../did-you-mean.ts';
import { parseDuration } from '../duration.ts';
import { must, mustBe, nearest, unquoted } from '../wrong-value.ts';

/** A check over a whole value, valid or not: it receives what was parsed so far and adds issues. */
// biome-ignore lint/suspicious/noExplicitAny: one check serves maps of several shapes, and looks at each as unknown
export type RawCheck = Parameters<typeof v.rawCheck<any>>[0];

type IssuePath = NonNullable<Parameters<Parameters<RawCheck>[0]['addIssue']>[0]>['path'];

/** A path into the checked value, in valibot's format. `origin: key` points at the name, not at its value. */
export const pathTo = (keys: readonly (string | number)[], origin: 'key' | 'value' = 'value'): IssuePath =>
  keys.map((key) => ({
    type: 'unknown',
    origin,
    input: undefined,
    key,
    value: undefined,
  })) as unknown as IssuePath;

export const unknownKey = (key: string, known: readonly string[]): string => {
  const meant = didYouMean(key, known);
  return meant
    ? `is not a setting: did you mean ${meant}?`
    : `is not a setting: remove it; there are ${known.join(', ')}`;
};

const mapMessage = (issue: v.BaseIssue<unknown>): string =>
  issue.path
    ? 'is missing: give it a value'
    : must('a map of settings', 'write one name, a colon and a value per line')(issue);

/**
 * A map with known keys. Unlike valibot's strict object it does not accept a list, and it reports every unknown key
 * with the one that was likely meant. Keys that match `free` are the author's own.
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

export const flag = v.boolean(mustBe('true or false', unquoted(/^(true|false)$/, 'write one of the two')));

export const text = (rule: string) => v.string(must(rule, 'put it in quotes'));

export const wholeNumber = (least: number, most: number) => {
  const message = mustBe(
    `a whole number from ${least} to ${most}`,
    unquoted(/^\s*\d+\s*$/, 'write a number in that range'),
  );
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

const durationMessage = mustBe('a duration from one minute to a year', 'write, for example, 15m, 1h or 2d');
const durationForm = /^[1-9]\d{0,6}[mhd]$/;
/** A length of time; `parseDuration` reads it. */
export const duration = v.pipe(
  v.string(durationMessage),
  v.regex(durationForm, durationMessage),
  v.check((written) => parseDuration(written) !== null || !durationForm.test(written), durationMessage),
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
  return v.picklist(options, mustBe(names, nearest(options)));
};

/** An optional setting; editors show the text beside it. */
export const setting = <T extends v.GenericSchema>(schema: T, description: string) =>
  v.optional(v.pipe(schema, v.description(description)));

const knownTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const timezoneRemedy = (input: unknown): string => {
  if (typeof input === 'string' && /^(?:UTC|GMT)?[+-]?\d/i.test(input))
    return 'use a name such as Europe/Berlin, because an offset is wrong in summer or in winter';
  const meant = typeof input === 'string' ? didYouMean(input, Intl.supportedValuesOf('timeZone')) : null;
  return meant === null ? 'use a name such as Europe/Berlin' : `did you mean ${meant}?`;
};
const timezoneMessage = mustBe('the name of a time zone', timezoneRemedy);
/** Names only, because an offset such as +02:00 would be wrong for half of the year. */
export const timezone = v.pipe(
  v.string(timezoneMessage),
  v.check((name) => /^[A-Za-z]/.test(name) && knownTimezone(name), timezoneMessage),
);

/** The name of a feed or a webhook, under which its rows are stored. */
export const identifier = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(
      /^[a-z0-9][a-z0-9_-]{0,62}$/,
      `is not an ID for a ${what}: use a-z, 0-9, - and _, at most 63, and begin with a letter or a digit`,
    ),
  );

/** A map within a map, empty if missing, for checks over files that have other faults too. */
export const section = (value: unknown, name: string): Record<string, unknown> => {
  const part = isObject(value) ? value[name] : undefined;
  return isObject(part) ? part : {};
};
