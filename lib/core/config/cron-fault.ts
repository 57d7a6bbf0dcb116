import { Cron } from 'croner';
import { shownValue } from './wrong-value.ts';

const fields = [
  { name: 'minute', takes: '0-59' },
  { name: 'hour', takes: '0-23' },
  { name: 'day', takes: '1-31, or L for the last' },
  { name: 'month', takes: '1-12 or JAN-DEC' },
  { name: 'weekday', takes: '0-7 or SUN-SAT, 0 and 7 are Sunday' },
];

export const cronRule = 'a cron expression of five fields';
const howTo = 'minute, hour, day, month and weekday, for example "0 9 * * 1-5"';
export const cronRemedy = `write ${howTo}`;

/** The next time; null if there is none. Throws croner's error. */
const nextOf = (expression: string): Date | null =>
  new Cron(expression, { mode: '5-part', timezone: 'UTC' }).nextRun(new Date(0));

const isValid = (expression: string): boolean => {
  try {
    nextOf(expression);
    return true;
  } catch {
    return false;
  }
};

/** The fields that are invalid even when the other four are valid. */
const wrongFields = (parts: readonly string[]): string[] =>
  fields.flatMap(({ name, takes }, at) => {
    const part = parts[at] ?? '';
    const alone = fields.map((_, other) => (other === at ? part : '*')).join(' ');
    return isValid(alone)
      ? []
      : [`its ${name} (field ${at + 1}) is ${shownValue(part)}, but must be ${takes}`];
  });

/** The faults of a cron expression, field by field, with a remedy; null if it is valid. */
export const cronFault = (expression: string): string | null => {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) return `write five fields, not ${parts.length}: ${howTo}`;
  const wrong = wrongFields(parts);
  if (wrong.length > 0) return wrong.join('; ');
  if (!isValid(expression)) return cronRemedy;
  return nextOf(expression) === null ? 'this day never occurs: change its day or month' : null;
};
