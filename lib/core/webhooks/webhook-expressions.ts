import { JMESPathError, JMESPathTypeError, search } from '@aws-lambda-powertools/jmespath';
import { Liquid, LiquidError, type Template } from 'liquidjs';
import { liquidFault } from '../captions/template-values.ts';
import { misconfigured } from '../errors.ts';
import { once } from '../once.ts';
import { isPastedNothing } from '../text/pasted-nothing.ts';

/** No templates on disk, so that a template in feeds.yml cannot read our files. */
const liquid = once(
  () =>
    new Liquid({
      strictVariables: true,
      strictFilters: true,
      ownPropertyOnly: true,
      templates: {},
      locale: 'en-US', // as in captions, whatever the machine's locale
    }),
);

/** The fault of a JMESPath expression (https://jmespath.org/specification.html), as the end of a sentence, or null. */
export const pathFault = (expression: string): string | null => {
  try {
    search(expression, {});
    return null;
  } catch (error) {
    if (error instanceof JMESPathTypeError) return null; // the type may fit a real payload
    const message = error instanceof JMESPathError ? error.message : 'it cannot be read';
    return `is not a JMESPath expression: ${message.replace(/ in expression: .*$/s, '').replace(/^.*jmespath expression: /i, '')}`;
  }
};

/** The fault of a link template, as the end of a sentence, or null. Its variables are only known with a payload. */
export const linkFault = (template: string): string | null => {
  try {
    const variables = liquid().globalVariablesSync(liquid().parse(template));
    return variables.length > 0
      ? null
      : 'names no variable, so that every entry would have the same link: put one in, for example {{ slug }}';
  } catch (error) {
    return liquidFault(error);
  }
};

/**
 * The value of a JMESPath expression; null also if the payload has another type than the expression needs. Throws
 * config `webhook.expression` for one that cannot be evaluated at all.
 */
export const valueAt = (expression: string, payload: unknown): unknown => {
  try {
    return search(expression, payload as never) ?? null;
  } catch (error) {
    if (error instanceof JMESPathTypeError) return null;
    if (!(error instanceof JMESPathError)) throw error;
    throw misconfigured(
      'webhook.expression',
      `The JMESPath "${expression}" is invalid. Fix it in feeds.yml.`,
      {
        cause: error,
      },
    );
  }
};

/** JMESPath's truth value: false, null and empty values are false, as is a payload of another type. */
export const holds = (expression: string, payload: unknown): boolean => {
  const value = valueAt(expression, payload);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
};

/**
 * The link rendered from a payload; null if a variable it needs is missing or empty, because such a link would lead to
 * another page. Throws config `webhook.expression`.
 */
export const renderLink = (template: string, payload: object): string | null => {
  try {
    return (
      liquid()
        .renderSync(parsed(template), filled(payload) as object)
        .trim() || null
    );
  } catch (error) {
    if (isUndefinedVariable(error)) return null;
    throw misconfigured(
      'webhook.expression',
      'The template "link" cannot be rendered. Fix it in feeds.yml.',
      {
        cause: error,
      },
    );
  }
};

const isUndefinedVariable = (error: unknown): boolean =>
  LiquidError.is(error) &&
  (error.name === 'UndefinedVariableError' || isUndefinedVariable(error.originalError));

const templates = new Map<string, Template[]>();

/** One per template in feeds.yml, so the map stays small. */
const parsed = (template: string): Template[] => {
  const known = templates.get(template) ?? liquid().parse(template);
  templates.set(template, known);
  return known;
};

/** The payload without null, empty and pasted `null` values, so that strict variables fail on them. */
const filled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([, item]) => item !== null && item !== undefined && item !== '' && !isPastedNothing(item),
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, filled(item)]));
};
