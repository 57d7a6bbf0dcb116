import { JMESPathError, JMESPathTypeError, search } from '@aws-lambda-powertools/jmespath';
import { Liquid, LiquidError, type Template } from 'liquidjs';
import { liquidFault } from '../captions/template-values.ts';
import { misconfigured } from '../errors.ts';
import { once } from '../once.ts';
import { isPastedNothing } from '../text/pasted-nothing.ts';

/** No templates on disk: what a person writes in feeds.yml may not reach our files. */
const liquid = once(
  () =>
    new Liquid({
      strictVariables: true,
      strictFilters: true,
      ownPropertyOnly: true,
      templates: {},
      locale: 'en-US', // as in captions, whatever the machine's
    }),
);

/** What is wrong with a JMESPath expression (https://jmespath.org/specification.html), as the end of a sentence, or null. */
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

/** What is wrong with a link template, as the end of a sentence, or null. Which variables there are, only a payload tells. */
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
 * The value of a JMESPath expression; null also where the payload has another type than the expression needs.
 * Throws config `webhook.expression` for one that cannot be evaluated at all.
 */
export const valueAt = (expression: string, payload: unknown): unknown => {
  try {
    return search(expression, payload as never) ?? null;
  } catch (error) {
    if (error instanceof JMESPathTypeError) return null;
    if (!(error instanceof JMESPathError)) throw error;
    throw misconfigured(
      'webhook.expression',
      `The JMESPath "${expression}" is wrong; mend it in feeds.yml.`,
      {
        cause: error,
      },
    );
  }
};

/** JMESPath's own truth: false, null, and what is empty are false, also where the payload has another type. */
export const holds = (expression: string, payload: unknown): boolean => {
  const value = valueAt(expression, payload);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
};

/**
 * The link a template makes of a payload; null when a variable it needs is absent or empty, because a link with
 * a hole in it is the link of another page, or of many. Throws config `webhook.expression`.
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
      'The template "link" cannot be rendered; mend it in feeds.yml.',
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

/** As many as feeds.yml has templates, so the map stays small. */
const parsed = (template: string): Template[] => {
  const known = templates.get(template) ?? liquid().parse(template);
  templates.set(template, known);
  return known;
};

/** The payload without what is null, empty or a pasted word for it, so that strict variables miss it. */
const filled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([, item]) => item !== null && item !== undefined && item !== '' && !isPastedNothing(item),
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, filled(item)]));
};
