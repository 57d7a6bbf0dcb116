import type * as v from 'valibot';
import { didYouMean } from './did-you-mean.ts';

/** A value's shape without its text, for messages about values that may be secrets. */
export const shapeOf = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
};

const longestShown = 60;
/** Words without digits, and numbers with at most a short unit or separators; neither can be a secret. */
const harmless =
  /^(?:[\p{L}_/+.,:;!?()'"&-]{1,24}\d{0,2}|[-+~*@]?[\d*][\d*/.,:;%T-]{0,24}(?:[\p{L}#]{0,7}))$/u;

/** A value for a message: a short text that cannot be a secret is shown as it is, anything else by its shape. */
export const shownValue = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > longestShown || value.trim() === '') return shapeOf(value);
  const isHarmless = value
    .trim()
    .split(/\s+/)
    .every((part) => harmless.test(part));
  return isHarmless ? JSON.stringify(value) : shapeOf(value);
};

type Remedy = string | ((input: unknown) => string);

const sentence = (rule: string, is: string, remedy: Remedy, input: unknown): string =>
  `must be ${rule}, ${input === undefined ? 'but is missing' : `not ${is}`}: ${typeof remedy === 'string' ? remedy : remedy(input)}`;

/** A message that follows the field's name: rule, shape of the value, remedy. For values that may be secret. */
export const must = (rule: string, remedy: Remedy) => (issue: v.BaseIssue<unknown>) =>
  sentence(rule, shapeOf(issue.input), remedy, issue.input);

/** The same with the value itself, for settings that are not secret. */
export const mustBe = (rule: string, remedy: Remedy) => (issue: v.BaseIssue<unknown>) =>
  sentence(rule, shownValue(issue.input), remedy, issue.input);

/** The remedy for a value that only lacks quotes, and for any other. */
export const unquoted =
  (form: RegExp, otherwise: string) =>
  (input: unknown): string =>
    typeof input === 'string' && form.test(input) ? 'write it without quotes' : otherwise;

/** The remedy for a value that is not one of a few words. */
export const nearest =
  (options: readonly string[]) =>
  (input: unknown): string => {
    const meant = typeof input === 'string' ? didYouMean(input, options) : null;
    return meant === null ? 'write it exactly so' : `did you mean ${meant}?`;
  };
